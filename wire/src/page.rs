//! A page of a list: items, and the cursor of the next page if there is one.

use serde::{Deserialize, Serialize};

/// A page. The cursor is opaque: it is given back as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page starts.
    pub next: Option<String>,
    /// How many there are behind this page, where that is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}
