//! The one door to addresses that came from a person.
