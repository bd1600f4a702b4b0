//! Helpers for tests: servers, requests, simulated disk and clock.
