//! Durable order: the hit log, visits out of hits, exactly-once into the store.
