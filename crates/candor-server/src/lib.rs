//! HTTP: tracking endpoint, Matomo's API, dashboard, health, shutdown.
