//! An endpoint: a method, a path and who may call it, with the types of the request and the answer.
//! Separate so that a path is written exactly once and no desk code ever builds one by hand.

use std::marker::PhantomData;

use domain::Act;
use serde::{Deserialize, Serialize};

/// The method of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; the request is the query string.
    Get,
    /// Adds.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

/// Who may call an endpoint. What depends on the thing itself (own session, agency's channel) comes on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody: sign-in, set-up, invitations, health.
    Anybody,
    /// Any member who is signed in.
    Member,
    /// A member whose role includes the act.
    May(Act),
}

/// An endpoint that takes a `Q` and answers an `A`.
#[derive(Debug)]
pub struct Endpoint<Q, A> {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for what varies (axum's own notation).
    pub pattern: &'static str,
    /// Who may call it.
    pub who: Who,
    shape: PhantomData<fn(Q) -> A>,
}

/// An endpoint without its types, for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The method.
    pub method: Method,
    /// The path.
    pub pattern: &'static str,
    /// Who may call it.
    pub who: Who,
}

/// An empty request or answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Nothing {}

impl<Q, A> Endpoint<Q, A> {
    /// Defines an endpoint.
    pub const fn new(method: Method, pattern: &'static str, who: Who) -> Self {
        Self { method, pattern, who, shape: PhantomData }
    }

    /// Without the types.
    pub const fn listed(&self) -> Listed {
        Listed { method: self.method, pattern: self.pattern, who: self.who }
    }

    /// The path with the varying parts filled in, in order. They are identities or slugs, so nothing needs escaping.
    pub fn path(&self, parts: &[&str]) -> String {
        fill(self.pattern, parts)
    }
}

/// Fills the `{…}` of a pattern in order; parts that are missing stay empty.
pub fn fill(pattern: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let filled = pattern
        .split('/')
        .map(|piece| if piece.starts_with('{') { parts.next().copied().unwrap_or_default() } else { piece });
    filled.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_filled_in_order() {
        assert_eq!(fill("/api/posts/{post}/waivers/{waiver}", &["a", "b"]), "/api/posts/a/waivers/b");
    }

    #[test]
    fn no_two_endpoints_share_a_method_and_a_path() {
        let all = crate::all();
        for (place, one) in all.iter().enumerate() {
            let twin = all[place + 1..].iter().find(|other| (other.method, other.pattern) == (one.method, one.pattern));
            assert_eq!(twin, None);
        }
    }
}
