//! The book of who is mentioned: "Cruz Roja", with its account on each network. A text names an entry by one mark, `@[Cruz Roja]`,
//! and on each network stands what that network makes a mention of, or else the plain name. Separate from [`crate::mentions`],
//! which leads from a name to a page where a mention is a name: what an entry has for such a network is given on to it.
//!
//! A content carries the accounts of those that it names ([`Contacts`]): they are hashed, agreed to and sent with the words, and
//! whatever the book says afterwards changes nothing of them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};

use crate::{
    ContactId, Content, Mentions, Network, Refusal, Rendition,
    campaign::next,
    edits::Source,
    mentions::{self, is_name},
    text::{line, spans::is_word},
    utm,
};

/// More entries than anybody looks through; the book is read whole.
pub const MOST: usize = 200;

/// The most characters of a name: it stands in a text.
const NAME: usize = 60;

/// The most entries that one content names. Instagram takes twenty mentions; nobody reads a text with more.
const NAMED: usize = 30;

/// The networks on which an entry may have an account, in the order in which a form asks for them.
pub const NETWORKS: [Network; 11] = [
    Network::Facebook,
    Network::Instagram,
    Network::Threads,
    Network::X,
    Network::Bluesky,
    Network::Mastodon,
    Network::Telegram,
    Network::Linkedin,
    Network::Youtube,
    Network::Tiktok,
    Network::Tumblr,
];

/// How a network writes the names of its accounts, where they are one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// The fewest and the most characters.
    pub length: (usize, usize),
    /// The signs besides letters and digits.
    pub signs: &'static str,
    /// Those of them that may stand first or last.
    pub edges: &'static str,
    /// Whether it begins with a letter.
    pub lettered: bool,
    /// Whether letters are of any alphabet, and not the 26 alone.
    pub any_letter: bool,
    /// Who says so.
    pub source: Source,
}

/// How it writes them. `None` where they are of another kind: a host (Bluesky), a user at a host (Mastodon), a page (LinkedIn,
/// Facebook); or where nobody is mentioned.
pub const fn syntax(network: Network) -> Option<Syntax> {
    // What the networks' own pages of help say, as others have put it together.
    let source = Source { at: "handlekit.com/username-rules (third party)", on: "2026-12-01" };
    match network {
        Network::X => Some(word((1, 15), "_", "_", source)),
        Network::Instagram | Network::Threads => Some(word((1, 30), "._", "_", source)),
        Network::Tiktok => Some(word((2, 24), "._", "_", source)),
        Network::Youtube => Some(Syntax { any_letter: true, ..word((3, 30), "_-.·", "", source) }),
        // Four letters are sold by the network itself; the rest as its own app says.
        Network::Telegram => {
            let source =
                Source { at: "namesniper.pro/tools/social-media-character-limits (third party)", on: "2026-12-01" };
            Some(Syntax { lettered: true, ..word((4, 32), "_", "", source) })
        }
        // The name of a blog is a label of a host (`name.tumblr.com`), and Tumblr gives 32 characters (general knowledge).
        Network::Tumblr => {
            let source = Source { at: "general knowledge", on: "2026-12-01" };
            Some(word((1, 32), "-", "", source))
        }
        _ => None,
    }
}

const fn word(length: (usize, usize), signs: &'static str, edges: &'static str, source: Source) -> Syntax {
    Syntax { length, signs, edges, lettered: false, any_letter: false, source }
}

impl Syntax {
    fn fits(&self, name: &str) -> bool {
        let letter = |sign: char| {
            if self.any_letter { sign.is_alphanumeric() } else { sign.is_ascii_alphanumeric() }
        };
        let edge = |sign: Option<char>| sign.is_some_and(|sign| letter(sign) || self.edges.contains(sign));
        (self.length.0..=self.length.1).contains(&name.chars().count())
            && name.chars().all(|sign| letter(sign) || self.signs.contains(sign))
            && edge(name.chars().next())
            && edge(name.chars().next_back())
            && !name.contains("..")
            && (!self.lettered || name.starts_with(|sign: char| sign.is_ascii_alphabetic()))
    }
}

/// The longest host and the longest part of one, in bytes (RFC 1035, 2.3.4; as atproto.com/specs/handle has it for handles).
const HOST: usize = 253;
const LABEL: usize = 63;

