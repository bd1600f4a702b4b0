//! Any bytes as the body of a bulk request.
#![no_main]

mod everything;

use candor_collect::Method;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    everything::collect(Method::Post, b"", bytes);
    let body = [b"{\"requests\":[".as_slice(), bytes, b"]}"].concat();
    everything::collect(Method::Post, b"", &body);
});
