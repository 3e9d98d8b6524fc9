//! The post while it is being written: its content, what the rules find in it, and how safe it is.
//! Separate from every part of the screen: the parts change the content, only this file stores it.
//!
//! A change is kept on this device at the first pause (or when the page is hidden) and at the engine 1.5 s after the last key.
//! Nothing that was typed waits for an answer to exist somewhere.

use std::collections::BTreeSet;

use domain::{
    Act, Approval, Belonging, CampaignId, Channel, ChannelId, Content, Decision, ItemId, Language, MemberId, Picture,
    PostId, Refusal, Role, StageName, TemplateId, Utm, Version,
    guidance::Guidance,
    matter::{self, Remark, Sighting},
    may,
    merge::{Field as Part, Side, merge},
    occasion::Occasion,
    policy::{self, Context, Evidence, Field, Finding, Mode, Rule, Waiver},
    translation::{self, Behind, Original},
    utm::Tag,
};
use gloo_timers::future::TimeoutFuture;
use leptos::{
    leptos_dom::helpers::{TimeoutHandle, window_event_listener_untyped},
    prelude::*,
    task::spawn_local,
};
use wire::{
    Nothing,
    campaigns::{BELONG, Belong},
    posts::{self, PostView, Save},
    session::Me,
};
use words::Lang;

use super::agreeing::Planned;
use crate::{
    api::{self, Problem},
    pages::naming::Book,
    platform::time,
    state::drafts::{self, LocalDraft},
};

/// After the last key. Shorter would store half words; longer would show others old text.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(1_500);
/// After the last key, before what was typed is drawn and judged: shorter than a look up from the keys.
const BREATH: std::time::Duration = std::time::Duration::from_millis(200);
/// When there was no connection.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(10);

/// So many contents are remembered whose answer got lost.
const MOST_UNSURE: usize = 20;

/// How safe what was typed is.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// Nothing was typed yet.
    Fresh,
    /// On this device, on its way to the engine.
    Device,
    /// Being stored.
    Saving,
    /// At the engine since.
    Stored(domain::Moment),
    /// On this device; no connection.
    Offline,
    /// On this device; the session ended.
    SignedOut,
    /// On this device; the engine does not take it.
    Refused(Refusal),
    /// Not even on this device: its storage is full or forbidden.
    Nowhere,
}

/// What a new post begins with, where whoever began it said so.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Start {
    /// Where it goes, and nowhere else.
    pub channel: Option<ChannelId>,
    /// What it belongs to.
    pub belongs: Belonging,
    /// The template that it is begun with.
    pub template: Option<TemplateId>,
    /// What it is about.
    pub about: Option<Occasion>,
}

/// What somebody else stored while it was being written, and what came of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// Their name.
    pub by: String,
    /// When they did.
    pub at: domain::Moment,
    /// What stood here before.
    pub before: Content,
    /// What stands here with their changes.
    pub after: Content,
}

/// What the engine has.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    version: u64,
    content: Content,
    /// Since when; nothing until it was stored once.
    at: Option<domain::Moment>,
}

/// How each campaign is called in a link, if it can be.
pub type Called = Vec<(CampaignId, Option<Tag>)>;

