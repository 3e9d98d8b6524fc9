//! The first comment: what the account itself writes below its own post once that is out, where a network has comments and lets an
//! app write one. Separate from the text: it is read by whoever opens the comments, is sent by a step of its own, and never makes
//! the post a failure.

use std::borrow::Cow;

use crate::{Channel, Content, Language, Network, Rendition};

/// The most UTF-16 units of a comment; `None` where no first comment can be written. Neither is in a reference of Meta's (Page Post
/// Comments; IG Media Comments, 2025-01-21): 8,000 at Facebook and 2,200 at Instagram are what their own apps take, as others'
/// schedulers write (CoSchedule, 2026). Counted in the way that counts most, so that what fits here fits there.
pub const fn most(network: Network) -> Option<u32> {
    match network {
        Network::Facebook => Some(8_000),
        Network::Instagram => Some(2_200),
        _ => None,
    }
}

/// Whether a first comment can be written on a network.
pub const fn is_taken(network: Network) -> bool {
    most(network).is_some()
}

impl Rendition {
    /// The first comment as it goes out on a network, if there is one and it goes there: its words, and nothing of the post.
    pub fn first_comment(&self, network: Network) -> Option<Rendition> {
        let comment = self.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty())?;
        // Nobody comments below a story.
        let goes = is_taken(network) && !self.is_story(network);
        goes.then(|| self.alone(self.said(comment.to_owned(), network)))
    }
}

impl Content {
    /// The first comment on a channel in a language as it is written, if there is one and it goes there.
    pub(crate) fn comment_for(&self, channel: &Channel, language: &Language) -> Option<&str> {
        let comment =
            self.comments.get(language).map(|comment| comment.trim()).filter(|comment| !comment.is_empty())?;
        let goes = is_taken(channel.network) && !self.is_story_on(channel);
        goes.then_some(comment)
    }

    /// The same as it goes out.
    pub fn comment_on(&self, channel: &Channel, language: &Language) -> Option<Cow<'_, str>> {
        Some(self.said(self.comment_for(channel, language)?, None, channel.network).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Replies, policy::draft::bench};

    fn with(comment: &str) -> Content {
        let mut content = bench::notice();
        content.comments.insert(Language::spanish(), comment.to_owned());
        content
    }

    #[test]
    fn without_one_nothing_is_named_anew_and_with_one_it_is_agreed_to() {
        let bare = bench::notice();
        assert!(!crate::record::canonical(&bare).contains("comment"));
        let (one, other) = (with("Más: villar.example"), with("Otra cosa."));
        assert!(bare.hash() != one.hash() && one.hash() != other.hash());
        assert!(bare.changes_only_words(&one), "a translator may write it");
        assert_eq!(one.clone().parse(), Ok(one));
    }

    #[test]
    fn it_goes_by_itself_where_there_are_comments_and_nowhere_else() {
        let mut content = with("  Más información en la web. ");
        content.link = Some("https://villar.example".to_owned());
        content.replies = Replies::Nobody;
        let whole = content.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        for network in Network::ALL {
            let parts = whole.parts(network);
            assert!(parts.iter().all(|part| part.comment.is_none()), "no part of the post: {network:?}");
            let comment = whole.first_comment(network);
            assert_eq!(comment.is_some(), matches!(network, Network::Facebook | Network::Instagram), "{network:?}");
            let Some(comment) = comment else { continue };
            assert_eq!(comment.as_sent(network), "Más información en la web.", "without the post's address");
            assert!(comment.pictures.is_empty() && comment.title.is_none() && comment.comment.is_none());
        }
        let blank = with(" \n").rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        assert_eq!(blank.first_comment(Network::Facebook), None);
    }
}
