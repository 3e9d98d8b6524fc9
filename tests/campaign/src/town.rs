//! The town that a campaign publishes for: its people, its channels on every network, and what they do in the desk.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result, bail};
use domain::{
    ChannelId, Choice, Content, Document, HealthState, Kind as PostKind, Language, Millis, Moment, Network as Name,
    OrganisationId, Picture, Poll, PostId, Poster, Role, Showing, Stage, StageName, Target, Video, first_comment, pin,
    reel, showing, story,
};
use serde::de::DeserializeOwned;
use wire::{
    Endpoint, Nothing,
    channels::{self, Connect, Connected},
    documents,
    posts::{self, PostView},
    publications::{self, PublicationView},
    rehearsal, videos,
};

use crate::{
    chance::Chance,
    engine::{Engine, Person},
    film,
    network::{APP, BOT, Kind, Network, Step, chat},
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
    /// Whether Bluesky is signed in at, and not by an app password.
    signs_in: AtomicBool,
    author: Person,
    approver: Person,
    administrator: Person,
    organisation: OrganisationId,
    pictures: Vec<Picture>,
    document: Document,
    /// Bare, and with captions and a poster.
    films: [Video; 2],
}

/// Where a post with pictures goes: to those that fetch or show them, and to one that takes them in.
const PICTURED: [Name; 6] =
    [Name::Noticeboard, Name::Facebook, Name::Instagram, Name::Threads, Name::Website, Name::Whatsapp];

/// Where a document goes.
const DOCUMENTED: [Name; 5] = [Name::Noticeboard, Name::Linkedin, Name::Telegram, Name::Website, Name::Whatsapp];

/// Where a poll goes: where one votes, and where that is told.
const ASKED: [Name; 4] = [Name::Noticeboard, Name::Mastodon, Name::X, Name::Whatsapp];

/// Where a video goes.
const FILMED: [Name; 14] = [
    Name::Noticeboard,
    Name::Bluesky,
    Name::Mastodon,
    Name::Facebook,
    Name::Instagram,
    Name::Threads,
    Name::Telegram,
    Name::X,
    Name::Linkedin,
    Name::Tumblr,
    Name::Youtube,
    Name::Tiktok,
    Name::Website,
    Name::Whatsapp,
];

/// What everybody sees, and of which nothing has to be declared.
const SHOWING: Showing =
    Showing { audience: showing::Audience::Everybody, children: false, synthetic: false, paid: false };

/// In how many of a hundred cases a video is a reel, where that is chosen.
const REELS: u64 = 50;

/// In how many of a hundred cases a post goes to a channel whose turn it is not.
const SHARE: u64 = 30;

/// How many of a hundred posts are threads, beside those whose turn it is.
const THREADS: u64 = 25;

/// What stands in one part of a thread and in no other; the first is the only one of what is none.
pub fn of_part(marker: &str, part: usize) -> String {
    format!("{marker}p{part}")
}

/// What stands in a part that was corrected so often, and in no other words of it.
pub fn of_revision(marker: &str, part: usize, revision: u32) -> String {
    format!("{}v{revision}e", of_part(marker, part))
}

/// What stands in the first comment and nowhere else.
pub fn of_comment(marker: &str) -> String {
    format!("{marker}c")
}

/// What a post is besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Nothing.
    #[default]
    Plain,
    /// It has pictures.
    Pictured,
    /// It has one picture, and is a story where there are any.
    Story,
    /// It has a document.
    Document,
    /// It asks something.
    Poll,
    /// It has a video.
    Video,
}

impl Form {
    /// The step that makes it visible, where it is one of its own.
    pub const fn step(self) -> Option<Step> {
        match self {
            Form::Plain | Form::Pictured => None,
            Form::Story => Some(Step::Story),
            Form::Document => Some(Step::Document),
            Form::Poll => Some(Step::Poll),
            Form::Video => Some(Step::Video),
        }
    }

    /// Whether it goes to a network.
    pub fn goes_to(self, name: Name) -> bool {
        match self {
            // They take no text alone.
            Form::Plain => !matches!(name, Name::Instagram | Name::Youtube | Name::Tiktok),
            Form::Pictured | Form::Story => PICTURED.contains(&name),
            Form::Document => DOCUMENTED.contains(&name),
            Form::Poll => ASKED.contains(&name),
            Form::Video => FILMED.contains(&name),
        }
    }
}

