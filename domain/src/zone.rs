//! A zone as data.
