//! What is found out about a hit beyond what the request says.

pub mod device;
pub mod geo;
pub mod language;
pub mod names;
pub mod referrer;