/// Whether this is a host in lower case whose last part does not begin with a digit (atproto.com/specs/handle, 2026-12-01).
fn is_host(host: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let label = |label: &str| {
        (1..=LABEL).contains(&label.len())
            && label.bytes().all(sign)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let lettered = host.rsplit('.').next().is_some_and(|last| last.starts_with(|sign: char| sign.is_ascii_lowercase()));
    host.len() <= HOST && host.contains('.') && lettered && host.split('.').all(label)
}

/// Whether this is a user of Mastodon: words joined by dots or hyphens (`Account::USERNAME_RE` in its source, 2026-12-01). Thirty
/// characters are what it gives at home; of other servers' people it takes longer ones, and so do we.
fn is_user(user: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let edge = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    (1..=LABEL).contains(&user.len()) && user.bytes().all(sign) && user.starts_with(edge) && user.ends_with(edge)
}

/// Whether a network could have given somebody this account, as it is kept: without a sign before it.
pub fn is_account(network: Network, account: &str) -> bool {
    match network {
        Network::Bluesky => is_host(account),
        Network::Mastodon => account.split_once('@').is_some_and(|(user, host)| is_user(user) && is_host(host)),
        Network::Linkedin => {
            account.split_once(' ').is_some_and(|(short, name)| Mentions::with(None, short, name).is_some())
        }
        Network::Facebook => is_name(account),
        _ => syntax(network).is_some_and(|syntax| syntax.fits(account)),
    }
}

/// What stands before the name of an account in the address that a browser shows of it.
const fn hosts(network: Network) -> &'static [&'static str] {
    match network {
        Network::X => &["x.com", "twitter.com"],
        Network::Instagram => &["instagram.com"],
        Network::Threads => &["threads.com", "threads.net"],
        Network::Tiktok => &["tiktok.com"],
        Network::Youtube => &["youtube.com"],
        Network::Telegram => &["t.me"],
        Network::Tumblr => &["tumblr.com"],
        Network::Bluesky => &["bsky.app"],
        _ => &[],
    }
}

/// The account that somebody typed, be it with its sign or as the address that a browser shows; `None` if it is none.
pub fn typed(network: Network, text: &str) -> Option<String> {
    let text = text.trim();
    let account = match network {
        Network::Linkedin => {
            let (page, name) = text.split_once(' ')?;
            [&mentions::short(page)?, " ", &one_line(name)].concat()
        }
        Network::Facebook => one_line(text),
        _ => {
            let (is_address, rest) = text.split_once("://").map_or((false, text), |(_, rest)| (true, rest));
            let parts: Vec<&str> = rest.split(['/', '?', '#']).filter(|part| !part.is_empty()).collect();
            let host = parts.first()?.to_lowercase();
            let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(&host);
            match &parts[..] {
                [_, "profile", name, ..] if network == Network::Bluesky && hosts(network).contains(&host) => {
                    (*name).to_owned()
                }
                // Other pages of its stand beside those of its accounts, which begin with the sign.
                [_, name, ..] if network == Network::Youtube && !name.starts_with('@') => return None,
                [_, name, ..] if hosts(network).contains(&host) => name.trim_start_matches('@').to_owned(),
                // A user's own page: `https://server/@user`.
                [_, user] if network == Network::Mastodon && is_address => {
                    [user.trim_start_matches('@'), "@", host].concat()
                }
                [_] if network == Network::Tumblr && host.ends_with(".tumblr.com") => {
                    host.trim_end_matches(".tumblr.com").to_owned()
                }
                [name] if !is_address => name.trim_start_matches('@').to_owned(),
                _ => return None,
            }
        }
    };
    // A host is the same however it is written.
    let account = match (network, account.split_once('@')) {
        (Network::Bluesky, _) => account.to_lowercase(),
        (Network::Mastodon, Some((user, host))) => [user, "@", &host.to_lowercase()].concat(),
        _ => account,
    };
    is_account(network, &account).then_some(account)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an account is called in a text on its network: with its sign, or the name of a page. On Facebook a page's name leads nowhere:
/// a mention there needs a permission that we do not have.
pub fn written(network: Network, account: &str) -> String {
    match network {
        Network::Linkedin => account.split_once(' ').map_or(account, |(_, name)| name).to_owned(),
        Network::Facebook => account.to_owned(),
        _ => ["@", account].concat(),
    }
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is called: by this a text names it, letter by letter.
    pub name: String,
    /// Its accounts, as they are kept ([`is_account`]).
    #[serde(default)]
    pub accounts: BTreeMap<Network, String>,
}

/// An entry of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its identity.
    pub id: ContactId,
    /// Counts its changes.
    pub version: u64,
    /// What it says.
    pub body: Entry,
}

