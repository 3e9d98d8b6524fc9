//! Not everybody may reply, or a network lets more people reply than was chosen.
//!
//! An official account is a place where people take part (for the courts of the United States a limited public forum, whose rules
//! are reasonable, of no viewpoint, posted and kept alike: MASC, 2026-01). So whoever agrees to a limit is told that it is one;
//! and where it would not hold, whoever counts on it is told that. So is whoever lets everybody reply where the account itself takes no
//! comments.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};
use crate::replies::Kept;

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let replies = draft.content.replies;
    if replies.is_open() {
        let closed = draft.channels().filter(|channel| channel.limits.comments_closed);
        return closed
            .map(|channel| (at(Some(channel), None, Field::Post), Evidence::Wider { kept: Kept::Closed }))
            .collect();
    }
    let kept: Vec<_> = draft.channels().map(|channel| (channel, draft.content.replies_on(channel))).collect();
    let wider = kept.iter().filter(|(_, kept)| kept.is_wider());
    let wider = wider.map(|(channel, kept)| (at(Some(channel), None, Field::Post), Evidence::Wider { kept: *kept }));
    // Where nobody could reply anyway, nobody is kept from it.
    let limits = kept.iter().any(|(_, kept)| *kept != Kept::Closed);
    limits.then_some((at(None, None, Field::Post), Evidence::Limited { replies })).into_iter().chain(wider).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::Replies;

    #[test]
    fn what_everybody_may_reply_to_is_not_minded() {
        assert_eq!(bench::town().found(Rule::Replies, &bench::notice()), []);
    }

    #[test]
    fn a_limit_is_told_and_so_is_each_channel_that_does_not_keep_it() {
        let (town, mut content) = (bench::town(), bench::notice());
        content.replies = Replies::Nobody;
        let found = town.found(Rule::Replies, &content);
        let told: Vec<_> = found.iter().map(|(place, evidence)| (place.channel.clone(), evidence.clone())).collect();
        let open = Evidence::Wider { kept: Kept::Open };
        let limited = Evidence::Limited { replies: Replies::Nobody };
        assert_eq!(told, [(None, limited), (Some(bench::mastodon()), open)]);
        assert!(town.check(&content).iter().all(|finding| finding.mode == Mode::Warn));
    }

    #[test]
    fn where_nobody_could_reply_nobody_is_limited() {
        let mut content = bench::notice();
        content.replies = Replies::Mentioned;
        content.targets = vec![bench::target(bench::noticeboard(), &["es"])];
        assert_eq!(bench::town().found(Rule::Replies, &content), []);
    }
}
