//! What can be asked for, as data: dimensions and the records that reports are made of.

pub mod dimensions;
pub mod metrics;
pub mod records;
pub mod reports;
