//! The town that a campaign publishes for: its people, its channels on every network, and what they do in the desk.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, Result, bail};
use domain::{
    ChannelId, Choice, Content, HealthState, Kind as PostKind, Language, Millis, Moment, Network as Name,
    OrganisationId, PostId, Role, StageName, content::Target,
};
use wire::{
    Nothing,
    channels::{self, Connect, Connected},
    posts::{self, PostView},
    publications, rehearsal,
};

use crate::{
    chance::Chance,
    engine::{Engine, Person},
    network::{APP, Kind, Network},
};

/// A channel of the town, and the network behind it where there is one that can be counted on.
pub struct Channel {
    /// Its identity.
    pub id: ChannelId,
    /// The network's name.
    pub name: Name,
    /// The server behind it.
    pub network: Option<Network>,
}

/// The town.
pub struct Town {
    /// The engine.
    pub engine: Engine,
    /// Its place in public addresses.
    pub slug: String,
    /// Its channels; the noticeboard first.
    pub channels: Vec<Channel>,
    /// Set when a network wants the engine dead.
    pub kill: Arc<AtomicBool>,
    author: Person,
    approver: Person,
    administrator: Person,
    organisation: OrganisationId,
}

/// A post of a run.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its identity.
    pub id: PostId,
    /// A word that stands in its text and nowhere else.
    pub marker: String,
    /// Minutes until its slot; 0 is at once.
    pub minutes: i64,
}

impl Town {
    /// Founds it, starts the networks and connects them.
    pub fn found(engine: Engine) -> Result<Self> {
        engine.reset_clock()?;
        let body = rehearsal::Found { name: "Villa de los Fallos".to_owned() };
        let founded = engine.call(None, &rehearsal::FOUND, &[], &body)?;
        let person = |role| engine.person(&founded.members, role);
        let (author, approver, administrator) =
            (person(Role::Author)?, person(Role::Approver)?, person(Role::Administrator)?);
        let kill = Arc::new(AtomicBool::new(false));
        let start = |kind| Network::start(kind, engine.ahead(), Arc::clone(&kill));
        let networks =
            [start(Kind::Bluesky)?, start(Kind::Mastodon)?, start(Kind::Compatible)?, start(Kind::Facebook)?];
        let organisation = founded.organisation;
        let noticeboard = Channel { id: founded.noticeboard, name: Name::Noticeboard, network: None };
        let mut town = Self {
            engine,
            slug: founded.slug,
            channels: vec![noticeboard],
            kill,
            author,
            approver,
            administrator,
            organisation,
        };
        for network in networks {
            let (id, name) = town.connect(&network)?;
            town.channels.push(Channel { id, name, network: Some(network) });
        }
        let by_hand = Connect::Assisted {
            on: Name::Whatsapp,
            channel: None,
            name: "WhatsApp".to_owned(),
            handle: "town".to_owned(),
            address: None,
        };
        match town.engine.call(Some(&town.administrator), &channels::CONNECT, &[], &by_hand)? {
            Connected::Channel { channel } => {
                town.channels.push(Channel { id: channel.id, name: Name::Whatsapp, network: None });
            }
            _ => bail!("a channel by hand wants more than that"),
        }
        Ok(town)
    }

