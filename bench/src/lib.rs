//! What the benchmark and the crash test share: a candor process of their own, a plain HTTP client, a load generator.
//! Talks to loopback addresses only, and everything it does is bounded in number and time.

pub mod http;
pub mod load;
pub mod process;
