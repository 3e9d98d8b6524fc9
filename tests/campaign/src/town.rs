//! The town that a campaign publishes for: its people, its channels on every network, and what they do in the desk.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, Result, bail};
use domain::{
    ChannelId, Choice, Content, HealthState, Kind as PostKind, Language, Millis, Moment, Network as Name,
    OrganisationId, PostId, Role, StageName,
    content::{Picture, Target},
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
    network::{APP, BOT, Kind, Network, chat},
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
    pictures: Vec<Picture>,
}

/// Where a post with pictures goes: to those that fetch or show them, so that no network here has to take in a file.
const PICTURED: [Name; 5] = [Name::Noticeboard, Name::Instagram, Name::Threads, Name::Website, Name::Whatsapp];

/// In how many of a hundred cases a post goes to a channel whose turn it is not.
const SHARE: u64 = 35;

/// How many of a hundred posts are threads.
const THREADS: u64 = 30;

/// What stands in one part of a thread and in no other; the first is the only one of what is none.
pub fn of_part(marker: &str, part: usize) -> String {
    format!("{marker}p{part}")
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
        let networks = Kind::ALL.into_iter().map(start).collect::<Result<Vec<_>>>()?;
        let pictures = [1, 2].map(|shade| Ok(picture(engine.store(&author, &jpeg(shade))?)));
        let pictures = pictures.into_iter().collect::<Result<Vec<_>>>()?;
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
            pictures,
        };
        for network in networks {
            let (id, name) = (town.connect(&network)?, network.kind.name());
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

    /// The networks that can be counted on, in an order that stays.
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        self.channels.iter().filter_map(|channel| channel.network.as_ref())
    }

    /// Something of ours stands for a network whose address nobody types.
    fn stand_in(&self, network: Name, server: &str) -> Result<()> {
        let (organisation, server) = (Some(self.organisation.clone()), server.to_owned());
        self.engine.stand_in(rehearsal::StandIn { organisation, network, server })
    }

    fn connect(&self, network: &Network) -> Result<ChannelId> {
        let (server, name) = (network.origin.clone(), network.kind.name());
        // Of Meta's two, each connection keeps where it answers; the others ask each time.
        self.stand_in(if name == Name::Instagram { Name::Facebook } else { name }, &server)?;
        let (app_id, app_secret, configuration) = (APP.to_owned(), "secret".to_owned(), None);
        let (client_id, client_secret, channel) = ("client".to_owned(), "secret".to_owned(), None);
        let body = match network.kind {
            Kind::Bluesky => {
                let (identifier, app_password) = ("town.test".to_owned(), "abcd-efgh-ijkl-mnop".to_owned());
                Connect::Bluesky { server, identifier, app_password }
            }
            Kind::Mastodon | Kind::Compatible => Connect::Mastodon { server },
            Kind::Facebook => Connect::Facebook { app_id, app_secret, configuration, channel },
            Kind::Instagram => Connect::Instagram { app_id, app_secret, configuration, channel },
            Kind::Threads => Connect::Threads { app_id, app_secret, channel },
            Kind::Telegram => {
                let (channel, bot_token) = (chat(&server), BOT.to_owned());
                Connect::Telegram { server, channel, bot_token }
            }
            Kind::X => Connect::X { client_id, client_secret, channel },
            Kind::Linkedin => Connect::Linkedin { client_id, client_secret, channel },
            Kind::Tumblr => Connect::Tumblr { client_id, client_secret, channel },
            Kind::Website => Connect::Website { address: format!("{server}/hook"), name: "Town".to_owned(), channel },
        };
        match self.engine.call(Some(&self.administrator), &channels::CONNECT, &[], &body)? {
            Connected::Channel { channel } => return Ok(channel.id),
            Connected::ToProve { connection, secret } => {
                network.keep_secret(secret);
                let parts = [connection.as_str()];
                return Ok(self.engine.call(Some(&self.administrator), &channels::PROVE, &parts, &Nothing {})?.id);
            }
            Connected::GoTo { address } => {
                let state = address.split(['?', '&']).find_map(|pair| pair.strip_prefix("state="));
                let state = state.context("no state in the address")?;
                let whose = match name {
                    Name::Facebook | Name::Instagram => "facebook",
                    Name::Threads => "threads",
                    Name::X => "x",
                    Name::Linkedin => "linkedin",
                    Name::Tumblr => "tumblr",
                    _ => "mastodon",
                };
                let path = format!("/api/channels/{whose}/return?code=code&state={state}");
                let status = self.engine.come_back(&self.administrator, &path)?;
                if status >= 400 {
                    bail!("the way back was refused: {status}");
                }
            }
        }
        let port = network.origin.rsplit(':').next().unwrap_or_default();
        let all = self.channels()?;
        let ours = all.into_iter().find(|channel| channel.network == name && channel.handle.ends_with(port));
        Ok(ours.with_context(|| format!("the channel at {:?} is not there", network.kind))?.id)
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

    /// Writes a post, submits it and has it approved. The first two of a run go where it is their turn: `must`.
    pub fn write(&self, chance: &mut Chance, run: u64, number: u64, must: &[ChannelId]) -> Result<Planned> {
        let id = PostId::from_bits((u128::from(chance.bits()) << 64) | u128::from(chance.bits()));
        let marker = format!("m{run}x{number}x{:06x}", chance.below(1 << 24));
        // Instagram takes no text alone.
        let pictured = number == 1 || (number > 1 && chance.percent(30));
        let goes = |channel: &Channel| {
            if pictured { PICTURED.contains(&channel.name) } else { channel.name != Name::Instagram }
        };
        let mut targets: Vec<Target> = Vec::new();
        for channel in self.channels.iter().filter(|channel| goes(channel)) {
            if chance.percent(SHARE) || (number < 2 && must.contains(&channel.id)) {
                targets.push(Target::new(channel.id.clone(), vec![Language::spanish()]));
            }
        }
        if targets.is_empty() {
            let place = 1 + chance.below(3) as usize;
            let channel = if pictured { &self.channels[0] } else { &self.channels[place] };
            targets.push(Target::new(channel.id.clone(), vec![Language::spanish()]));
        }
        let by_hand =
            |target: &Target| self.channels.iter().any(|one| one.id == target.channel && one.name == Name::Whatsapp);
        // A channel of WhatsApp takes one picture.
        let most = if targets.iter().any(by_hand) { 1 } else { 2 };
        let pictures = if pictured { 1 + chance.below(most) as usize } else { 0 };
        let parts = if chance.percent(THREADS) { 2 + chance.below(2) as usize } else { 1 };
        self.agree(&id, &marker, targets, pictures, parts)?;
        let minutes = if chance.percent(70) { 0 } else { 1 + chance.below(3) as i64 };
        Ok(Planned { id, marker, minutes })
    }

    /// Writes a post, submits it and has it approved: in one part, or as a thread.
    fn agree(&self, id: &PostId, marker: &str, targets: Vec<Target>, pictures: usize, parts: usize) -> Result<()> {
        let part = |part: usize| format!("Mañana por la tarde hay pleno. Expediente {}.", of_part(marker, part));
        let text = (1..=parts).map(part).collect::<Vec<_>>().join("\n---\n");
        let words = |text: String| BTreeMap::from([(Language::spanish(), text)]);
        let content = Content {
            kind: PostKind::Routine,
            titles: words(format!("Aviso {marker}")),
            texts: words(text),
            pictures: self.pictures[..pictures].to_vec(),
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
        Ok(())
    }

    /// Two posts that are placed in a year: one for every network that takes a text alone, one for Instagram.
    pub fn lay_out(&self, marker: &str) -> Result<[PostId; 2]> {
        let to = |wanted: fn(Name) -> bool| -> Vec<Target> {
            let channels = self.channels.iter().filter(|channel| wanted(channel.name));
            channels.map(|one| Target::new(one.id.clone(), vec![Language::spanish()])).collect()
        };
        let ids = [PostId::from_bits(1), PostId::from_bits(2)];
        self.agree(&ids[0], marker, to(|name| !matches!(name, Name::Instagram | Name::Whatsapp)), 0, 1)?;
        self.agree(&ids[1], marker, to(|name| name == Name::Instagram), 1, 1)?;
        let day = Millis::hours(24).0;
        let at = Moment((self.engine.now().0 / day + 365) * day + Millis::hours(11).0);
        for id in &ids {
            let view = self.engine.call(Some(&self.administrator), &posts::READ, &[id.as_str()], &Nothing {})?;
            let civil = self.administrator.zone.civil(at);
            let place = posts::Place { version: view.post.version, civil, fold: None };
            self.engine.call(Some(&self.administrator), &posts::PLACE, &[id.as_str()], &place)?;
        }
        Ok(ids)
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

/// A whole JPEG of one grey, made by hand: with tables in which every block is two bits, it needs no library.
fn jpeg(shade: u8) -> Vec<u8> {
    let mut jpeg = vec![0xff, 0xd8];
    let mut segment = |marker: u8, body: &[u8]| {
        jpeg.extend([0xff, marker]);
        jpeg.extend((body.len() as u16 + 2).to_be_bytes());
        jpeg.extend(body);
    };
    segment(0xdb, &[[0].as_slice(), &[shade; 64]].concat());
    // 64 pixels across and down.
    segment(0xc0, &[8, 0, 64, 0, 64, 1, 1, 0x11, 0]);
    let mut table = vec![0; 18];
    table[1] = 1;
    segment(0xc4, &table);
    table[0] = 0x10;
    segment(0xc4, &table);
    segment(0xda, &[1, 1, 0, 0, 63, 0]);
    jpeg.extend([0; 16]);
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

fn picture(stored: wire::media::Stored) -> Picture {
    let wire::media::Stored { id: media, hash, mime, bytes, width, height, .. } = stored;
    let alt = BTreeMap::from([(Language::spanish(), "La plaza mayor, vacía, al amanecer".to_owned())]);
    Picture { media, hash, mime, bytes, width, height, file_name: String::new(), alt, focus: None }
}
