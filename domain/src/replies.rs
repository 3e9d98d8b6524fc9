//! Who may reply to a post. Separate from the networks: a body chooses once for a post, and what each network makes of that is
//! one pure function, which the desk says before, the engine sends and the rule minds.

use serde::{Deserialize, Serialize};

use crate::{Channel, Content, Network, text};

/// Who may reply. Written as a word and not written where it is everybody: what was hashed before anybody could choose keeps
/// its hash. A text, as [`crate::Showing`], because the approver's page reads texts anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Replies {
    /// Everybody, as each network does unless it is told otherwise.
    #[default]
    Everybody,
    /// Whom the account follows.
    Following,
    /// Who is mentioned in the text.
    Mentioned,
    /// Nobody but the account itself.
    Nobody,
}

impl Replies {
    /// Every choice, from the most open to the narrowest.
    pub const ALL: [Replies; 4] = [Replies::Everybody, Replies::Following, Replies::Mentioned, Replies::Nobody];

    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Replies::Everybody => "everybody",
            Replies::Following => "following",
            Replies::Mentioned => "mentioned",
            Replies::Nobody => "nobody",
        }
    }

    /// Whether nobody is kept from replying.
    pub fn is_open(&self) -> bool {
        *self == Replies::Everybody
    }

    /// What a network is told: this, or where it does not know it the nearest that it does; `None` where nothing can be said.
    /// X knows following, mentionedUsers, subscribers and verified (`POST /2/tweets`, 2.167 of 2026-08-22); Threads everyone,
    /// accounts_you_follow, mentioned_only, parent_post_author_only and followers_only (2026-09-11); Bluesky a list of rules,
    /// and an empty one for nobody (`app.bsky.feed.threadgate`, 2026-08-20). TikTok lets comments be closed and nothing between
    /// (`disable_comment` of a direct post, 2026-09-11): who chose some is told that it cannot be said there.
    pub fn sent(self, network: Network) -> Option<Replies> {
        match (network, self) {
            (Network::X | Network::Threads, Replies::Nobody) => Some(Replies::Mentioned),
            (Network::Tiktok, Replies::Everybody | Replies::Nobody) => Some(self),
            (Network::X | Network::Threads | Network::Bluesky, chosen) => Some(chosen),
            _ => None,
        }
    }

    /// What becomes of the choice on a network. `assisted`: a person publishes there; `mentions`: the text mentions somebody.
    pub fn kept(self, network: Network, assisted: bool, mentions: bool) -> Kept {
        match self.sent(network) {
            _ if self.is_open() => Kept::Exactly,
            // Nobody writes below a notice, in somebody else's channel of WhatsApp, or on what is not on the web.
            _ if matches!(network, Network::Noticeboard | Network::Whatsapp) || !network.is_online() => Kept::Closed,
            _ if assisted => Kept::ByHand,
            None => Kept::Open,
            // Who is mentioned is let in: where nobody is to be, and on X (docs/networks/x.md) besides whom the account follows.
            Some(sent) if mentions && (sent != self || (network, self) == (Network::X, Replies::Following)) => {
                Kept::Mentioned
            }
            Some(_) => Kept::Exactly,
        }
    }
}

impl TryFrom<String> for Replies {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|one| one.word() == text).ok_or("replies")
    }
}

impl From<Replies> for String {
    fn from(replies: Replies) -> Self {
        replies.word().to_owned()
    }
}

/// What becomes of the choice on a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// It holds there as it was chosen.
    Exactly,
    /// Nobody can reply there anyway.
    Closed,
    /// Whoever publishes it there sets it by hand.
    ByHand,
    /// Whoever is mentioned can too, though that was not chosen.
    Mentioned,
    /// It cannot be said there: whoever the account's own settings let, as a rule everybody.
    Open,
}

