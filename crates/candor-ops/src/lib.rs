//! What an operator runs: demo traffic, and later backup, import, scanner.
