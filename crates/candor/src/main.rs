//! The command line: reads settings, calls libraries, prints.

mod config;

fn main() {}