    fn connect(&self, network: &Network) -> Result<(ChannelId, Name)> {
        let server = network.origin.clone();
        let (body, name) = match network.kind {
            Kind::Bluesky => {
                let (identifier, app_password) = ("town.test".to_owned(), "abcd-efgh-ijkl-mnop".to_owned());
                (Connect::Bluesky { server, identifier, app_password }, Name::Bluesky)
            }
            Kind::Mastodon | Kind::Compatible => (Connect::Mastodon { server }, Name::Mastodon),
            Kind::Facebook => {
                // Again at every connection: an engine that was killed has forgotten it.
                let (organisation, network) = (self.organisation.clone(), Name::Facebook);
                let stands = rehearsal::StandIn { organisation: Some(organisation), network, server };
                self.engine.call(None, &rehearsal::STAND_IN, &[], &stands)?;
                let (app_id, app_secret) = (APP.to_owned(), "secret".to_owned());
                let connect = Connect::Facebook { app_id, app_secret, configuration: None, channel: None };
                (connect, Name::Facebook)
            }
        };
        match self.engine.call(Some(&self.administrator), &channels::CONNECT, &[], &body)? {
            Connected::Channel { channel } => return Ok((channel.id, name)),
            Connected::ToProve { .. } => bail!("no website was to be connected"),
            Connected::GoTo { address } => {
                let state = address.split(['?', '&']).find_map(|pair| pair.strip_prefix("state="));
                let state = state.context("no state in the address")?;
                let whose = if name == Name::Facebook { "facebook" } else { "mastodon" };
                let path = format!("/api/channels/{whose}/return?code=code&state={state}");
                let status = self.engine.come_back(&self.administrator, &path)?;
                if status >= 400 {
                    bail!("the way back was refused: {status}");
                }
            }
        }
        let port = network.origin.rsplit(':').next().unwrap_or_default();
        let all = self.channels()?;
        let ours = all.into_iter().find(|channel| channel.handle.ends_with(port));
        Ok((ours.context("the channel is not there")?.id, name))
    }

    fn channels(&self) -> Result<Vec<domain::Channel>> {
        Ok(self.engine.call(Some(&self.administrator), &channels::CHANNELS, &[], &Nothing {})?)
    }

    /// Connects again what was refused, as a person would.
    pub fn mend(&self) -> Result<()> {
        for channel in self.channels()? {
            if channel.health.state == HealthState::Refused {
                let ours = self.channels.iter().find(|ours| ours.id == channel.id);
                let network =
                    ours.and_then(|ours| ours.network.as_ref()).context("a refused channel without a network")?;
                self.connect(network)?;
            }
        }
        Ok(())
    }

    /// Writes a post, submits it and has it approved.
    pub fn write(&self, chance: &mut Chance, run: u64, number: u64) -> Result<Planned> {
        let id = PostId::from_bits((u128::from(chance.bits()) << 64) | u128::from(chance.bits()));
        let marker = format!("m{run}x{number}x{:06x}", chance.below(1 << 24));
        let mut targets: Vec<Target> = Vec::new();
        for channel in &self.channels {
            if chance.percent(65) {
                targets.push(Target { channel: channel.id.clone(), languages: vec![Language::spanish()] });
            }
        }
        if targets.is_empty() {
            let channel = self.channels[1 + chance.below(3) as usize].id.clone();
            targets.push(Target { channel, languages: vec![Language::spanish()] });
        }
        let words = |text: String| BTreeMap::from([(Language::spanish(), text)]);
        let content = Content {
            kind: PostKind::Routine,
            titles: words(format!("Aviso {marker}")),
            texts: words(format!("Mañana por la tarde hay pleno. Expediente {marker}.")),
            targets,
            ..Content::default()
        };
        let place = [id.as_str()];
        let author = Some(&self.author);
        let engine = &self.engine;
        let view = engine.call(author, &posts::SAVE, &place, &posts::Save { version: 0, content })?;
        let submit = posts::Submit { version: view.post.version, checked: None };
        let view = engine.call(author, &posts::SUBMIT, &place, &submit)?;
        let decide = posts::Decide {
            content_hash: view.content_hash,
            choice: Choice::Approve,
            acting_for: None,
            checked: None,
            signed: None,
        };
        engine.call(Some(&self.approver), &posts::DECIDE, &place, &decide)?;
        let minutes = if chance.percent(70) { 0 } else { 1 + chance.below(3) as i64 };
        Ok(Planned { id, marker, minutes })
    }