impl Entry {
    /// Refuses what could not be named or mentioned. An account that is not said is left out.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`, with the field: `name`, or `accounts`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let name = line::counted(&self.name, "name", NAME)?;
        if !is_called(&name) {
            return Err(Refusal::Malformed { field: "name".to_owned() });
        }
        let said = self.accounts.into_iter().filter(|(_, account)| !account.trim().is_empty());
        let read = said.map(|(network, account)| {
            let account = typed(network, &account).map(|account| (network, account));
            account.ok_or_else(|| Refusal::Malformed { field: "accounts".to_owned() })
        });
        Ok(Self { name, accounts: read.collect::<Result<_, Refusal>>()? })
    }

    /// How it stands in a text.
    pub fn mark(&self) -> String {
        mark(&self.name)
    }

    /// Its accounts as a content carries them, a line each.
    fn lines(&self) -> String {
        let line =
            |network: Network| Some([utm::source(network)?, " ", self.accounts.get(&network)?.as_str()].concat());
        NETWORKS.into_iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Takes a new entry into the book, or a changed one. Sent twice, it is one.
///
/// # Errors
/// What [`Entry::parse`] says; `Doubled` when another has the name, `TooLarge` when there are enough, `Stale`, `NotFound`.
pub fn keep(all: &[Contact], wanted: Contact) -> Result<Contact, Refusal> {
    let body = wanted.body.parse()?;
    let before = all.iter().find(|one| one.id == wanted.id);
    let folded = body.name.to_lowercase();
    if all.iter().any(|one| one.id != wanted.id && one.body.name.to_lowercase() == folded) {
        return Err(Refusal::Doubled { field: "name".to_owned() });
    }
    if before.is_none() && all.len() >= MOST {
        let (limit, length) = (MOST as u64, all.len() as u64 + 1);
        return Err(Refusal::TooLarge { field: "contacts".to_owned(), limit, length });
    }
    match before {
        Some(before) if before.body == body => Ok(before.clone()),
        before => Ok(Contact { version: next(before.map(|one| one.version), wanted.version)?, body, ..wanted }),
    }
}

/// Whether an entry can be called so: without the signs that the mark is made of, and without those of an account or a hashtag.
fn is_called(name: &str) -> bool {
    is_name(name) && name.chars().count() <= NAME && !name.contains(['[', ']', '@', '#'])
}

/// How an entry stands in a text.
pub fn mark(name: &str) -> String {
    ["@[", name, "]"].concat()
}

/// A place in a text that names an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark<'a> {
    /// The first byte of its sign.
    pub start: usize,
    /// The byte after its last bracket.
    pub end: usize,
    /// What stands between the brackets; nothing where none closes.
    pub name: &'a str,
}

/// The marks of a text, in order. One that is not closed on its line is its two signs alone.
pub fn marks(text: &str) -> Vec<Mark<'_>> {
    let found = text.match_indices("@[").map(|(start, sign)| {
        let from = start + sign.len();
        let stop = text[from..].find(|c: char| matches!(c, '[' | ']') || c.is_control());
        match stop.map(|stop| from + stop).filter(|stop| text[*stop..].starts_with(']')) {
            Some(stop) => Mark { start, end: stop + 1, name: &text[from..stop] },
            None => Mark { start, end: from, name: "" },
        }
    });
    found.collect()
}

/// A text with the plain name in place of every mark: for a list, whoever is named.
pub fn plain(text: &str) -> Cow<'_, str> {
    let named = marks(text).into_iter().filter(|mark| !mark.name.is_empty());
    let edits: Vec<Edit<'_>> = named.map(|mark| Edit { mark, said: mark.name.to_owned(), leads: false }).collect();
    with(text, &edits)
}

/// What comes in place of a mark.
struct Edit<'a> {
    mark: Mark<'a>,
    said: String,
    leads: bool,
}

fn with<'a>(text: &'a str, edits: &[Edit<'_>]) -> Cow<'a, str> {
    if edits.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut whole, mut done) = (String::with_capacity(text.len()), 0);
    for Edit { mark, said, .. } in edits {
        whole.push_str(&text[done..mark.start]);
        whole.push_str(said);
        done = mark.end;
    }
    whole.push_str(&text[done..]);
    Cow::Owned(whole)
}

/// Whether an account that ends here is not read further: `@[Cruz Roja]s` would be somebody else.
fn ends(rest: &str) -> bool {
    // A mark behind it may become a plain name, which is a word.
    !rest.trim_start_matches(['.', '-', '·']).starts_with(|sign| is_word(sign) || sign == '@')
}

/// Whether an account may begin behind this sign: where an address or a word goes on, nobody is mentioned.
fn begins(before: Option<char>) -> bool {
    !before.is_some_and(|sign| is_word(sign) || matches!(sign, '=' | '/' | '@'))
}

/// Those that a content names, each with its accounts as they were agreed to. Written as one text, an empty line between two, each
/// its name and a line an account (`x CruzRoja`), in the order of the alphabet; as [`Mentions`], because the approver's page reads
/// texts anyway.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Contacts(String);

fn read(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("\n\n").map(|one| one.split_once('\n').unwrap_or((one, "")))
}

/// An account of one of them: its network and what it is called there.
fn account(line: &str) -> Option<(Network, &str)> {
    let (network, account) = line.split_once(' ')?;
    let network = NETWORKS.into_iter().find(|one| utm::source(*one) == Some(network))?;
    Some((network, account))
}

impl Contacts {
    fn of(all: BTreeMap<&str, String>) -> Option<Self> {
        if all.is_empty() {
            return None;
        }
        let one = |(name, lines): (&str, String)| {
            if lines.is_empty() { name.to_owned() } else { [name, "\n", &lines].concat() }
        };
        Self::try_from(all.into_iter().map(one).collect::<Vec<_>>().join("\n\n")).ok()
    }

    fn lines(&self, name: &str) -> Option<&str> {
        read(&self.0).find(|(one, _)| *one == name).map(|(_, lines)| lines)
    }

    /// Each by its name, with its accounts in the order of [`NETWORKS`].
    pub fn all(&self) -> Vec<(&str, Vec<(Network, &str)>)> {
        read(&self.0).map(|(name, lines)| (name, lines.split('\n').filter_map(account).collect())).collect()
    }

    /// What it is called on a network; `None` where it has nothing there, or is not among them.
    pub fn account(&self, name: &str, network: Network) -> Option<&str> {
        let mut all = self.lines(name)?.split('\n').filter_map(account);
        all.find(|(one, _)| *one == network).map(|(_, account)| account)
    }

