//! The engine: what happens when nobody watches.