    /// Publishes now, or places at its minute; again until it is surely done, for the database may be away.
    pub fn place(&self, post: &Planned) -> Result<()> {
        for _ in 0..20 {
            let view = self.read(post)?;
            if matches!(view.post.stage.name(), StageName::Placed | StageName::Out) {
                return Ok(());
            }
            let (engine, who, parts) = (&self.engine, Some(&self.administrator), [post.id.as_str()]);
            let version = view.post.version;
            let done = if post.minutes == 0 {
                engine.call(who, &posts::RELEASE, &parts, &posts::AtVersion { version })
            } else {
                let minute = Millis::minutes(1).0;
                let at = Moment((engine.now().0 / minute + 1 + post.minutes) * minute);
                let place = posts::Place { version, civil: self.administrator.zone.civil(at), fold: None };
                engine.call(who, &posts::PLACE, &parts, &place)
            };
            match done {
                Ok(_) => return Ok(()),
                Err(no) if no.status == 503 || no.status == 0 || no.status == 409 => {}
                Err(no) => return Err(no.into()),
            }
            if self.is_to_die() {
                self.die()?;
            }
        }
        bail!("a post could not be placed in twenty tries")
    }

    /// Reads a post; again while the database is away.
    pub fn read(&self, post: &Planned) -> Result<PostView> {
        let mut last = None;
        for _ in 0..20 {
            match self.engine.call(Some(&self.administrator), &posts::READ, &[post.id.as_str()], &Nothing {}) {
                Ok(view) => return Ok(view),
                Err(no) => last = Some(no),
            }
            if self.is_to_die() {
                self.die()?;
            }
        }
        Err(last.map_or_else(|| anyhow::anyhow!("not read"), Into::into))
    }

    /// Takes a post down; again while the database is away.
    pub fn take_down(&self, post: &Planned) -> Result<()> {
        for _ in 0..20 {
            let version = self.read(post)?.post.version;
            let body = posts::Reason { version, reason: "Se publicó por error".to_owned() };
            match self.engine.call(Some(&self.administrator), &posts::TAKE_DOWN, &[post.id.as_str()], &body) {
                Ok(_) => return Ok(()),
                Err(no) if no.status == 503 || no.status == 0 => {
                    let view = self.read(post)?;
                    let mut acts = view.publications.iter().flat_map(|publication| &publication.acts);
                    if acts.any(|act| act.deed == domain::delivery::Deed::Delete) {
                        return Ok(());
                    }
                }
                Err(no) => return Err(no.into()),
            }
            if self.is_to_die() {
                self.die()?;
            }
        }
        bail!("a post could not be taken down in twenty tries")
    }

    /// The posts that home shows as needing a person.
    pub fn troubled(&self) -> Result<Vec<PostId>> {
        let home = self.engine.call(Some(&self.administrator), &wire::home::HOME, &[], &Nothing {})?;
        Ok(home.troubled.into_iter().map(|row| row.id).collect())
    }

    /// A person settles by hand what was left to them, and gives it up.
    pub fn clear(&self, view: &PostView) {
        use domain::delivery::PublicationState::{Failed, Held, InHand, Unknown};
        let reason = || "Fin del ensayo".to_owned();
        for publication in &view.publications {
            let (who, parts) = (Some(&self.administrator), [publication.id.as_str()]);
            if matches!(publication.state, Unknown | InHand) {
                let saw = publications::Settle::NotOut { reason: reason() };
                let _ = self.engine.call(who, &publications::SETTLE, &parts, &saw);
            }
            if matches!(publication.state, Failed | Held | Unknown | InHand) {
                let _ = self.engine.call(who, &publications::GIVE_UP, &parts, &publications::Why { reason: reason() });
            }
        }
    }

    /// Whether a network wants the engine dead now.
    pub fn is_to_die(&self) -> bool {
        self.kill.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Kills the engine and waits until it is there again.
    pub fn die(&self) -> Result<()> {
        let done = self.engine.kill();
        self.kill.store(false, std::sync::atomic::Ordering::SeqCst);
        done
    }
}