/// The post while it is being written.
#[derive(Debug, Clone, Copy)]
pub struct Editor {
    /// The desk's language.
    pub lang: Lang,
    /// What was typed.
    pub content: RwSignal<Content>,
    /// What is drawn and judged: what was typed, once a pause was made.
    pub seen: RwSignal<Content>,
    /// What the rules find in it.
    pub findings: RwSignal<Vec<Finding>>,
    /// What the library finds, as the engine said when it was last stored: the desk does not know what it knows.
    pub rights: RwSignal<Vec<Finding>>,
    /// What was waived.
    pub waivers: RwSignal<Vec<Waiver>>,
    /// What was agreed to, as far as this page has seen it.
    pub agreed: RwSignal<Option<Content>>,
    /// The language whose text is shown to be written.
    pub language: RwSignal<Language>,
    /// What it speaks of.
    pub sightings: RwSignal<Vec<Sighting>>,
    /// What was said of that.
    pub remarks: RwSignal<Vec<Remark>>,
    /// What the organisation asks; nothing until it has come.
    pub guidance: RwSignal<Guidance>,
    /// What it belongs to, as it is stored.
    pub belongs: RwSignal<Belonging>,
    /// What it is to belong to as soon as it is stored, where whoever began it said so (a gap in the plan). An engine that
    /// refuses it has the last word.
    pub wish: RwSignal<Option<Belonging>>,
    /// How each campaign is called in a link; nothing until the list has come.
    pub campaigns: RwSignal<Option<Called>>,
    /// The book of who is mentioned.
    pub book: Book,
    /// What was ticked by hand. Not kept: it is ticked over what is sent.
    pub ticked: RwSignal<BTreeSet<ItemId>>,
    /// Names of everybody who appears.
    pub names: RwSignal<Vec<(MemberId, String)>>,
    /// The stage it had when it was last stored.
    pub stage: RwSignal<StageName>,
    /// When it is to go out, and who has a hand in it.
    pub planned: RwSignal<Planned>,
    /// The decision that sent it back.
    pub returned: RwSignal<Option<Decision>>,
    /// How safe it is.
    pub saved: RwSignal<Saved>,
    /// What somebody else stored meanwhile, where a person has to choose.
    pub conflict: RwSignal<Option<PostView>>,
    /// What somebody else stored meanwhile, where nobody had to; until it was read.
    pub joined: RwSignal<Option<Joined>>,
    /// The channels.
    pub channels: RwSignal<Vec<Channel>>,
    /// Whether this is a correction of what is out: it is proposed as a whole, never stored while typing.
    pub correcting: bool,
    /// Who writes.
    pub me: StoredValue<Me>,
    /// The post.
    pub id: StoredValue<PostId>,
    stored: StoredValue<Stored>,
    /// Which translations are behind in what is stored.
    behind: RwSignal<Behind>,
    /// What was sent to be stored over what is stored, and of which nobody knows whether it arrived.
    unsure: StoredValue<Vec<Content>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    looking: StoredValue<Option<TimeoutHandle>>,
    /// Whether the book was asked for by what was typed: what fails is not asked for again at each key.
    looked_up: StoredValue<bool>,
    saving: StoredValue<bool>,
    checking: StoredValue<bool>,
}

impl Editor {
    /// Opens a post: a stored one, or a new one (`view` is none), which begins as `start` says.
    pub fn open(
        lang: Lang,
        me: Me,
        id: PostId,
        channels: Vec<Channel>,
        view: Option<&PostView>,
        correcting: bool,
        start: Start,
    ) -> Self {
        let first = me.organisation.languages.first().cloned().unwrap_or_else(Language::spanish);
        let about = start.about.map(|about| about.begun(first.clone(), &me.zone));
        let fresh = || Content {
            targets: first_targets(&me, &channels, start.channel.as_ref()),
            utm: me.organisation.policy.utm.begun(None),
            ..about.unwrap_or_default()
        };
        let content = view.map_or_else(fresh, |view| view.post.content.clone());
        let stored = Stored {
            version: view.map_or(0, |view| view.post.version),
            content: content.clone(),
            at: view.map(|view| view.changed),
        };
        let returned = view.and_then(|view| view.post.stage.returned().cloned());
        let editor = Self {
            lang,
            seen: RwSignal::new(content.clone()),
            content: RwSignal::new(content),
            findings: RwSignal::new(Vec::new()),
            rights: RwSignal::new(view.map(|view| of_library(&view.findings)).unwrap_or_default()),
            waivers: RwSignal::new(view.map(|view| view.waivers.clone()).unwrap_or_default()),
            agreed: RwSignal::new(view.and_then(agreed)),
            language: RwSignal::new(first),
            sightings: RwSignal::new(Vec::new()),
            remarks: RwSignal::new(view.map(|view| view.remarks.clone()).unwrap_or_default()),
            guidance: RwSignal::new(Guidance::default()),
            belongs: RwSignal::new(view.map(|view| view.post.belongs.clone()).unwrap_or_default()),
            wish: RwSignal::new(Some(start.belongs).filter(|wish| view.is_none() && *wish != Belonging::default())),
            campaigns: RwSignal::new(None),
            // What is written here is kept by itself.
            book: Book::new(true),
            ticked: RwSignal::new(BTreeSet::new()),
            names: RwSignal::new(view.map(|view| view.names.clone()).unwrap_or_default()),
            stage: RwSignal::new(view.map_or(StageName::Draft, |view| view.post.stage.name())),
            planned: RwSignal::new(view.map(Planned::of).unwrap_or_default()),
            returned: RwSignal::new(returned),
            saved: RwSignal::new(view.map_or(Saved::Fresh, |view| Saved::Stored(view.changed))),
            conflict: RwSignal::new(None),
            joined: RwSignal::new(None),
            channels: RwSignal::new(channels),
            correcting,
            me: StoredValue::new(me),
            id: StoredValue::new(id),
            stored: StoredValue::new(stored),
            behind: RwSignal::new(view.map(|view| view.behind.clone()).unwrap_or_default()),
            unsure: StoredValue::new(Vec::new()),
            timer: StoredValue::new(None),
            looking: StoredValue::new(None),
            looked_up: StoredValue::new(false),
            saving: StoredValue::new(false),
            checking: StoredValue::new(false),
        };
        editor.check();
        Effect::watch(move || editor.content.track(), move |(), _, _| editor.changed(), false);
        Effect::watch(move || editor.book.all.track(), move |(), _, _| editor.book_came(), false);
        // A page that is hidden may never be shown again: a phone ends it without a word.
        let hides = ["visibilitychange", "pagehide"];
        let hides = hides.map(|name| window_event_listener_untyped(name, move |_| editor.keep()));
        on_cleanup(move || {
            hides.into_iter().for_each(|listener| listener.remove());
            editor.leave();
        });
        editor
    }

