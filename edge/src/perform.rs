//! Effects become acts here, and only here.
