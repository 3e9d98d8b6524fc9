//! The ledger: acts, attempts, publications.