    /// Whether it is among them.
    pub fn knows(&self, name: &str) -> bool {
        self.lines(name).is_some()
    }

    fn edits<'a>(&self, text: &'a str, network: Network) -> Vec<Edit<'a>> {
        let mut edits: Vec<Edit<'a>> = Vec::new();
        for mark in marks(text) {
            if !self.knows(mark.name) {
                continue;
            }
            let before = match edits.last() {
                Some(last) if last.mark.end == mark.start => last.said.chars().next_back(),
                _ => text[..mark.start].chars().next_back(),
            };
            let is_page = matches!(network, Network::Linkedin | Network::Facebook);
            let account = self.account(mark.name, network);
            let account = account.filter(|_| is_page || (begins(before) && ends(&text[mark.end..])));
            let said = account.map_or_else(|| mark.name.to_owned(), |account| written(network, account));
            edits.push(Edit { mark, said, leads: account.is_some() });
        }
        edits
    }

    /// A text as it goes out on a network: the account there in place of each mark, or the plain name where there is none, or where
    /// it would be read as another's. Of whom nothing is known, the mark stays.
    pub fn text<'a>(&self, text: &'a str, network: Network) -> Cow<'a, str> {
        with(text, &self.edits(text, network))
    }

    /// Who is named in a text and stands there on a network by the plain name alone, each once.
    pub fn unled<'a>(&self, text: &'a str, network: Network) -> Vec<&'a str> {
        let mut names = Vec::new();
        for Edit { mark, leads, .. } in self.edits(text, network) {
            if !leads && !names.contains(&mark.name) {
                names.push(mark.name);
            }
        }
        names
    }

    /// Who has a page and is named behind as many others as are mentioned where a mention is a name.
    pub fn beyond<'a>(&self, text: &'a str, most: usize) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for mark in marks(text) {
            if self.account(mark.name, Network::Linkedin).is_some() && !names.contains(&mark.name) {
                names.push(mark.name);
            }
        }
        names.split_off(most.min(names.len()))
    }

    /// The byte of a text that stands at a byte of what becomes of it on a network; of an account, the first of its mark. Beyond its
    /// end it is as far beyond.
    pub(crate) fn before(&self, text: &str, network: Network, byte: usize) -> usize {
        // The bytes that went out and those that they stand for, up to here.
        let (mut out, mut written) = (0, 0);
        for Edit { mark, said, .. } in self.edits(text, network) {
            let start = out + mark.start - written;
            if byte < start {
                break;
            }
            if byte < start + said.len() {
                return mark.start;
            }
            (out, written) = (start + said.len(), mark.end);
        }
        byte - out + written
    }

    /// The pages that a text names where a mention is a name, behind those that were chosen; as many as are taken.
    fn pages(&self, text: &str, chosen: Option<Mentions>) -> Option<Mentions> {
        marks(text).into_iter().fold(chosen, |all, mark| {
            let page = self.account(mark.name, Network::Linkedin).and_then(|account| account.split_once(' '));
            page.and_then(|(short, name)| Mentions::with(all.as_ref(), short, name)).or(all)
        })
    }

    /// Those among them that texts name.
    fn named_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let names: BTreeSet<&str> = texts.flat_map(marks).map(|mark| mark.name).collect();
        let those = read(&self.0).filter(|(name, _)| names.contains(name));
        Self::of(those.map(|(name, lines)| (name, lines.to_owned())).collect())
    }
}

impl TryFrom<String> for Contacts {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let rank = |network: Network| NETWORKS.into_iter().position(|one| one == network);
        let of_one = |lines: &str| {
            let mut last = None;
            lines.split('\n').all(|line| {
                // One list has one spelling: what is hashed is what is sent.
                account(line).is_some_and(|(network, account)| {
                    let rises = last < rank(network);
                    last = rank(network);
                    rises && is_account(network, account)
                })
            })
        };
        let (mut last, mut count) = (None::<&str>, 0);
        let fits = text.split("\n\n").all(|one| {
            let (name, lines) = one.split_once('\n').map_or((one, None), |(name, lines)| (name, Some(lines)));
            let rises = last < Some(name);
            (last, count) = (Some(name), count + 1);
            rises && count <= NAMED && is_called(name) && lines.is_none_or(of_one)
        });
        if fits { Ok(Self(text)) } else { Err("contacts") }
    }
}

impl From<Contacts> for String {
    fn from(all: Contacts) -> Self {
        all.0
    }
}

impl Content {
    /// Its texts in which entries may be named.
    fn naming(&self) -> impl Iterator<Item = &str> {
        let own = self.versions.iter().map(|version| &version.text);
        self.texts.values().chain(own).chain(self.comments.values()).map(String::as_str)
    }

    /// Whom its texts name, each once.
    pub fn named(&self) -> BTreeSet<&str> {
        self.naming().flat_map(marks).map(|mark| mark.name).filter(|name| is_called(name)).collect()
    }