    fn member(self) -> MemberId {
        self.me.with_value(|me| me.member.clone())
    }

    fn post(self) -> PostId {
        self.id.get_value()
    }

    /// Whether the member's role includes an act.
    pub fn may(self, act: Act) -> bool {
        self.me.with_value(|me| may(me.role, act))
    }

    /// Whether everything may be changed, not only what a translator or a designer brings.
    pub fn may_write(self) -> bool {
        if self.correcting { self.may(Act::Correct) } else { self.may(Act::Write) && !self.is_frozen() }
    }

    /// Whether it is out or cancelled: then it is read here, and corrected from its page.
    pub fn is_frozen(self) -> bool {
        !self.correcting && matches!(self.stage.get_untracked(), StageName::Out | StageName::Cancelled)
    }

    /// Whether the text of a language may be changed: a translator leaves the main language alone.
    pub fn may_text(self, language: &Language) -> bool {
        let translates = self.me.with_value(|me| {
            me.role == Role::Translator && me.organisation.languages.first().is_some_and(|main| main != language)
        });
        self.may_write() || (translates && !self.is_frozen())
    }

    /// Whether pictures may be changed.
    pub fn may_picture(self) -> bool {
        self.may_write() || (self.me.with_value(|me| me.role == Role::Designer) && !self.is_frozen())
    }

    /// How long a description may be: the tightest of the chosen networks is the one that counts. Tracked.
    pub fn longest_alt(self) -> u32 {
        let chosen: Vec<_> =
            self.seen.with(|content| content.targets.iter().map(|target| target.channel.clone()).collect());
        let limit = |channels: &Vec<domain::Channel>| {
            channels.iter().filter(|channel| chosen.contains(&channel.id)).map(|channel| channel.limits.alt_text).min()
        };
        self.channels.with(limit).unwrap_or(1_500)
    }

    /// The organisation's languages, and any other that the content already has.
    pub fn languages(self) -> Vec<Language> {
        let mut languages = self.me.with_value(|me| me.organisation.languages.clone());
        self.content.with_untracked(|content| {
            for language in content.texts.keys() {
                if !languages.contains(language) {
                    languages.push(language.clone());
                }
            }
        });
        languages
    }

    /// The language that the others are translated from. Tracks.
    pub fn source(self) -> Option<Language> {
        self.seen
            .with(|content| self.me.with_value(|me| translation::source(content, &me.organisation.languages).cloned()))
    }

    /// What the source of a translation said when somebody last wrote in the translation, if it says something else now. Tracks.
    pub fn lag(self, language: &Language) -> Option<Original> {
        self.behind.with(|behind| {
            self.seen.with(|now| {
                self.stored.with_value(|stored| {
                    self.me.with_value(|me| behind.lag(language, &stored.content, now, &me.organisation.languages))
                })
            })
        })
    }

    /// The version that is stored.
    pub fn version(self) -> u64 {
        self.stored.with_value(|stored| stored.version)
    }

    /// The content that is stored.
    pub fn stored_content(self) -> Content {
        self.stored.with_value(|stored| stored.content.clone())
    }

