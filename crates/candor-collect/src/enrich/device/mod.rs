//! What a visitor's device is.

mod hints;

pub use hints::ClientHints;
