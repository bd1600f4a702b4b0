//! The first inputs of every target; more of them with `make fuzz`.

use candor_fuzz::{TARGETS, mutate};

/// Inputs of each target: some seconds in a debug build.
const INPUTS: u64 = 3_000;

#[test]
fn no_target_finds_anything() {
    for target in TARGETS {
        let samples = (target.samples)();
        assert!(!samples.is_empty(), "{} has no samples", target.name);
        samples.iter().for_each(|sample| (target.run)(sample));
        for number in 0..INPUTS {
            (target.run)(&mutate::input(&samples, target.words, 0, number));
        }
    }
}

#[test]
fn an_input_can_be_had_again() {
    let sample = [b"url=http://example.org/".to_vec()];
    assert_eq!(mutate::input(&sample, &["x"], 1, 2), mutate::input(&sample, &["x"], 1, 2));
    assert_ne!(mutate::input(&sample, &["x"], 1, 2), mutate::input(&sample, &["x"], 1, 3));
}