    fn is_changed(self) -> bool {
        self.stored.with_value(|stored| self.content.with_untracked(|content| *content != stored.content))
    }

    /// Whether nothing was written yet: an empty sheet is no fault, and is not scolded.
    pub fn is_blank(self) -> bool {
        self.seen.with(|content| {
            content.pictures.is_empty()
                && content.titles.is_empty()
                && content.texts.values().all(|text| text.trim().is_empty())
                && content.versions.is_empty()
        })
    }

    // --- the marks in links ---

    /// The campaign that it belongs to, or will as soon as it is stored. Tracks.
    pub fn campaign(self) -> Option<CampaignId> {
        self.wish.get().unwrap_or_else(|| self.belongs.get()).campaign
    }

    /// How that is called in a link: as it stands until the campaigns have come. Tracks.
    fn called(self) -> Option<Tag> {
        let campaign = self.campaign()?;
        let stands = || self.seen.with(|content| content.utm.as_ref().and_then(|utm| utm.campaign().cloned()));
        let of = |all: &Vec<(CampaignId, Option<Tag>)>| all.iter().find(|(id, _)| *id == campaign)?.1.clone();
        self.campaigns.with(|all| all.as_ref().map_or_else(stands, of))
    }

    /// How links would be marked if that was decided now. Tracks.
    pub fn marks_now(self) -> Option<Utm> {
        let called = self.called();
        self.me.with_value(|me| me.organisation.policy.utm.marks(called))
    }

    /// Has the links that are marked speak of the campaign that it belongs to.
    pub fn retag(self) {
        let called = untrack(|| self.called());
        let other = self
            .content
            .with_untracked(|content| content.utm.as_ref().filter(|utm| utm.campaign() != called.as_ref()).cloned());
        if let Some(utm) = other {
            self.content.update(|content| content.utm = Some(utm.of_campaign(called)));
        }
    }

    // --- whom it names ---

    /// The book has come, or is to be fetched anew.
    fn book_came(self) {
        if self.book.all.with_untracked(Option::is_some) {
            self.call_up();
        }
    }

    /// Has the content carry the accounts of whom it names, as the book has them; whether that changed anything. Whoever may not
    /// write leaves them as they are.
    fn call_up(self) -> bool {
        let translates = self.me.with_value(|me| me.role == Role::Translator) && !self.is_frozen();
        if !self.may_write() && !translates {
            return false;
        }
        let (named, book) = (
            self.content.with_untracked(|content| !content.named().is_empty()),
            self.book.all.with_untracked(Option::is_some),
        );
        if named && !book {
            if !self.looked_up.get_value() {
                self.looked_up.set_value(true);
                self.book.ask();
            }
            return false;
        }
        let contacts = self.content.with_untracked(|content| {
            self.book.all.with_untracked(|book| content.from_book(book.as_deref().unwrap_or_default()))
        });
        let other = self.content.with_untracked(|content| content.contacts != contacts);
        if other {
            self.content.update(|content| content.contacts = contacts);
        }
        other
    }

    // --- the rules ---

    /// What is drawn and judged follows what is typed as soon as a pause is made: eight versions and every rule take longer than
    /// there is between two keys. Whatever is no typing is followed at once.
    /// Answers whether it is kept on this device by now.
    fn look_on(self) -> bool {
        if let Some(timer) = self.looking.get_value() {
            timer.clear();
        }
        let pause = move || {
            self.keep();
            self.look();
        };
        if self.is_typing()
            && let Ok(timer) = set_timeout_with_handle(pause, BREATH)
        {
            self.looking.set_value(Some(timer));
            return false;
        }
        pause();
        true
    }

    fn look(self) {
        // The page may be gone by now.
        let Some(content) = self.content.try_get_untracked() else { return };
        self.seen.set(content);
        self.check();
    }

    /// Whether nothing but words of fields that were there changed since it was last looked at.
    fn is_typing(self) -> bool {
        self.content.with_untracked(|now| self.seen.with_untracked(|seen| is_retyped(seen, now)))
    }