    /// Whom the book has to be asked about, where `before` stood there: whoever is named and not as it was.
    pub fn unsettled(&self, before: Option<&Contacts>) -> Vec<String> {
        let lines = |all: Option<&Contacts>, name: &str| all.and_then(|all| all.lines(name).map(ToOwned::to_owned));
        let stood = |name: &&str| {
            let was = lines(before, name);
            was.is_some() && was == lines(self.contacts.as_ref(), name)
        };
        let names: Vec<String> = self.named().into_iter().filter(|name| !stood(name)).map(ToOwned::to_owned).collect();
        names.into_iter().take(NAMED).collect()
    }

    /// The same content with the accounts of whom it names and of nobody else, as `before` stood there and as the book has them
    /// (as much of it as [`Content::unsettled`] asked for). Nobody brings accounts that neither knows.
    #[must_use]
    pub fn settled(self, before: Option<&Contacts>, book: &[Entry]) -> Self {
        let contacts = {
            let kept = |name: &str| {
                let entry = book.iter().find(|entry| entry.name == name).map(Entry::lines);
                let was = before.and_then(|before| before.lines(name));
                let sent = self.contacts.as_ref().and_then(|sent| sent.lines(name));
                let sent = sent.filter(|sent| Some(*sent) == was || Some(*sent) == entry.as_deref());
                sent.map(ToOwned::to_owned).or(entry).or_else(|| was.map(ToOwned::to_owned))
            };
            let named = self.named().into_iter();
            Contacts::of(named.filter_map(|name| Some((name, kept(name)?))).take(NAMED).collect())
        };
        Self { contacts, ..self }
    }

    /// The accounts of whom it names as the book has them now, and as they stand of whom it does not have any more: what the desk puts
    /// in its place while somebody writes.
    pub fn from_book(&self, book: &[Contact]) -> Option<Contacts> {
        let kept = |name: &str| {
            let entry = book.iter().find(|one| one.body.name == name).map(|one| one.body.lines());
            entry.or_else(|| self.contacts.as_ref()?.lines(name).map(ToOwned::to_owned))
        };
        Contacts::of(self.named().into_iter().filter_map(|name| Some((name, kept(name)?))).take(NAMED).collect())
    }

    /// The accounts of three contents made one: of whom the texts name, as one side changed them, and where both did as `mine` has it.
    pub(crate) fn woven(self, [base, mine, theirs]: [&Content; 3]) -> Self {
        let contacts = {
            let of = |content: &Content, name: &str| content.contacts.as_ref()?.lines(name).map(ToOwned::to_owned);
            let kept = |name: &str| {
                let [base, mine, theirs] = [base, mine, theirs].map(|content| of(content, name));
                let chosen = if mine == base { theirs.clone() } else { mine.clone() };
                chosen.or(mine).or(theirs).or(base)
            };
            Contacts::of(self.named().into_iter().filter_map(|name| Some((name, kept(name)?))).take(NAMED).collect())
        };
        Self { contacts, ..self }
    }

    /// A text of it and the address that goes with it, as they go out on a network: with accounts in place of marks, and marks in links.
    pub fn said<'a>(
        &'a self,
        text: &'a str,
        link: Option<&'a str>,
        network: Network,
    ) -> (Cow<'a, str>, Option<Cow<'a, str>>) {
        let said = self.contacts.as_ref().map_or(Cow::Borrowed(text), |contacts| contacts.text(text, network));
        let Some(utm) = &self.utm else { return (said, link.map(Cow::Borrowed)) };
        let said = match said {
            Cow::Borrowed(text) => utm.text(text, network),
            Cow::Owned(text) => Cow::Owned(utm.text(&text, network).into_owned()),
        };
        (said, link.map(|link| utm.link(link, network)))
    }

    /// The byte of a text of it that stands at a byte of what [`Content::said`] makes of it.
    pub(crate) fn written(&self, text: &str, network: Network, byte: usize) -> usize {
        let Some(contacts) = &self.contacts else {
            return self.utm.as_ref().map_or(byte, |utm| utm.before(text, network, byte));
        };
        let said = contacts.text(text, network);
        let byte = self.utm.as_ref().map_or(byte, |utm| utm.before(&said, network, byte));
        contacts.before(text, network, byte)
    }

    /// The accounts that go with what is said in some texts of it.
    pub(crate) fn contacts_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Option<Contacts> {
        self.contacts.as_ref()?.named_in(texts)
    }
}

impl Rendition {
    /// One of its texts as it goes out on a network: with accounts in place of marks, and marks in links ([`crate::utm`]).
    pub(crate) fn said(&self, text: String, network: Network) -> String {
        let text = match &self.contacts {
            Some(contacts) => contacts.text(&text, network).into_owned(),
            None => text,
        };
        match &self.utm {
            Some(utm) => utm.text(&text, network).into_owned(),
            None => text,
        }
    }

