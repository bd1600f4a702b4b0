//! What can be asked for, as data: dimensions and the records that reports are made of.

pub mod dimensions;
pub mod records;
pub mod metrics;
pub mod reports;