    /// Looks at the content with every rule, and for what it speaks of, at the next frame: ten keys between two frames
    /// are one look.
    pub fn check(self) {
        if self.checking.get_value() {
            return;
        }
        self.checking.set_value(true);
        request_animation_frame(move || {
            if self.checking.try_update_value(|checking| *checking = false).is_none() {
                return;
            }
            let found = self.content.with_untracked(|content| {
                self.channels.with_untracked(|channels| {
                    self.me.with_value(|me| {
                        let organisation = &me.organisation;
                        let (languages, rules) = (&organisation.languages, &organisation.policy.rules);
                        policy::check(content, Context { channels, languages, rules })
                    })
                })
            });
            let rights = self.content.with_untracked(|content| {
                self.rights.with_untracked(|rights| {
                    rights.iter().filter_map(|one| still_there(one, content)).collect::<Vec<_>>()
                })
            });
            self.findings.set(found.into_iter().chain(rights).collect());
            let spoken = self.content.with_untracked(|content| {
                self.guidance.with_untracked(|guidance| matter::spoken_of(content, &guidance.officers))
            });
            if self.sightings.with_untracked(|before| *before != spoken) {
                self.sightings.set(spoken);
            }
        });
    }

    /// The findings that stop it: blocking and not waived. Tracks both.
    pub fn blocking(self) -> Vec<Finding> {
        let waived = self.waivers.get();
        let blocks = |finding: &Finding| {
            finding.mode == Mode::Block
                && (finding.rule.is_physical() || {
                    let fingerprint = finding.fingerprint();
                    !waived.iter().any(|waiver| waiver.fingerprint == fingerprint)
                })
        };
        self.findings.with(|findings| findings.iter().filter(|finding| blocks(finding)).cloned().collect())
    }

    // --- storing ---

    fn changed(self) {
        if self.call_up() {
            // What it carries now brings us here again.
            return;
        }
        let is_kept = self.look_on();
        if !self.is_changed() {
            drafts::forget(&self.member(), &self.post());
            // What was typed was taken back before it was stored: what the engine has is all there is.
            if !self.saving.get_value() {
                let at = self.stored.with_value(|stored| stored.at);
                self.saved.set(at.map_or(Saved::Fresh, Saved::Stored));
            }
            return;
        }
        // Said at once, and true within a breath: all of it written at each key is what the next one would wait for.
        if !is_kept && self.saved.with_untracked(|saved| *saved != Saved::Nowhere) {
            self.say(Saved::Device);
        }
        if !self.correcting && self.conflict.with_untracked(Option::is_none) {
            self.later(PAUSE);
        }
    }

    /// Keeps on this device what the engine does not have.
    fn keep(self) {
        if self.content.try_with_untracked(|_| ()).is_some() && self.is_changed() {
            let kept = drafts::keep(&self.member(), &self.post(), &self.draft());
            self.say(if kept { Saved::Device } else { Saved::Nowhere });
        }
    }

    /// Says how safe it is, where that is news.
    fn say(self, saved: Saved) {
        if self.saved.with_untracked(|before| *before != saved) {
            self.saved.set(saved);
        }
    }

    fn draft(self) -> LocalDraft {
        let stored = self.stored.get_value();
        LocalDraft {
            content: self.content.get_untracked(),
            started_from: stored.content,
            version: stored.version,
            at: time::now(),
        }
    }

