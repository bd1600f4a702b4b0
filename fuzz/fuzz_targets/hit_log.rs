//! Any bytes as a record of the hit log.
#![no_main]

use candor_collect::Hit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Hit::decode(bytes);
});