/// Of what a post has the most that a network takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// Pictures.
    Pictures,
    /// Parts of a thread.
    Parts,
    /// What belongs to a video: captions and a poster.
    Video,
    /// The same, as a reel.
    Reel,
    /// A document; there is one.
    Document,
    /// A poll; there is one.
    Poll,
    /// A story; it has one picture.
    Story,
}

impl Most {
    /// All of them.
    pub const ALL: [Most; 7] =
        [Most::Pictures, Most::Parts, Most::Video, Most::Reel, Most::Document, Most::Poll, Most::Story];

    /// Whether a network takes such a thing.
    pub fn is_taken_by(self, name: Name) -> bool {
        match self {
            Most::Pictures => name.limits().pictures > 0,
            Most::Parts => name.chains(),
            Most::Video => Form::Video.goes_to(name),
            Most::Reel => reel::are_chosen(name),
            // The website is told of it, and takes no file.
            Most::Document => Form::Document.goes_to(name) && name != Name::Website,
            Most::Poll => Form::Poll.goes_to(name),
            Most::Story => story::are_told(name),
        }
    }
}

/// So many parts a long thread has.
const PARTS: usize = 8;

/// What a post is to be.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Its form.
    pub form: Form,
    /// Where it has to go.
    pub must: Vec<ChannelId>,
    /// Whether a first comment goes below it.
    pub comment: bool,
    /// Whether it is pinned, where that is offered.
    pub pin: bool,
    /// Whether it has to be a thread; else it may be one by chance.
    pub thread: bool,
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
    /// Its form.
    pub form: Form,
    /// The picture of a story: no other post has it.
    told: Option<String>,
    comment: bool,
    pin: bool,
    /// How often it was corrected.
    pub revision: u32,
}

impl Planned {
    /// By which step it comes to a network.
    pub fn step_at(&self, kind: Kind) -> Step {
        self.form.step().filter(|step| step.is_at(kind)).unwrap_or(Step::Visible)
    }

    /// What stands at a network in one part of it and nowhere else. A story on Instagram is its picture alone.
    pub fn mark_at(&self, kind: Kind, part: usize) -> String {
        let told = self.told.clone().filter(|_| kind == Kind::Instagram);
        told.unwrap_or_else(|| of_part(&self.marker, part))
    }

    /// Whether a first comment was agreed to at a network: below a story nobody writes.
    pub fn comments_at(&self, kind: Kind) -> bool {
        self.comment && Step::Comment.is_at(kind) && self.step_at(kind) != Step::Story
    }