    fn later(self, wait: std::time::Duration) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let store = move || spawn_local(async move { drop(self.store().await) });
        self.timer.set_value(set_timeout_with_handle(store, wait).ok());
    }

    /// Stores what was typed and waits until it is. Used before anything that speaks of the stored version.
    ///
    /// # Errors
    /// Whatever the engine answers. After a stale version what somebody else stored is fetched and put together with this; it is
    /// stored with the next change, not by this call: who submits next must have read it.
    pub async fn store(self) -> Result<(), Problem> {
        // One at a time: two at once would make each other stale.
        while self.saving.try_get_value() == Some(true) {
            TimeoutFuture::new(50).await;
        }
        if self.saving.try_get_value().is_none() || !self.is_changed() {
            return Ok(());
        }
        self.saving.set_value(true);
        self.saved.set(Saved::Saving);
        let sent = self.content.get_untracked();
        let save = Save { version: self.version(), content: sent.clone() };
        let answer = stored(self.post(), save, self.wish.get_untracked()).await;
        if self.saving.try_update_value(|saving| *saving = false).is_none() {
            // The page was left; `leave` has stored it as well, and storing the same twice changes nothing.
            return answer.map(drop);
        }
        match answer {
            Ok(view) => {
                self.take(&view, sent);
                Ok(())
            }
            Err(problem) => {
                self.not_stored(&problem, sent).await;
                Err(problem)
            }
        }
    }

    /// The engine has `sent`; what was typed meanwhile follows.
    fn take(self, view: &PostView, mut sent: Content) {
        let now = time::now();
        let contacts = &view.post.content.contacts;
        if sent.contacts != *contacts {
            let settled = Content { contacts: contacts.clone(), ..sent.clone() };
            if settled == view.post.content {
                // The book says otherwise since it was fetched here: the engine's word is what stands, and it is fetched anew.
                self.book.all.set(None);
                self.looked_up.set_value(false);
                if self.content.with_untracked(|content| content.contacts == sent.contacts) {
                    self.content.update(|content| content.contacts.clone_from(contacts));
                }
                sent = settled;
            }
        }
        self.stored.set_value(Stored { version: view.post.version, content: sent, at: Some(now) });
        self.behind.set(view.behind.clone());
        self.agreed.update(|known| *known = agreed(view).or_else(|| known.take()));
        self.unsure.set_value(Vec::new());
        self.waivers.set(view.waivers.clone());
        let rights = of_library(&view.findings);
        if self.rights.with_untracked(|before| *before != rights) {
            self.rights.set(rights);
            self.check();
        }
        self.remarks.set(view.remarks.clone());
        // What the engine has is what is shown, also where it had other reasons than the wish.
        self.wish.set(None);
        self.belongs.set(view.post.belongs.clone());
        self.names.set(view.names.clone());
        self.planned.set(Planned::of(view));
        self.stage.set(view.post.stage.name());
        if self.is_changed() {
            drafts::keep(&self.member(), &self.post(), &self.draft());
            self.saved.set(Saved::Device);
            self.later(PAUSE);
        } else {
            drafts::forget(&self.member(), &self.post());
            self.saved.set(Saved::Stored(now));
        }
    }

    /// Whether a content is what stands here, or one of ours of which nobody knew whether it arrived.
    fn is_ours(self, content: &Content) -> bool {
        self.content.try_with_untracked(|mine| mine == content) == Some(true)
            || self.unsure.try_with_value(|sent| sent.contains(content)) == Some(true)
    }

    /// Its answer got lost: it may have been stored all the same.
    fn may_be_stored(self, sent: Content) {
        let _ = self.unsure.try_update_value(|unsure| {
            if !unsure.contains(&sent) {
                // The first are the likeliest to have arrived: after them the connection was gone.
                unsure.truncate(MOST_UNSURE - 1);
                unsure.push(sent);
            }
        });
    }

    async fn not_stored(self, problem: &Problem, sent: Content) {
        match problem {
            Problem::Fault(fault) if matches!(fault.refusal, Refusal::Stale { .. } | Refusal::Doubled { .. }) => {
                let view = api::call(&posts::READ, &[self.post().as_str()], &Nothing {}).await;
                match view {
                    // An answer that got lost on its way: it was stored after all, and what was typed since follows.
                    Ok(view) if self.is_ours(&view.post.content) => {
                        let content = view.post.content.clone();
                        if self.voids(&view) && self.content.try_with_untracked(|mine| *mine == content) == Some(false)
                        {
                            // Somebody submitted it, or agreed to it, before the answer was missed: a word more is asked about.
                            let base = Stored { version: self.version(), content, at: None };
                            if self.stored.try_set_value(base).is_none() {
                                self.meet(view);
                            }
                            return;
                        }
                        // What it was begun for goes with the answer that never came.
                        let view = match self.wish.try_get_untracked().flatten() {
                            Some(wish) => belonging(&self.post(), view, wish).await,
                            None => view,
                        };
                        self.take(&view, content);
                    }
                    Ok(view) if self.saved.try_set(Saved::Device).is_none() => self.meet(view),
                    Ok(_) => {}
                    Err(_) => self.wait_for_connection(Saved::Offline),
                }
            }
            Problem::Fault(fault) if fault.refusal == Refusal::Unavailable => {
                self.may_be_stored(sent);
                self.wait_for_connection(Saved::Offline);
            }
            Problem::Fault(fault) => drop(self.saved.try_set(Saved::Refused(fault.refusal.clone()))),
            Problem::Offline => {
                self.may_be_stored(sent);
                self.wait_for_connection(Saved::Offline);
            }
            Problem::SignedOut => self.wait_for_connection(Saved::SignedOut),
        }
    }

    fn wait_for_connection(self, state: Saved) {
        if self.saved.try_set(state).is_none() {
            self.later(AGAIN);
        }
    }

    /// Whether an edit would void what was asked for, agreed to or placed since this was opened.
    fn voids(self, view: &PostView) -> bool {
        let stage = view.post.stage.name();
        !self.correcting && stage != StageName::Draft && self.stage.try_get_untracked() != Some(stage)
    }

    /// Somebody else stored it since: both are put together. A person is asked where both changed the same, or where it is no
    /// longer in the stage that it was in: a word more would void what was asked for or agreed to meanwhile.
    fn meet(self, view: PostView) {
        let mine = self.content.get_untracked();
        let found = merge(&self.stored_content(), &mine, &view.post.content, &|_| Side::Mine);
        if self.voids(&view) || !found.clashes.is_empty() {
            self.names.set(view.names.clone());
            self.conflict.set(Some(view));
            return;
        }
        if found.content != mine {
            let by = view.writer.as_ref().unwrap_or(&view.post.author);
            let by = crate::pages::around::name_of(&view.names, by);
            let at = view.written.unwrap_or(view.changed);
            self.joined.set(Some(Joined { by, at, before: mine, after: found.content.clone() }));
        }
        self.adopt(view, found.content);
    }

    /// What both sides changed to different values, while somebody is asked. Tracks what is typed meanwhile.
    pub fn clashes(self) -> Vec<Part> {
        self.conflict.with(|conflict| {
            let theirs = conflict.as_ref().map(|view| &view.post.content);
            let clashes =
                |theirs| self.content.with(|mine| merge(&self.stored_content(), mine, theirs, &|_| Side::Mine).clashes);
            theirs.map(clashes).unwrap_or_default()
        })
    }

    /// Ends a conflict: what only one side changed is taken from that side, and the rest as somebody chose.
    pub fn settle(self, choose: &dyn Fn(&Part) -> Side) {
        let Some(view) = self.conflict.get_untracked() else { return };
        let mine = self.content.get_untracked();
        let chosen = merge(&self.stored_content(), &mine, &view.post.content, choose).content;
        self.adopt(view, chosen);
    }

    /// Ends a conflict with what is stored; what was typed here goes.
    pub fn give_way(self) {
        let Some(view) = self.conflict.get_untracked() else { return };
        let theirs = view.post.content.clone();
        self.adopt(view, theirs);
    }

    /// Goes on from what is stored, with a content.
    fn adopt(self, view: PostView, content: Content) {
        self.unsure.set_value(Vec::new());
        self.planned.set(Planned::of(&view));
        self.agreed.update(|known| *known = agreed(&view).or_else(|| known.take()));
        self.stored.set_value(Stored {
            version: view.post.version,
            content: view.post.content,
            at: Some(view.changed),
        });
        self.behind.set(view.behind);
        self.rights.set(of_library(&view.findings));
        self.waivers.set(view.waivers);
        self.remarks.set(view.remarks);
        self.wish.set(None);
        self.belongs.set(view.post.belongs);
        self.names.set(view.names);
        self.stage.set(view.post.stage.name());
        self.conflict.set(None);
        self.content.set(content);
    }

    /// Takes what an act on the stored post answered (a waiver). Not every act says of which content it was meant: where somebody else
    /// stored another meanwhile, that is met like any other.
    pub fn follow(self, view: &PostView) {
        let content = self.stored_content();
        if view.post.content == content {
            self.take(view, content);
        } else {
            self.meet(view.clone());
        }
    }

    /// Puts back what this device kept.
    pub fn restore(self, draft: LocalDraft, view: Option<&PostView>) {
        let now_stored = self.stored_content();
        if draft.version != self.version() && draft.started_from != now_stored && draft.content != now_stored {
            // Somebody else stored another version since.
            self.stored.update_value(|stored| {
                stored.version = draft.version;
                stored.content = draft.started_from;
            });
            self.content.set(draft.content);
            if let Some(view) = view {
                self.meet(view.clone());
            }
            return;
        }
        self.content.set(draft.content);
    }

    /// The page is left: what was not stored yet is sent without waiting; the device keeps it until it is stored.
    fn leave(self) {
        for timer in [self.timer, self.looking].into_iter().filter_map(|timer| timer.get_value()) {
            timer.clear();
        }
        self.keep();
        if self.correcting || self.conflict.with_untracked(Option::is_some) || !self.is_changed() {
            return;
        }
        let (member, post, draft, wish) = (self.member(), self.post(), self.draft(), self.wish.get_untracked());
        spawn_local(async move {
            let save = Save { version: draft.version, content: draft.content.clone() };
            let stored = stored(post.clone(), save, wish).await.is_ok();
            // Whoever opened it again meanwhile may have typed more.
            if stored && drafts::find(&member, &post).is_some_and(|kept| kept.content == draft.content) {
                drafts::forget(&member, &post);
            }
        });
    }
}

