//! The vault: tokens, sealed.