    /// Whether it was agreed to pin it at a network.
    pub fn pins_at(&self, kind: Kind) -> bool {
        self.pin && Step::Pin.is_at(kind)
    }
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
        let pictures = [1, 2].map(|shade| Ok(picture(engine.store(&author, &jpeg(&[shade]))?, "")));
        let pictures = pictures.into_iter().collect::<Result<Vec<_>>>()?;
        let document = document(engine.bring(&author, &pdf())?);
        let film = video(engine.film(&author, &film::film())?);
        let captions = in_spanish(engine.caption(&author, &film.media, CAPTIONS)?);
        let posed = poster(engine.store(&author, &jpeg(b"cartel"))?);
        let films = [film.clone(), Video { captions, poster: Some(posed), ..film }];
        let organisation = founded.organisation;
        let noticeboard = Channel { id: founded.noticeboard, name: Name::Noticeboard, network: None };
        let mut town = Self {
            engine,
            slug: founded.slug,
            channels: vec![noticeboard],
            kill,
            signs_in: AtomicBool::new(true),
            author,
            approver,
            administrator,
            organisation,
            pictures,
            document,
            films,
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
            Kind::Bluesky if self.signs_in.load(Ordering::SeqCst) => {
                Connect::BlueskySignIn { server, identifier: "town.test".to_owned() }
            }
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
            Kind::Youtube => Connect::Youtube { client_id, client_secret, channel },
            Kind::Tiktok => Connect::Tiktok { client_id, client_secret, channel },
            Kind::Website => Connect::Website { address: format!("{server}/hook"), name: "Town".to_owned(), channel },
        };
        match self.engine.call(Some(&self.administrator), &channels::CONNECT, &[], &body)? {
            Connected::Channel { channel } => return Ok(channel.id),
            Connected::ToProve { connection, secret } => {
                network.keep_secret(secret);
                let parts = [connection.as_str()];
                return Ok(self.engine.call(Some(&self.administrator), &channels::PROVE, &parts, &Nothing {})?.id);
            }
            Connected::GoTo { address } if network.kind == Kind::Bluesky => {
                let came = network.agreed(&address).context("nobody asked to sign in")?;
                let path = format!("{}?{came}", channels::BLUESKY_RETURN.pattern);
                let status = self.engine.come_back(&self.administrator, &path)?;
                if status >= 400 {
                    bail!("the way back from signing in was refused: {status}");
                }
            }
            Connected::GoTo { address } => {
                let state = address.split(['?', '&']).find_map(|pair| pair.strip_prefix("state="));
                let state = state.context("no state in the address")?;
                let back = address.split(['?', '&']).find_map(|pair| pair.strip_prefix("redirect_uri="));
                let back = back.context("nowhere to come back to")?.replace("%3A", ":").replace("%2F", "/");
                let (_, path) = back.split_once("/api/").context("sent back elsewhere")?;
                let path = format!("/api/{path}?code=code&state={state}");
                let status = self.engine.come_back(&self.administrator, &path)?;
                if status >= 400 {
                    bail!("the way back was refused: {status}");
                }
            }
        }
        let port = network.origin.rsplit(':').next().unwrap_or_default();
        let all = self.channels()?;
        // There is one of Bluesky, with a name of its own.
        let is_its = |channel: &domain::Channel| name == Name::Bluesky || channel.handle.ends_with(port);
        let ours = all.into_iter().find(|channel| channel.network == name && is_its(channel));
        Ok(ours.with_context(|| format!("the channel at {:?} is not there", network.kind))?.id)
    }

    fn channels(&self) -> Result<Vec<domain::Channel>> {
        self.ask(&channels::CHANNELS, &[])
    }

    /// The channels that let nobody in, until somebody connects them again.
    pub fn refused(&self) -> Result<Vec<ChannelId>> {
        let refused = self.channels()?.into_iter().filter(|channel| !channel.health.state.may_send());
        Ok(refused.map(|channel| channel.id).collect())
    }

    /// Has Bluesky signed in at, or opened by an app password.
    pub fn lets_in_by(&self, signing_in: bool) -> Result<()> {
        self.signs_in.store(signing_in, Ordering::SeqCst);
        let bluesky = self.networks().find(|network| network.kind == Kind::Bluesky).context("no Bluesky")?;
        self.connect(bluesky).map(drop)
    }

    /// Connects again what was refused, as a person would. What brings the next access of somebody who signed in may be spent, and what
    /// it brought lost, before anybody notices: so it is asked.
    pub fn mend(&self) -> Result<()> {
        if let Some(ours) = self.channels.iter().find(|channel| channel.name == Name::Bluesky) {
            let place = [ours.id.as_str()];
            self.engine.call(Some(&self.administrator), &channels::CHECK, &place, &Nothing {})?;
        }
        for channel in self.channels()? {
            if channel.health.state == HealthState::Refused {
                self.connect_again(&channel.id)?;
            }
        }
        Ok(())
    }

    /// A person connects a channel again that is there.
    fn connect_again(&self, channel: &ChannelId) -> Result<()> {
        let ours = self.channels.iter().find(|ours| ours.id == *channel);
        let network = ours.and_then(|ours| ours.network.as_ref()).context("a refused channel without a network")?;
        self.connect(network).map(drop)
    }

    /// A person tries a publication again that failed or is held; before that they connect its channel again, if it lets nobody in.
    pub fn try_again(&self, publication: &PublicationView) -> Result<()> {
        if self.refused()?.contains(&publication.channel) {
            self.connect_again(&publication.channel)?;
        }
        let why = publications::Why { reason: "Se ha mirado qué pasó".to_owned() };
        self.engine.call(Some(&self.administrator), &publications::RETRY, &[publication.id.as_str()], &why)?;
        Ok(())
    }

    /// Writes a post, submits it and has it approved.
    pub fn write(&self, chance: &mut Chance, run: u64, number: u64, wish: Wish) -> Result<Planned> {
        let Wish { form, must, comment, pin, thread } = wish;
        let id = PostId::from_bits((u128::from(chance.bits()) << 64) | u128::from(chance.bits()));
        let marker = format!("m{run}x{number}x{:06x}", chance.below(1 << 24));
        let is_reel = form == Form::Video && chance.percent(REELS);
        let target = |channel: &Channel| Target {
            story: form == Form::Story && story::are_told(channel.name),
            reel: is_reel && reel::are_chosen(channel.name),
            showing: showing::is_asked(channel.name).then_some(SHOWING),
            pin: pin && pin::is_offered(channel.name),
            ..Target::new(channel.id.clone(), vec![Language::spanish()])
        };
        let mut targets: Vec<Target> = Vec::new();
        for channel in self.channels.iter().filter(|channel| form.goes_to(channel.name)) {
            if chance.percent(SHARE) || must.contains(&channel.id) {
                targets.push(target(channel));
            }
        }
        if targets.is_empty() {
            let place = 1 + chance.below(3) as usize;
            targets.push(target(&self.channels[if form == Form::Plain { place } else { 0 }]));
        }
        let by_hand =
            |target: &Target| self.channels.iter().any(|one| one.id == target.channel && one.name == Name::Whatsapp);
        // A channel of WhatsApp takes one picture.
        let most = if targets.iter().any(by_hand) { 1 } else { 2 };
        let parts = if chance.percent(THREADS) || thread { 2 + chance.below(2) as usize } else { 1 };
        let mut content = notice(&marker, targets, parts);
        let mut told = None;
        match form {
            Form::Plain => {}
            Form::Pictured => content.pictures = self.pictures[..1 + chance.below(most) as usize].to_vec(),
            Form::Story => {
                let stored = self.engine.store(&self.author, &jpeg(marker.as_bytes()))?;
                told = Some(stored.id.to_string());
                content.pictures = vec![picture(stored, &of_part(&marker, 1))];
            }
            Form::Document => content.document = Some(self.document.clone()),
            Form::Video => content.video = chance.one(&self.films).cloned(),
            Form::Poll => content.poll = Some(Poll { answers: in_spanish("Sí\nNo".to_owned()), ..Poll::begun() }),
        }
        if comment {
            content.comments = in_spanish(format!("Más en la web. Expediente {}.", of_comment(&marker)));
        }
        self.agree(&id, content)?;
        let minutes = if chance.percent(70) { 0 } else { 1 + chance.below(3) as i64 };
        Ok(Planned { id, marker, minutes, form, told, comment, pin, revision: 0 })
    }

    /// Writes the most that one channel takes, with a first comment and at its head where there is such a thing, and has it approved.
    pub fn write_most(&self, chance: &mut Chance, channel: &Channel, most: Most) -> Result<Planned> {
        let name = channel.name;
        let id = PostId::from_bits((u128::from(chance.bits()) << 64) | u128::from(chance.bits()));
        let marker = format!("most{:06x}", chance.below(1 << 24));
        let (comment, pin) = (first_comment::is_taken(name), pin::is_offered(name));
        let target = Target {
            story: most == Most::Story,
            reel: most == Most::Reel,
            showing: showing::is_asked(name).then_some(SHOWING),
            pin,
            ..Target::new(channel.id.clone(), vec![Language::spanish()])
        };
        let mut content = notice(&marker, vec![target], if most == Most::Parts { PARTS } else { 1 });
        let many = match most {
            Most::Pictures => name.limits().pictures as u8,
            Most::Story => 1,
            _ => 0,
        };
        for shade in 1..=many {
            // Other bytes than those of the town's own pictures.
            content.pictures.push(picture(self.engine.store(&self.author, &jpeg(&[shade, 2]))?, ""));
        }
        match most {
            Most::Video | Most::Reel => content.video = self.films.last().cloned(),
            Most::Document => content.document = Some(self.document.clone()),
            Most::Poll => content.poll = Some(Poll { answers: in_spanish("Sí\nNo".to_owned()), ..Poll::begun() }),
            Most::Pictures | Most::Parts | Most::Story => {}
        }
        if comment {
            content.comments = in_spanish(format!("Más en la web. Expediente {}.", of_comment(&marker)));
        }
        self.agree(&id, content)?;
        Ok(Planned { id, marker, minutes: 0, form: Form::Plain, told: None, comment, pin, revision: 0 })
    }

    /// Writes a post, submits it and has it approved.
    fn agree(&self, id: &PostId, content: Content) -> Result<()> {
        let place = [id.as_str()];
        let author = Some(&self.author);
        let engine = &self.engine;
        let view = engine.call(author, &posts::SAVE, &place, &posts::Save { version: 0, content })?;
        let submit = posts::Submit { version: view.post.version, checked: None };
        let view = engine.call(author, &posts::SUBMIT, &place, &submit)?;
        engine.call(Some(&self.approver), &posts::DECIDE, &place, &approval(view.content_hash))?;
        Ok(())
    }

    /// Two posts that are placed in a year: one for every network that takes a text alone, one for Instagram.
    pub fn lay_out(&self, marker: &str) -> Result<[PostId; 2]> {
        let to = |wanted: fn(Name) -> bool| -> Vec<Target> {
            let channels = self.channels.iter().filter(|channel| wanted(channel.name));
            channels.map(|one| Target::new(one.id.clone(), vec![Language::spanish()])).collect()
        };
        let ids = [PostId::from_bits(1), PostId::from_bits(2)];
        self.agree(&ids[0], notice(marker, to(|name| Form::Plain.goes_to(name) && name != Name::Whatsapp), 1))?;
        let pictures = self.pictures[..1].to_vec();
        self.agree(&ids[1], Content { pictures, ..notice(marker, to(|name| name == Name::Instagram), 1) })?;
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
        self.ask(&posts::READ, &[post.id.as_str()])
    }

    /// Asks as the administrator; again while the database is away.
    fn ask<A: DeserializeOwned>(&self, endpoint: &Endpoint<Nothing, A>, parts: &[&str]) -> Result<A> {
        let mut last = None;
        for _ in 0..20 {
            match self.engine.call(Some(&self.administrator), endpoint, parts, &Nothing {}) {
                Ok(answer) => return Ok(answer),
                Err(no) => last = Some(no),
            }
            if self.is_to_die() {
                self.die()?;
            }
        }
        Err(last.map_or_else(|| anyhow::anyhow!("not read"), Into::into))
    }

    /// Corrects what a post says, and has that agreed to; again until it surely is, for the database may be away.
    pub fn correct(&self, post: &mut Planned) -> Result<()> {
        post.revision += 1;
        let place = [post.id.as_str()];
        for _ in 0..20 {
            let PostView { post: stored, content_hash, .. } = self.read(post)?;
            let content = revised(stored.content.clone(), &post.marker, post.revision);
            let done = match &stored.stage {
                Stage::Out { .. } if stored.content == content => return Ok(()),
                Stage::Out { correction: None, .. } => {
                    let reason = "Cambia la hora".to_owned();
                    let body = posts::Correct { version: stored.version, content, reason, checked: None };
                    self.engine.call(Some(&self.author), &posts::CORRECT, &place, &body)
                }
                _ => self.engine.call(Some(&self.approver), &posts::DECIDE, &place, &approval(content_hash)),
            };
            match done {
                Ok(_) => {}
                Err(no) if no.status == 503 || no.status == 0 || no.status == 409 => {}
                Err(no) => return Err(no.into()),
            }
            if self.is_to_die() {
                self.die()?;
            }
        }
        bail!("a post could not be corrected in twenty tries")
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
        use domain::delivery::ActState::{Failed, Held, InHand, Unknown};
        let reason = || "Fin del ensayo".to_owned();
        for publication in &view.publications {
            // What decides about it, or its first comment, which nothing waits for.
            let Some(open) = publication.open() else { continue };
            let (who, parts) = (Some(&self.administrator), [publication.id.as_str()]);
            if matches!(open.state, Unknown { .. } | InHand { .. }) {
                let saw = publications::Settle::NotOut { reason: reason() };
                let _ = self.engine.call(who, &publications::SETTLE, &parts, &saw);
            }
            if matches!(open.state, Failed { .. } | Held { .. } | Unknown { .. } | InHand { .. }) {
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

fn in_spanish(text: String) -> BTreeMap<Language, String> {
    BTreeMap::from([(Language::spanish(), text)])
}

/// A yes to a content.
fn approval(content_hash: String) -> posts::Decide {
    posts::Decide { content_hash, choice: Choice::Approve, acting_for: None, checked: None, signed: None }
}

/// A content with other words in each part of what it says.
fn revised(content: Content, marker: &str, revision: u32) -> Content {
    let parts = content.texts.values().next().map_or(1, |text| text.split("\n---\n").count());
    let part = |part: usize| {
        let (own, revised) = (of_part(marker, part), of_revision(marker, part, revision));
        format!("Mañana por la tarde hay pleno, una hora después. Expediente {own}, corregido: {revised}.")
    };
    let texts = in_spanish((1..=parts).map(part).collect::<Vec<_>>().join("\n---\n"));
    Content { texts, ..content }
}

/// What a post says: in one part, or as a thread.
fn notice(marker: &str, targets: Vec<Target>, parts: usize) -> Content {
    let part = |part: usize| format!("Mañana por la tarde hay pleno. Expediente {}.", of_part(marker, part));
    Content {
        kind: PostKind::Routine,
        titles: in_spanish(format!("Aviso {marker}")),
        texts: in_spanish((1..=parts).map(part).collect::<Vec<_>>().join("\n---\n")),
        targets,
        ..Content::default()
    }
}

/// A whole JPEG of one grey, made by hand: with tables in which every block is two bits, it needs no library. `seed` tells its
/// bytes from those of another, and stands where nothing is seen of it: at most 64 bytes, none of them 0.
fn jpeg(seed: &[u8]) -> Vec<u8> {
    let mut steps = [1; 64];
    steps.iter_mut().zip(seed).for_each(|(step, byte)| *step = *byte);
    let mut jpeg = vec![0xff, 0xd8];
    let mut segment = |marker: u8, body: &[u8]| {
        jpeg.extend([0xff, marker]);
        jpeg.extend((body.len() as u16 + 2).to_be_bytes());
        jpeg.extend(body);
    };
    segment(0xdb, &[[0].as_slice(), &steps].concat());
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

/// A picture in a post; what it shows ends with a word that may be known again.
fn picture(stored: wire::media::Stored, word: &str) -> Picture {
    let wire::media::Stored { id: media, hash, mime, bytes, width, height, .. } = stored;
    let alt = in_spanish(format!("La plaza mayor, vacía, al amanecer {word}").trim_end().to_owned());
    Picture { media, hash, mime, bytes, width, height, file_name: String::new(), alt, focus: None }
}

/// What is said in the video.
const CAPTIONS: &str = "WEBVTT\n\n00:00.500 --> 00:02.000\nSe abre la sesión.\n";

/// The video in a post, without captions and poster.
fn video(stored: videos::Stored) -> Video {
    let videos::Stored { id: media, hash, bytes, facts } = stored;
    Video {
        media,
        hash,
        mime: facts.mime,
        codec: facts.codec,
        bytes,
        width: facts.width,
        height: facts.height,
        millis: facts.millis,
        rate: facts.rate,
        sound: facts.sound,
        file_name: String::new(),
        alt: in_spanish("El alcalde abre el pleno; al fondo, el público.".to_owned()),
        captions: BTreeMap::new(),
        poster: None,
    }
}

/// A poster that is a moment of the video.
fn poster(stored: wire::media::Stored) -> Poster {
    let wire::media::Stored { id: media, hash, bytes, width, height, .. } = stored;
    Poster { media, hash, bytes, width, height, at: Some(1_000) }
}

/// A whole PDF of one empty page, tagged.
fn pdf() -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 4 0 R>>\nendobj\n");
    file.extend(b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n");
    file.extend(b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n");
    file.extend(b"4 0 obj\n<</Type/StructTreeRoot>>\nendobj\n");
    file.extend(b"trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n");
    file
}

fn document(stored: documents::Stored) -> Document {
    let documents::Stored { id: media, hash, bytes, facts } = stored;
    Document {
        media,
        hash,
        bytes,
        pages: facts.pages,
        tagged: facts.tagged,
        file_name: String::new(),
        title: in_spanish("Acta del pleno".to_owned()),
    }
}