/// What was agreed to, as a view of the post shows it.
fn agreed(view: &PostView) -> Option<Content> {
    view.post.stage.approval().and_then(Approval::live_hash).map(|_| view.post.content.clone())
}

/// Whether one content is the other with other words in the same fields.
fn is_retyped(seen: &Content, now: &Content) -> bool {
    let fields = |versions: &[Version]| {
        versions.iter().map(|one| (one.channel.clone(), one.language.clone())).collect::<Vec<_>>()
    };
    let undescribed = |content: &Content| {
        let bare = |one: &Picture| {
            let alt = one.alt.keys().map(|language| (language.clone(), String::new())).collect();
            Picture { alt, ..one.clone() }
        };
        content.pictures.iter().map(bare).collect::<Vec<_>>()
    };
    let are_there = seen.texts.keys().eq(now.texts.keys())
        && seen.comments.keys().eq(now.comments.keys())
        && fields(&seen.versions) == fields(&now.versions)
        && undescribed(seen) == undescribed(now);
    let retyped = || Content {
        titles: now.titles.clone(),
        texts: now.texts.clone(),
        versions: now.versions.clone(),
        comments: now.comments.clone(),
        pictures: now.pictures.clone(),
        ..seen.clone()
    };
    are_there && retyped() == *now
}

