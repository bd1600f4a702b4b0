//! Amounts in millionths of a currency unit, so that sums are exact.

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign};

/// An amount in micro-units (1.50 € = 1_500_000).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From a request's number, rounded to cents as Matomo does on arrival.
    /// Not-a-number becomes zero; what does not fit is clamped.
    #[must_use]
    pub fn from_units(units: f64) -> Self {
        if units.is_nan() { Self::ZERO } else { Self(((units * 100.0).round() * 10_000.0) as i64) }
    }

    /// The amount in currency units.
    #[must_use]
    pub fn to_units(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
