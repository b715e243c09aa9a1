//! The wait before another try, when the server names none.

use std::time::Duration;

use connector_core::Limits;

/// Doubles from the first wait to the cap, then takes off up to half at random, so that many clients do not come back at
/// the same moment. `tries` counts from 1.
pub(crate) fn backoff(limits: &Limits, tries: u32) -> Duration {
    let full = limits
        .backoff_first
        .saturating_mul(1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX))
        .min(limits.backoff_cap);
    full.mul_f64(1.0 - limits.backoff_jitter.clamp(0.0, 1.0) * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_within_jitter_and_stops_at_the_cap() {
        let limits = Limits::default();
        for tries in 1..100 {
            let full = limits.backoff_first.saturating_mul(2_u32.saturating_pow(tries - 1)).min(limits.backoff_cap);
            let wait = backoff(&limits, tries);
            assert!(wait <= full && wait >= full / 2, "try {tries}: {wait:?} of {full:?}");
        }
    }
}