/// What only the engine finds.
fn of_library(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|finding| finding.rule == Rule::Rights).cloned().collect()
}

/// The same of the content as it is now: the picture may have been moved, or taken away.
fn still_there(finding: &Finding, content: &Content) -> Option<Finding> {
    let Evidence::Rights { media, .. } = &finding.evidence else { return None };
    let field = match content.pictures.iter().position(|picture| picture.media == *media) {
        Some(index) => Field::Picture { index },
        None if content.video.as_ref().is_some_and(|video| video.media == *media) => Field::Video,
        None => return None,
    };
    let mut finding = finding.clone();
    finding.place.field = field;
    Some(finding)
}

/// Stores a content, and what it is to belong to with it: whoever submits next submits both. A belonging that is refused
/// (its pillar was archived meanwhile) or that gets lost leaves the content stored; the composer shows what stands.
async fn stored(post: PostId, save: Save, wish: Option<Belonging>) -> api::Answer<PostView> {
    let view = api::call(&posts::SAVE, &[post.as_str()], &save).await?;
    Ok(match wish {
        Some(belongs) => belonging(&post, view, belongs).await,
        None => view,
    })
}

/// A stored post, with what it is to belong to.
async fn belonging(post: &PostId, view: PostView, belongs: Belonging) -> PostView {
    let belong = Belong { version: view.post.version, belongs };
    api::call(&BELONG, &[post.as_str()], &belong).await.unwrap_or(view)
}

/// Where a new post goes: to the channel that was named, if it can send and is reached; else as usual.
fn first_targets(me: &Me, channels: &[Channel], named: Option<&ChannelId>) -> Vec<domain::Target> {
    let usual = usual_targets(me, channels);
    let only: Vec<_> = usual.iter().filter(|target| Some(&target.channel) == named).cloned().collect();
    if only.is_empty() { usual } else { only }
}

/// Where a new post goes unless somebody says otherwise: everywhere that can send, in each channel's languages.
fn usual_targets(me: &Me, channels: &[Channel]) -> Vec<domain::Target> {
    let fit = channels.iter().filter(|channel| channel.health.state.may_send() && me.access.reaches(&channel.id));
    let target = |channel: &Channel| {
        let own = channel.languages.iter().filter(|language| me.organisation.languages.contains(language)).cloned();
        let mut languages: Vec<_> = own.collect();
        if languages.is_empty() {
            languages.extend(me.organisation.languages.first().cloned());
        }
        domain::Target::new(channel.id.clone(), languages)
    };
    fit.map(target).collect()
}