impl Kept {
    /// Whether it lets more people reply than was chosen.
    pub const fn is_wider(self) -> bool {
        matches!(self, Kept::Mentioned | Kept::Open)
    }
}

/// Whether each part of a thread says who may reply to it. On X and Bluesky what the first part says holds for all below it. Of
/// Threads no guide says so, and one value of `reply_control` (parent_post_author_only) has a meaning for an answer alone: so an
/// answer takes it.
pub const fn of_each_part(network: Network) -> bool {
    matches!(network, Network::Threads)
}

impl Content {
    /// What becomes of who may reply on a channel, in whatever language it goes there.
    pub fn replies_on(&self, channel: &Channel) -> Kept {
        let going = self.targets.iter().filter(|target| target.channel == channel.id);
        let mut sent = going.flat_map(|target| &target.languages).filter_map(|one| self.rendition(&channel.id, one));
        let mentions = !self.replies.is_open()
            && sent.any(|whole| {
                whole.parts(channel.network).iter().filter(|part| !part.replies.is_open()).any(|part| {
                    text::spans(&part.as_sent(channel.network)).iter().any(|span| span.kind == text::SpanKind::Mention)
                })
            });
        match self.replies.kept(channel.network, channel.assisted, mentions) {
            // The account itself takes none.
            _ if channel.limits.comments_closed => Kept::Closed,
            kept => kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::draft::bench;

    #[test]
    fn it_is_a_word_and_nothing_where_everybody_may() {
        let mut content = bench::notice();
        let before = content.hash();
        assert!(!crate::record::canonical(&content).contains("replies"));
        let mut hashes = std::collections::BTreeSet::from([before.clone()]);
        for replies in Replies::ALL {
            content.replies = replies;
            let written = serde_json::to_string(&content).unwrap();
            assert_eq!(written.contains(&format!("\"replies\":\"{}\"", replies.word())), !replies.is_open());
            assert_eq!(serde_json::from_str::<Content>(&written).unwrap(), content);
            hashes.insert(content.hash());
        }
        assert_eq!(hashes.len(), 4, "what is chosen is approved");
        let said = serde_json::to_value(bench::notice()).unwrap();
        let with = |word: &str| {
            let mut said = said.clone();
            said["replies"] = word.into();
            serde_json::from_value::<Content>(said)
        };
        assert_eq!(with("everybody").unwrap().hash(), before, "one value has one spelling");
        assert!(with("some").is_err());
    }

    #[test]
    fn what_is_sent_never_lets_more_in_than_the_nearest_that_there_is() {
        let rank = |replies: Replies| Replies::ALL.iter().position(|one| *one == replies);
        for network in Network::ALL {
            for chosen in Replies::ALL {
                let Some(sent) = chosen.sent(network) else { continue };
                let wider = rank(sent) < rank(chosen);
                let closes = matches!(network, Network::Bluesky | Network::Tiktok);
                assert_eq!(wider, chosen == Replies::Nobody && !closes, "{network:?} {chosen:?}");
                assert!(sent == chosen || sent == Replies::Mentioned);
            }
        }
    }

    #[test]
    fn each_network_makes_of_it_what_it_can() {
        use Kept::{ByHand, Closed, Exactly, Mentioned, Open};
        let kept = |network, replies: Replies, mentions| replies.kept(network, false, mentions);
        for network in Network::ALL {
            assert_eq!(kept(network, Replies::Everybody, true), Exactly);
        }
        for (network, following, mentioned, nobody, nobody_of_some) in [
            (Network::Bluesky, Exactly, Exactly, Exactly, Exactly),
            (Network::X, Mentioned, Exactly, Exactly, Mentioned),
            (Network::Threads, Exactly, Exactly, Exactly, Mentioned),
            (Network::Tiktok, Open, Open, Exactly, Exactly),
            (Network::Mastodon, Open, Open, Open, Open),
            (Network::Website, Open, Open, Open, Open),
            (Network::Noticeboard, Closed, Closed, Closed, Closed),
        ] {
            assert_eq!(kept(network, Replies::Following, true), following, "{network:?}");
            assert_eq!(kept(network, Replies::Mentioned, true), mentioned, "{network:?}");
            assert_eq!(kept(network, Replies::Nobody, false), nobody, "{network:?}");
            assert_eq!(kept(network, Replies::Nobody, true), nobody_of_some, "{network:?}");
        }
        assert_eq!(kept(Network::X, Replies::Following, false), Exactly);
        assert_eq!(Replies::Nobody.kept(Network::X, true, true), ByHand);
        for nowhere in [Network::Whatsapp, Network::Screen, Network::Paper] {
            assert_eq!(Replies::Nobody.kept(nowhere, true, true), Closed, "{nowhere:?}");
        }
        assert_eq!(Replies::Nobody.kept(Network::Nextdoor, true, true), ByHand);
    }

    #[test]
    fn who_is_mentioned_counts_where_the_choice_is_said() {
        let mut town = bench::town_on(Network::X);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(town.channels[3].id.clone(), &["es"])];
        content.replies = Replies::Nobody;
        let mut of = |text: &str| {
            bench::say(&mut content, "es", text);
            content.replies_on(&town.channels[3])
        };
        assert_eq!(of("Con pesar."), Kept::Exactly);
        assert_eq!(of("Con pesar, de @vecina."), Kept::Mentioned);
        assert_eq!(of("Con pesar.\n---\nDe @vecina."), Kept::Exactly, "on X the first part speaks for all");
        assert_eq!(of("Con @vecina.\n---\nPesar."), Kept::Mentioned);
        town.channels[3].network = Network::Threads;
        let kept = |content: &Content| content.replies_on(&town.channels[3]);
        bench::say(&mut content, "es", "Con pesar.\n---\nDe @vecina.");
        assert_eq!(kept(&content), Kept::Mentioned, "each part speaks for itself");
    }

    #[test]
    fn where_the_account_takes_no_comments_nobody_can_reply_whatever_is_chosen() {
        let mut town = bench::town_on(Network::Tiktok);
        town.channels[3].assisted = false;
        let mut content = bench::notice();
        content.targets = vec![bench::target(town.channels[3].id.clone(), &["es"])];
        content.replies = Replies::Following;
        assert_eq!(content.replies_on(&town.channels[3]), Kept::Open, "comments are closed there or open");
        town.channels[3].limits.comments_closed = true;
        for replies in Replies::ALL {
            content.replies = replies;
            assert_eq!(content.replies_on(&town.channels[3]), Kept::Closed);
        }
        let mut found = |replies| {
            content.replies = replies;
            town.found(crate::policy::Rule::Replies, &content)
        };
        // Nobody is limited who could not reply anyway; but whoever counts on answers is told that there will be none.
        assert_eq!(found(Replies::Nobody), []);
        let told = found(Replies::Everybody);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].1, crate::policy::Evidence::Wider { kept: Kept::Closed });
    }

    #[test]
    fn of_a_thread_the_first_part_says_it_or_each() {
        let mut content = bench::notice();
        content.replies = Replies::Nobody;
        bench::say(&mut content, "es", "Uno\n---\nDos\n---\nTres");
        let (channel, language) = (content.targets[0].channel.clone(), crate::Language::spanish());
        let of = |network| -> Vec<Replies> {
            let whole = content.rendition(&channel, &language).unwrap();
            whole.parts(network).into_iter().map(|part| part.replies).collect()
        };
        use Replies::{Everybody, Nobody};
        assert_eq!(of(Network::X), [Nobody, Everybody, Everybody]);
        assert_eq!(of(Network::Bluesky), [Nobody, Everybody, Everybody]);
        assert_eq!(of(Network::Threads), [Nobody; 3]);
        assert_eq!(of(Network::Telegram), [Nobody]);
    }
}
