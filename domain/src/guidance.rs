//! What the organisation asks of whoever writes and of whoever decides: dos and don'ts to read, a checklist to go
//! through, and the names of its office-holders.
//! Separate from `policy`: a rule is looked at by a machine and may stop a post; this is read, and ticked, by people. What
//! was ticked is kept beside the content's hash and never in what is signed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, Content, ItemId, Kind, Language, Moment, Refusal,
    circuit::Matter,
    matter::is_name,
    party::Person,
    policy::{Finding, Mode, Rule, RuleSet, Waiver},
    text::line,
};

/// A short text in each language that somebody wrote it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Line(pub BTreeMap<Language, String>);

impl Line {
    /// The text in the first of these languages that has one; failing that, in any.
    pub fn read(&self, languages: &[Language]) -> &str {
        let wanted = languages.iter().find_map(|language| self.0.get(language));
        wanted.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Refuses what is no line: nothing, too much, or what breaks it.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`.
    pub(crate) fn parse(self) -> Result<Self, Refusal> {
        let mut lines = BTreeMap::new();
        for (language, text) in self.0 {
            let text = line::line(&text, "line", ceiling::LINE)?;
            if !text.is_empty() {
                lines.insert(language, text);
            }
        }
        bounded("line", ceiling::LANGUAGES, lines.len())?;
        if lines.is_empty() {
            return Err(Refusal::Malformed { field: "line".to_owned() });
        }
        Ok(Self(lines))
    }
}

/// For which posts something is meant. An empty list is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Of these kinds.
    #[serde(default)]
    pub kinds: BTreeSet<Kind>,
    /// To one of these channels at least.
    #[serde(default)]
    pub channels: BTreeSet<ChannelId>,
    /// That speak of one of these matters at least.
    #[serde(default)]
    pub matters: BTreeSet<Matter>,
}

impl Scope {
    fn covers(&self, content: &Content, matters: &BTreeSet<Matter>) -> bool {
        let goes = |channel: &ChannelId| content.targets.iter().any(|target| target.channel == *channel);
        (self.kinds.is_empty() || self.kinds.contains(&content.kind))
            && (self.channels.is_empty() || self.channels.iter().any(goes))
            && (self.matters.is_empty() || !self.matters.is_disjoint(matters))
    }

    fn parse(&self) -> Result<(), Refusal> {
        bounded("channels", ceiling::LISTED, self.channels.len())
    }
}

/// Whether it is to be done or to be left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Do.
    Do,
    /// Don't.
    Dont,
}

/// A do or a don't.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Which of the two.
    pub tone: Tone,
    /// What it says.
    pub line: Line,
    /// For which posts.
    #[serde(default)]
    pub scope: Scope,
}

/// Of whom an item is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Whoever submits.
    Author,
    /// Whoever agrees.
    Approver,
    /// Each of them.
    Both,
}

/// On which side of a submission somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Submitting.
    Author,
    /// Deciding.
    Approver,
}

/// What ticks an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "way", deny_unknown_fields)]
pub enum Way {
    /// A person.
    Hand,
    /// A rule of the policy that finds nothing.
    Rule {
        /// Which.
        rule: Rule,
    },
    /// That the post does not speak of something.
    Matter {
        /// Of what.
        matter: Matter,
    },
}

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its identity: what is ticked names it.
    pub id: ItemId,
    /// What it says.
    pub line: Line,
    /// Of whom it is asked.
    pub asked: Asked,
    /// What ticks it.
    pub way: Way,
    /// Whether nothing is submitted, or agreed to, while it is open.
    pub required: bool,
    /// For which posts.
    #[serde(default)]
    pub scope: Scope,
}

impl Item {
    /// Whether it is asked of a side.
    pub const fn is_of(&self, side: Side) -> bool {
        matches!(
            (self.asked, side),
            (Asked::Both, _) | (Asked::Author, Side::Author) | (Asked::Approver, Side::Approver)
        )
    }
}

/// Somebody who holds an office. Their name is looked for in what is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Their name as it is written.
    pub name: String,
    /// Their office, to tell who it is.
    pub office: String,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// Counts its changes: what is ticked is ticked under one version.
    #[serde(default)]
    pub version: u32,
    /// Dos and don'ts.
    #[serde(default)]
    pub advice: Vec<Advice>,
    /// The checklist.
    #[serde(default)]
    pub checklist: Vec<Item>,
    /// Who holds an office.
    #[serde(default)]
    pub officers: Vec<Officer>,
}

/// Ceilings: what more than this says, nobody reads. It is read with every post.
mod ceiling {
    /// A line, in bytes.
    pub const LINE: usize = 300;
    /// Languages of a line.
    pub const LANGUAGES: usize = 8;
    /// Dos and don'ts.
    pub const ADVICE: usize = 60;
    /// Items.
    pub const ITEMS: usize = 40;
    /// Office-holders: a provincial council has some dozens.
    pub const OFFICERS: usize = 200;
    /// A name or an office, in bytes.
    pub const NAME: usize = 200;
    /// Things that one scope lists.
    pub const LISTED: usize = 100;
    /// All of it as JSON, in bytes.
    pub const ALL: usize = 60_000;
}

fn bounded(field: &str, limit: usize, length: usize) -> Result<(), Refusal> {
    let (limit, length) = (limit as u64, length as u64);
    if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(()) }
}

/// What a person ticked by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// The version of the list that they saw.
    pub version: u32,
    /// What they ticked.
    pub items: BTreeSet<ItemId>,
}

/// How an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It is ticked.
    Done,
    /// A rule found something, and somebody let it pass with a reason.
    LetPass,
    /// It is not ticked.
    Open,
}

/// What is asked of a post: what is said of it, and the checklist with what the machine ticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Guide {
    /// The version.
    pub version: u32,
    /// The dos and don'ts that are meant for it.
    pub advice: Vec<Advice>,
    /// The items that are asked, each with its mark if a machine ticks it.
    pub items: Vec<(Item, Option<Mark>)>,
}

impl Guide {
    /// The items that are asked of a side.
    pub fn of(&self, side: Side) -> impl Iterator<Item = &(Item, Option<Mark>)> {
        self.items.iter().filter(move |(item, _)| item.is_of(side))
    }

    /// The required items of a side that stay open with these ticks.
    pub fn open<'a>(&'a self, side: Side, ticked: &'a BTreeSet<ItemId>) -> impl Iterator<Item = &'a Item> {
        let open = |(item, mark): &&(Item, Option<Mark>)| item.required && mark_of(item, *mark, ticked) == Mark::Open;
        self.of(side).filter(open).map(|(item, _)| item)
    }
}

fn mark_of(item: &Item, machine: Option<Mark>, ticked: &BTreeSet<ItemId>) -> Mark {
    machine.unwrap_or(if ticked.contains(&item.id) { Mark::Done } else { Mark::Open })
}

/// What the checklist is held against.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The content.
    pub content: &'a Content,
    /// What the rules found in it.
    pub findings: &'a [Finding],
    /// What was let pass.
    pub waivers: &'a [Waiver],
    /// What each rule does.
    pub rules: &'a RuleSet,
    /// What it speaks of.
    pub matters: &'a BTreeSet<Matter>,
}

impl Look<'_> {
    fn mark(&self, way: Way) -> Option<Mark> {
        Some(match way {
            Way::Hand => return None,
            Way::Matter { matter } if self.matters.contains(&matter) => Mark::Open,
            Way::Matter { .. } => Mark::Done,
            // Nobody looked.
            Way::Rule { rule } if self.rules.mode(rule) == Mode::Off => Mark::Open,
            Way::Rule { rule } => {
                let mut mark = Mark::Done;
                for finding in self.findings.iter().filter(|finding| finding.rule == rule) {
                    let fingerprint = finding.fingerprint();
                    if !self.waivers.iter().any(|waiver| waiver.fingerprint == fingerprint) {
                        return Some(Mark::Open);
                    }
                    mark = Mark::LetPass;
                }
                mark
            }
        })
    }
}

/// An item as it stood when something was submitted or decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticked {
    /// Which.
    pub item: ItemId,
    /// What it said then.
    pub text: String,
    /// What ticks it.
    pub way: Way,
    /// Whether it was required.
    pub required: bool,
    /// How it stood.
    pub mark: Mark,
}

/// The checklist of one submission or decision: evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Whether it was submitted or decided.
    pub side: Side,
    /// In which round.
    pub round: u32,
    /// By whom.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// Under which version of the list.
    pub version: u32,
    /// Over which content.
    pub content_hash: String,
    /// Item by item.
    pub items: Vec<Ticked>,
}

impl Guidance {
    /// Takes over a new one. It is another version only if something changed.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed`, `Doubled`.
    pub fn become_new(self, wanted: Guidance) -> Result<Self, Refusal> {
        let version = self.version;
        let parsed = Guidance { version, ..wanted }.parse()?;
        let version = version + u32::from(parsed != self);
        Ok(Self { version, ..parsed })
    }

    fn parse(self) -> Result<Self, Refusal> {
        bounded("advice", ceiling::ADVICE, self.advice.len())?;
        bounded("checklist", ceiling::ITEMS, self.checklist.len())?;
        bounded("officers", ceiling::OFFICERS, self.officers.len())?;
        let doubled = |place: usize, item: &Item| self.checklist[..place].iter().any(|other| other.id == item.id);
        if self.checklist.iter().enumerate().any(|(place, item)| doubled(place, item)) {
            return Err(Refusal::Doubled { field: "checklist".to_owned() });
        }
        let advice = self.advice.into_iter().map(|advice| {
            advice.scope.parse()?;
            Ok(Advice { line: advice.line.parse()?, ..advice })
        });
        let checklist = self.checklist.into_iter().map(|item| {
            item.scope.parse()?;
            Ok(Item { line: item.line.parse()?, ..item })
        });
        let officers = self.officers.into_iter().map(|officer| {
            let words = |text: &str| line::line(text, "officers", ceiling::NAME);
            let (name, office) = (words(&officer.name)?, words(&officer.office)?);
            if !is_name(&name) {
                return Err(Refusal::Malformed { field: "officers".to_owned() });
            }
            Ok(Officer { name, office })
        });
        let parsed = Self {
            version: self.version,
            advice: advice.collect::<Result<_, Refusal>>()?,
            checklist: checklist.collect::<Result<_, Refusal>>()?,
            officers: officers.collect::<Result<_, Refusal>>()?,
        };
        let length = serde_json::to_string(&parsed).map(|text| text.len()).unwrap_or_default();
        bounded("guidance", ceiling::ALL, length)?;
        Ok(parsed)
    }

    /// What is asked of a post.
    pub fn guide(&self, look: Look<'_>) -> Guide {
        let covers = |scope: &Scope| scope.covers(look.content, look.matters);
        let items = self.checklist.iter().filter(|item| covers(&item.scope));
        Guide {
            version: self.version,
            advice: self.advice.iter().filter(|advice| covers(&advice.scope)).cloned().collect(),
            items: items.map(|item| (item.clone(), look.mark(item.way))).collect(),
        }
    }

    /// Goes through the checklist of a side: how each item stands. `agrees` is false for who sends back: they need not
    /// have looked at everything.
    ///
    /// # Errors
    /// `OtherChecklist`, `Malformed` when something was ticked that is not on the list, `Unticked`.
    pub fn check(
        &self,
        side: Side,
        look: Look<'_>,
        checked: Option<&Checked>,
        agrees: bool,
        languages: &[Language],
    ) -> Result<Vec<Ticked>, Refusal> {
        let none = BTreeSet::new();
        let ticked = match checked {
            Some(checked) if checked.version != self.version => {
                return Err(Refusal::OtherChecklist { version: self.version });
            }
            Some(checked) => &checked.items,
            None => &none,
        };
        let known = |id: &ItemId| self.checklist.iter().any(|item| item.id == *id);
        if !ticked.iter().all(known) {
            return Err(Refusal::Malformed { field: "checklist".to_owned() });
        }
        let guide = self.guide(look);
        let open: Vec<String> = guide.open(side, ticked).map(|item| item.line.read(languages).to_owned()).collect();
        if agrees && !open.is_empty() {
            return Err(Refusal::Unticked { items: open });
        }
        let ticked = guide.of(side).map(|(item, machine)| Ticked {
            item: item.id.clone(),
            text: item.line.read(languages).to_owned(),
            way: item.way,
            required: item.required,
            mark: mark_of(item, *machine, ticked),
        });
        Ok(ticked.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MemberId,
        policy::{Evidence, Field, Place},
    };

    fn line(text: &str) -> Line {
        Line(BTreeMap::from([(Language::spanish(), text.to_owned())]))
    }

    fn item(n: u128, asked: Asked, way: Way, required: bool) -> Item {
        let line = line(&format!("Punto {n}"));
        Item { id: ItemId::from_bits(n), line, asked, way, required, scope: Scope::default() }
    }

    fn guidance(checklist: Vec<Item>) -> Guidance {
        Guidance { version: 3, checklist, ..Guidance::default() }
    }

    struct Bench {
        content: Content,
        findings: Vec<Finding>,
        waivers: Vec<Waiver>,
        rules: RuleSet,
        matters: BTreeSet<Matter>,
    }

    impl Bench {
        fn new() -> Self {
            let (content, rules) = (Content::default(), RuleSet::default());
            Self { content, findings: vec![], waivers: vec![], rules, matters: BTreeSet::new() }
        }

        fn look(&self) -> Look<'_> {
            let Self { content, findings, waivers, rules, matters } = self;
            Look { content, findings, waivers, rules, matters }
        }

        fn check(&self, guidance: &Guidance, side: Side, ticked: &[u128]) -> Result<Vec<Mark>, Refusal> {
            let items = ticked.iter().map(|n| ItemId::from_bits(*n)).collect();
            let checked = Checked { version: 3, items };
            let ticked = guidance.check(side, self.look(), Some(&checked), true, &[Language::spanish()]);
            Ok(ticked?.into_iter().map(|one| one.mark).collect())
        }
    }

    fn unticked(n: u128) -> Refusal {
        Refusal::Unticked { items: vec![format!("Punto {n}")] }
    }

    #[test]
    fn what_is_required_of_a_side_is_ticked_by_it_or_refused() {
        let list = guidance(vec![
            item(1, Asked::Author, Way::Hand, true),
            item(2, Asked::Approver, Way::Hand, true),
            item(3, Asked::Both, Way::Hand, false),
        ]);
        let bench = Bench::new();
        assert_eq!(bench.check(&list, Side::Author, &[]), Err(unticked(1)));
        assert_eq!(bench.check(&list, Side::Author, &[2]), Err(unticked(1)));
        assert_eq!(bench.check(&list, Side::Author, &[1]), Ok(vec![Mark::Done, Mark::Open]));
        assert_eq!(bench.check(&list, Side::Approver, &[2, 3]), Ok(vec![Mark::Done, Mark::Done]));
        let nothing = list.check(Side::Approver, bench.look(), None, true, &[]);
        assert_eq!(nothing, Err(unticked(2)));
        let back = list.check(Side::Approver, bench.look(), None, false, &[]).unwrap();
        assert_eq!(back.iter().map(|one| one.mark).collect::<Vec<_>>(), [Mark::Open, Mark::Open]);
    }

    #[test]
    fn a_machine_ticks_what_it_looked_at_and_no_hand_does_it_for_it() {
        let list = guidance(vec![
            item(1, Asked::Both, Way::Rule { rule: Rule::AltText }, true),
            item(2, Asked::Both, Way::Matter { matter: Matter::Minors }, false),
        ]);
        let mut bench = Bench::new();
        assert_eq!(bench.check(&list, Side::Author, &[]), Ok(vec![Mark::Done, Mark::Done]));
        bench.matters.insert(Matter::Minors);
        let place = Place { channel: None, language: None, field: Field::Picture { index: 0 }, range: None };
        let finding = Finding { rule: Rule::AltText, mode: Mode::Block, place, evidence: Evidence::Missing };
        bench.findings = vec![finding.clone()];
        assert_eq!(bench.check(&list, Side::Author, &[1, 2]), Err(unticked(1)));
        let waiver = Waiver {
            fingerprint: finding.fingerprint(),
            rule: Rule::AltText,
            reason: "Es un adorno.".to_owned(),
            by: MemberId::from_bits(1),
            at: Moment(0),
        };
        bench.waivers = vec![waiver];
        assert_eq!(bench.check(&list, Side::Author, &[2]), Ok(vec![Mark::LetPass, Mark::Open]));
        // A rule that is off has looked at nothing.
        bench.findings.clear();
        bench.rules.0.insert(Rule::AltText, Mode::Off);
        assert_eq!(bench.check(&list, Side::Approver, &[]), Err(unticked(1)));
    }

    #[test]
    fn an_item_is_asked_only_of_the_posts_it_is_meant_for() {
        let scope = Scope {
            kinds: BTreeSet::from([Kind::Legal]),
            channels: BTreeSet::from([ChannelId::from_bits(1)]),
            matters: BTreeSet::from([Matter::Money]),
        };
        let list = guidance(vec![Item { scope, ..item(1, Asked::Both, Way::Hand, true) }]);
        let mut bench = Bench::new();
        let asked = |bench: &Bench| list.guide(bench.look()).items.len();
        assert_eq!(asked(&bench), 0);
        bench.content.kind = Kind::Legal;
        bench.matters.insert(Matter::Money);
        assert_eq!(asked(&bench), 0);
        bench.content.targets = vec![crate::Target::new(ChannelId::from_bits(1), vec![])];
        assert_eq!(asked(&bench), 1);
        assert_eq!(bench.check(&list, Side::Author, &[]), Err(unticked(1)));
        bench.matters.clear();
        assert_eq!(bench.check(&list, Side::Author, &[]), Ok(vec![]));
    }

    #[test]
    fn another_version_or_an_item_that_is_not_there_is_refused() {
        let list = guidance(vec![item(1, Asked::Author, Way::Hand, true)]);
        let bench = Bench::new();
        let of = |version, n| Checked { version, items: BTreeSet::from([ItemId::from_bits(n)]) };
        let check = |checked: Checked| list.check(Side::Author, bench.look(), Some(&checked), true, &[]).map(|_| ());
        assert_eq!(check(of(2, 1)), Err(Refusal::OtherChecklist { version: 3 }));
        assert_eq!(check(of(3, 9)), Err(Refusal::Malformed { field: "checklist".to_owned() }));
        assert_eq!(check(of(3, 1)), Ok(()));
    }

    #[test]
    fn a_change_is_a_new_version_and_the_same_again_is_none() {
        let wanted = Guidance { version: 77, ..guidance(vec![item(1, Asked::Both, Way::Hand, true)]) };
        let first = Guidance::default().become_new(wanted.clone()).unwrap();
        assert_eq!(first.version, 1);
        assert_eq!(first.clone().become_new(wanted).unwrap().version, 1);
        assert_eq!(first.become_new(Guidance::default()).unwrap().version, 2);
    }

    #[test]
    fn what_says_nothing_or_too_much_is_refused() {
        let no = |wanted: Guidance| Guidance::default().become_new(wanted).unwrap_err();
        let advice = |text: &str| {
            let advice = Advice { tone: Tone::Do, line: line(text), scope: Scope::default() };
            Guidance { advice: vec![advice], ..Guidance::default() }
        };
        assert_eq!(no(advice(" ")), Refusal::Malformed { field: "line".to_owned() });
        assert_eq!(no(advice("al\u{202E}revés")), Refusal::Malformed { field: "line".to_owned() });
        assert!(matches!(no(advice(&"a".repeat(301))), Refusal::TooLarge { .. }));
        let doubled = vec![item(1, Asked::Both, Way::Hand, true), item(1, Asked::Author, Way::Hand, true)];
        assert_eq!(no(guidance(doubled)), Refusal::Doubled { field: "checklist".to_owned() });
        let many = (0..41).map(|n| item(n, Asked::Both, Way::Hand, true)).collect();
        assert!(matches!(no(guidance(many)), Refusal::TooLarge { .. }));
        let officer = Officer { name: "··· ".to_owned(), office: String::new() };
        let nameless = Guidance { officers: vec![officer], ..Guidance::default() };
        assert_eq!(no(nameless), Refusal::Malformed { field: "officers".to_owned() });
        let officer = Officer { name: "Ana Ruiz".to_owned(), office: "Alcal\u{202E}desa".to_owned() };
        let hides = Guidance { officers: vec![officer], ..Guidance::default() };
        assert_eq!(no(hides), Refusal::Malformed { field: "officers".to_owned() });
    }

    #[test]
    fn a_line_is_read_in_the_first_language_that_it_has() {
        let mut both = line("Con cita");
        both.0.insert(Language::english(), "With an appointment".to_owned());
        assert_eq!(both.read(&[Language::english()]), "With an appointment");
        assert_eq!(line("Con cita").read(&[Language::english()]), "Con cita");
        assert_eq!(Line::default().read(&[]), "");
    }
}
