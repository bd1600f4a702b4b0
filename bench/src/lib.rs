//! What benchmark, crash test and restart test share: a candor process of their own, a plain HTTP client, a load
//! generator, visitors whose pages are known.
//! Talks to loopback addresses only, and everything it does is bounded in number and time.

pub mod http;
pub mod load;
pub mod process;
pub mod visitors;
