//! Counting text as each network counts it.
