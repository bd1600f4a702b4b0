//! Any bytes as the query of a tracking request: nothing crashes, and what is kept can be read back.
#![no_main]

mod everything;

use candor_collect::{Hit, Method};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let query = [b"idsite=1&rec=1&".as_slice(), bytes].concat();
    for hit in everything::collect(Method::Get, &query, b"").hits {
        let mut record = vec![];
        hit.encode(&mut record).expect("a hit can be written");
        assert_eq!(Hit::decode(&record).expect("and read"), hit);
    }
});