    /// The pages that one of its texts leads to on a network where a mention is a name: those that were chosen, and those of whom it
    /// names.
    pub(crate) fn pages_of(&self, text: &str, network: Network) -> Option<Mentions> {
        if !mentions::are_taken(network) {
            // Where nobody is mentioned so, whom it mentions elsewhere makes it no other.
            return None;
        }
        match &self.contacts {
            Some(contacts) => contacts.pages(text, self.mentions.clone()),
            None => self.mentions.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Language,
        policy::draft::bench,
        record::canonical,
        text::{SpanKind, spans},
    };

    fn entry(name: &str, accounts: &[(Network, &str)]) -> Entry {
        let accounts = accounts.iter().map(|(network, account)| (*network, (*account).to_owned())).collect();
        Entry { name: name.to_owned(), accounts }.parse().unwrap()
    }

    fn red_cross() -> Entry {
        let accounts = [
            (Network::X, "@CruzRoja"),
            (Network::Bluesky, "CruzRoja.es"),
            (Network::Mastodon, "@cruzroja@Social.example"),
            (Network::Linkedin, "https://www.linkedin.com/company/cruz-roja/ Cruz Roja Española"),
            (Network::Instagram, "cruzroja.es"),
            (Network::Facebook, "Cruz Roja Española"),
        ];
        entry("Cruz Roja", &accounts)
    }

    fn book() -> Vec<Entry> {
        vec![red_cross(), entry("Protección Civil", &[])]
    }

    fn saying(text: &str) -> Content {
        let mut content = bench::notice();
        bench::say(&mut content, "es", text);
        content.settled(None, &book())
    }

    fn on(text: &str, network: Network) -> String {
        saying(text).said(text, None, network).0.into_owned()
    }

    #[test]
    fn an_account_is_taken_as_browsers_show_it_and_as_its_network_writes_it() {
        for (network, text, account) in [
            (Network::X, "https://x.com/CruzRoja?s=20", "CruzRoja"),
            (Network::X, " @Cruz_Roja1 ", "Cruz_Roja1"),
            (Network::Instagram, "https://www.instagram.com/cruz.roja_/", "cruz.roja_"),
            (Network::Threads, "threads.net/@cruzroja", "cruzroja"),
            (Network::Tiktok, "https://www.tiktok.com/@cruzroja", "cruzroja"),
            (Network::Youtube, "youtube.com/@CruzRoja-Villa", "CruzRoja-Villa"),
            (Network::Telegram, "https://t.me/cruzroja", "cruzroja"),
            (Network::Tumblr, "https://cruz-roja.tumblr.com/", "cruz-roja"),
            (Network::Tumblr, "www.tumblr.com/cruz-roja", "cruz-roja"),
            (Network::Bluesky, "https://bsky.app/profile/CruzRoja.es", "cruzroja.es"),
            (Network::Mastodon, "https://social.example/@cruzroja", "cruzroja@social.example"),
            (Network::Mastodon, "@Cruz.Roja@Social.Example", "Cruz.Roja@social.example"),
            (Network::Linkedin, "cruz-roja Cruz  Roja", "cruz-roja Cruz Roja"),
            (Network::Facebook, " Cruz Roja (oficial) ", "Cruz Roja (oficial)"),
        ] {
            assert_eq!(typed(network, text).as_deref(), Some(account), "{network:?}: {text}");
            assert_eq!(typed(network, account).as_deref(), Some(account), "{network:?}: once more");
        }
        for (network, text) in [
            (Network::X, "cruz.roja"),
            (Network::X, "cruzrojaespanolaoficial"),
            (Network::X, "https://evil.example/cruzroja"),
            (Network::Instagram, "cruz..roja"),
            (Network::Instagram, ".cruzroja"),
            (Network::Threads, "cruz roja"),
            (Network::Tiktok, "c"),
            (Network::Youtube, "https://www.youtube.com/channel/UCabc"),
            (Network::Telegram, "1cruz"),
            (Network::Telegram, "cruz-roja"),
            (Network::Tumblr, "-cruz"),
            (Network::Bluesky, "cruzroja"),
            (Network::Bluesky, "cruz_roja.es"),
            (Network::Bluesky, "1.2.3.4"),
            (Network::Mastodon, "cruzroja"),
            (Network::Mastodon, "cruzroja@"),
            (Network::Mastodon, "cruz roja@social.example"),
            (Network::Linkedin, "cruz-roja"),
            (Network::Facebook, "\u{202E}Cruz"),
            (Network::Noticeboard, "cruzroja"),
            (Network::X, ""),
        ] {
            assert_eq!(typed(network, text), None, "{network:?}: {text}");
        }
    }

    #[test]
    fn a_book_has_each_name_once_and_no_sign_of_a_mark_in_one() {
        let contact = |n: u128, name: &str, version| Contact {
            id: ContactId::from_bits(n),
            version,
            body: Entry { name: name.to_owned(), accounts: BTreeMap::new() },
        };
        let one = keep(&[], contact(1, " Cruz  Roja ", 0)).unwrap();
        assert_eq!((&*one.body.name, one.version), ("Cruz Roja", 1));
        let all = [one.clone()];
        assert_eq!(keep(&all, contact(1, "Cruz Roja", 0)), Ok(one), "sent twice");
        assert_eq!(keep(&all, contact(2, "cruz roja", 0)), Err(Refusal::Doubled { field: "name".to_owned() }));
        assert_eq!(keep(&all, contact(1, "Cruz Verde", 9)), Err(Refusal::Stale { current: 1 }));
        assert_eq!(keep(&all, contact(1, "Cruz Verde", 1)).map(|one| one.version), Ok(2));
        for name in ["Cruz [Roja]", "@cruzroja", "#Cruz", "", " "] {
            assert_eq!(
                keep(&[], contact(1, name, 0)),
                Err(Refusal::Malformed { field: "name".to_owned() }),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_mark_is_a_sign_and_a_name_in_brackets_on_one_line() {
        let names = |text| marks(text).into_iter().map(|mark| mark.name).collect::<Vec<_>>();
        assert_eq!(names("Con @[Cruz Roja] y @[Protección Civil]."), ["Cruz Roja", "Protección Civil"]);
        assert_eq!(names("@cruzroja, info@villa.example, [Cruz Roja], @ [x]"), [""; 0]);
        assert_eq!(names("@[Cruz\nRoja] @[a @[b]"), ["", "", "b"]);
        assert_eq!(plain("Con @[Cruz Roja] y @[otra"), "Con Cruz Roja y @[otra");
        let text = "Con @[Cruz Roja].";
        assert!(spans(text).is_empty(), "no network makes a mention of it");
    }

    #[test]
    fn on_each_network_stands_its_own_account_or_the_plain_name() {
        let text = "Con @[Cruz Roja] y @[Protección Civil].";
        for (network, said) in [
            (Network::X, "@CruzRoja"),
            (Network::Bluesky, "@cruzroja.es"),
            (Network::Mastodon, "@cruzroja@social.example"),
            (Network::Instagram, "@cruzroja.es"),
            (Network::Linkedin, "Cruz Roja Española"),
            (Network::Facebook, "Cruz Roja Española"),
            (Network::Telegram, "Cruz Roja"),
            (Network::Noticeboard, "Cruz Roja"),
            (Network::Paper, "Cruz Roja"),
        ] {
            assert_eq!(on(text, network), ["Con ", said, " y Protección Civil."].concat(), "{network:?}");
        }
        assert_eq!(on("Con @[La Cruz].", Network::X), "Con @[La Cruz].", "of whom nothing is known");
        assert_eq!(on("Con @[cruz roja].", Network::X), "Con @[cruz roja].", "letter by letter");
    }

    #[test]
    fn an_account_that_would_be_read_as_another_s_is_no_mention() {
        for (text, said) in [
            ("la@[Cruz Roja]", "laCruz Roja"),
            ("@[Cruz Roja]s", "Cruz Rojas"),
            ("@[Cruz Roja].Hoy", "Cruz Roja.Hoy"),
            ("@[Cruz Roja]. Hoy", "@CruzRoja. Hoy"),
            ("(@[Cruz Roja])", "(@CruzRoja)"),
            ("@[Cruz Roja]@[Cruz Roja]", "Cruz RojaCruz Roja"),
            ("@[Cruz Roja] @[Cruz Roja]", "@CruzRoja @CruzRoja"),
        ] {
            assert_eq!(on(text, Network::X), said, "{text}");
        }
        let contacts = saying("@[Cruz Roja]s y @[Protección Civil]").contacts.unwrap();
        let text = "@[Cruz Roja]s y @[Protección Civil]";
        assert_eq!(contacts.unled(text, Network::X), ["Cruz Roja", "Protección Civil"]);
        assert_eq!(contacts.unled(text, Network::Linkedin), ["Protección Civil"]);
    }

    #[test]
    fn the_parts_of_a_thread_and_the_first_comment_have_it_and_a_page_is_mentioned() {
        let mut content = saying("Con @[Cruz Roja].\n---\nGracias, @[Cruz Roja].");
        content.comments.insert(Language::spanish(), "De @[Cruz Roja]".to_owned());
        let whole = content.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        let texts = |network| whole.parts(network).into_iter().map(|part| part.text).collect::<Vec<_>>();
        assert_eq!(texts(Network::X), ["Con @CruzRoja.", "Gracias, @CruzRoja."]);
        assert!(whole.parts(Network::X).iter().all(|part| part.contacts.is_none() && part.mentions.is_none()));
        assert_eq!(whole.first_comment(Network::Instagram).unwrap().text, "De @cruzroja.es");
        let page = whole.parts(Network::Linkedin).remove(0);
        assert_eq!(page.text, "Con Cruz Roja Española.\n\nGracias, Cruz Roja Española.");
        let said = "Cruz Roja Española (linkedin.com/company/cruz-roja)";
        assert_eq!(page.mentioned(Network::Linkedin).as_deref(), Some(said));
        let chosen = Mentions::with(None, "villa", "Villa");
        content.targets.iter_mut().for_each(|target| target.mentions.clone_from(&chosen));
        let whole = content.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        let both = Mentions::with(chosen.as_ref(), "cruz-roja", "Cruz Roja Española");
        assert_eq!(whole.parts(Network::Linkedin).remove(0).mentions, both);
    }

    #[test]
    fn what_was_agreed_to_is_what_stood_in_the_book_then() {
        let content = saying("Con @[Cruz Roja].");
        let written = "Cruz Roja\nfacebook Cruz Roja Española\ninstagram cruzroja.es\nx CruzRoja\nbluesky cruzroja.es\n\
                       mastodon cruzroja@social.example\nlinkedin cruz-roja Cruz Roja Española";
        assert_eq!(content.contacts.clone().map(String::from).as_deref(), Some(written));
        assert_eq!(serde_json::from_str::<Content>(&canonical(&content)).unwrap(), content);
        let bare = saying("Con la Cruz Roja.");
        assert!(bare.contacts.is_none() && !canonical(&bare).contains("contacts"), "nothing is named anew");
        let renamed = [entry("Cruz Roja Española", &[(Network::X, "otra")])];
        let before = content.contacts.clone();
        assert_eq!(content.clone().settled(before.as_ref(), &renamed), content, "what stood stays");
        assert_eq!(content.unsettled(before.as_ref()), [""; 0], "and nobody is asked");
        assert_eq!(content.clone().settled(None, &renamed).contacts, None, "what nobody knows is brought by nobody");
        let other = [entry("Cruz Roja", &[(Network::X, "otra")])];
        let anew = content.clone().settled(None, &other);
        assert_eq!(anew.said("@[Cruz Roja]", None, Network::X).0, "@otra");
        assert_eq!(content.unsettled(None), ["Cruz Roja"]);
        // Whoever names it no more carries it no more.
        let mut gone = content.clone();
        bench::say(&mut gone, "es", "Sin nadie.");
        assert_eq!(gone.settled(before.as_ref(), &book()).contacts, None);
        let known = Contact { id: ContactId::from_bits(1), version: 2, body: other[0].clone() };
        assert_eq!(content.from_book(&[known]), anew.contacts);
        assert_eq!(content.from_book(&[]), before);
    }

    #[test]
    fn one_list_has_one_spelling() {
        for text in [
            "",
            "Cruz Roja\n",
            "Cruz Roja\nx",
            "Cruz Roja\nx @CruzRoja",
            "Cruz Roja\nx CruzRoja\ninstagram cruzroja",
            "Cruz Roja\nx CruzRoja\nx CruzRoja",
            "Cruz Roja\nnoticeboard cruzroja",
            "Cruz Roja\n\nCruz Roja",
            "b\n\na",
            "Cruz [Roja]",
        ] {
            assert!(Contacts::try_from(text.to_owned()).is_err(), "{text:?}");
        }
        let two = Contacts::try_from("Cruz Roja\nx CruzRoja\n\nProtección Civil".to_owned()).unwrap();
        assert_eq!(two.all(), [("Cruz Roja", vec![(Network::X, "CruzRoja")]), ("Protección Civil", vec![])]);
    }

    #[test]
    fn what_two_changed_is_put_together() {
        let base = saying("Con @[Cruz Roja].");
        let mut mine = base.clone();
        bench::say(&mut mine, "es", "Con @[Cruz Roja] y @[Protección Civil].");
        let mine = mine.settled(base.contacts.as_ref(), &book());
        let mut theirs = base.clone();
        theirs.contacts = Contacts::try_from("Cruz Roja\nx otra".to_owned()).ok();
        let both = mine.clone().woven([&base, &mine, &theirs]).contacts.unwrap();
        assert_eq!(both.account("Cruz Roja", Network::X), Some("otra"));
        assert!(both.knows("Protección Civil"));
        assert_eq!(base.clone().woven([&base, &base, &base]), base);
    }

    #[test]
    fn a_name_behind_a_hyphen_does_not_lengthen_the_account_before_it() {
        let text = "@[Cruz Roja]-@[Cruz Roja]@[Cruz Roja]";
        assert_eq!(on(text, Network::X), "Cruz Roja-Cruz RojaCruz Roja");
        assert_eq!(on("@[Cruz Roja] - @[Cruz Roja]", Network::X), "@CruzRoja - @CruzRoja");
    }

    proptest! {
        /// Every byte of what goes out stands for one of what was written, in order, and outside of marks for itself.
        #[test]
        fn a_byte_of_what_goes_out_stands_for_one_that_was_written(
            text in "(@\\[Cruz Roja\\]|@\\[Protección Civil\\]|@\\[|@|\\]|[a-z.ñ]| |🎉|\n){0,20}",
        ) {
            let content = saying(&text);
            for network in [Network::X, Network::Linkedin, Network::Noticeboard] {
                let said = content.said(&text, None, network).0.into_owned();
                let mut last = 0;
                for (byte, sign) in said.char_indices() {
                    let written = content.written(&text, network, byte);
                    prop_assert!(written >= last && text.is_char_boundary(written));
                    let there = text[written..].chars().next();
                    prop_assert!(there == Some(sign) || text[written..].starts_with("@["));
                    last = written;
                }
                prop_assert_eq!(content.written(&text, network, said.len()), text.len());
            }
        }

        /// Who is mentioned is the account, and nobody else.
        #[test]
        fn a_mention_is_the_account_itself(text in "(@\\[Cruz Roja\\]|[a-z.ñ_ -]|🎉|\\(|\\)){0,12}") {
            let said = on(&text, Network::X);
            for span in spans(&said).into_iter().filter(|span| span.kind == SpanKind::Mention) {
                prop_assert_eq!(span.name(&said), "CruzRoja");
            }
        }
    }
}
