//! Addresses that are given to people in mails and notices. Separate from the endpoints: these are opened by a browser.

use domain::PostId;

pub use domain::telling::DECIDE;

/// Where somebody decides on a post: their own page, with this post first.
pub fn decide(post: &PostId) -> String {
    [DECIDE, "?post=", post.as_str()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_leads_to_its_post() {
        assert_eq!(decide(&PostId::from_bits(1)), "/decide/?post=00000000000000000000000001");
    }
}
