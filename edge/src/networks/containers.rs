//! Networks that fetch pictures and videos themselves: what is given to them is a container that nobody sees, which they prepare for a
//! while, and which one more call makes visible. Instagram and Threads differ in names only ([`House`]).
//!
//! Whatever comes before that one call is safe, and goes on in a later invocation where it stopped: the container is kept with
//! the act. The call itself is made once; a silence is looked up, in what the account published and in what the container says.
//! Before it, it is kept that it is made ([`tell`]): a no of Meta's does not always mean that nothing is out.

use domain::{
    MediaId, Millis, Moment, Network as Name, RenderedPicture, RenderedVideo, Replies,
    delivery::{Container, Deed, FailureKind, Likeness, Outcome, Prepared, Receipt, Sighting, sighted},
    errors, json, video,
};
use serde_json::Value;

use super::{
    Errand, Network, Weight,
    commenting::Below,
    instagram, listed,
    meta::{self, Graph, Trouble, done, is_node, lasting, no_access, not_of_the_interface},
    unavailable,
};
use crate::{faults, outbound::Answer, pause::Pause, public::pulled, store::acts, vault::Secret};

/// What the rest of an invocation spends once something was made: keeping it, reading how it is, keeping that it is told, publishing it,
/// its address, and writing down what came of it.
const AFTERWARDS: u32 = 20;

/// How long is waited between two looks at what the network prepares, within an invocation: pictures take seconds. A video
/// takes minutes, and a later invocation looks again.
pub const WAITS: [Millis; 4] = [Millis(0), Millis::seconds(1), Millis::seconds(2), Millis::seconds(4)];

/// Another day has another quota. Where a network does not say how long its day is.
const DAY: Millis = Millis::hours(24);

/// How such a network names things.
pub struct House {
    /// Which it is.
    pub network: Name,
    /// The edge that makes containers.
    pub makes: &'static str,
    /// The edge that publishes one: the one call that counts.
    pub publishes: &'static str,
    /// The edge that lists what is published.
    pub lists: &'static str,
    /// The edge that lists the stories of a day.
    pub stories: &'static str,
    /// The one that lists what is published as an answer.
    pub answers: &'static str,
    /// The edge that says how much may still be published.
    pub quota: &'static str,
    /// The field that says how a container is, and the one that says why.
    pub state: [&'static str; 2],
    /// The parts of a post.
    pub names: listed::Names,
    /// The kind of a container of one picture, where that must be said.
    pub picture: Option<&'static str>,
    /// What a container of a video is made with, besides its address.
    pub video: &'static [(&'static str, &'static str)],
    /// The field of a video's poster, which is fetched from an address too.
    pub poster: Option<&'static str>,
    /// The children of a carousel, as it takes them.
    pub children: fn(&[String]) -> String,
    /// The field of the topic that it is filed under, where there is one.
    pub topic: Option<&'static str>,
    /// The field of the accounts that are invited to share it, where there is one.
    pub invites: Option<&'static str>,
    /// Who may reply, as it is told with what is published; nothing of everybody, or where it cannot be told.
    pub replies: fn(Replies) -> Option<(&'static str, &'static str)>,
}

/// An account that we may write for.
pub struct Account<'a> {
    /// The interface.
    pub graph: Graph<'a>,
    /// Its identity.
    pub id: String,
}

impl Account<'_> {
    fn edge(&self, edge: &str) -> String {
        [&self.id, "/", edge].concat()
    }
}

type Fields = Vec<(&'static str, String)>;

/// What a container is of.
#[derive(Clone, Copy)]
enum Medium<'a> {
    Picture(&'a RenderedPicture),
    Video(&'a RenderedVideo),
    /// A video in a carousel.
    Clip(&'a RenderedVideo),
}

impl House {
    async fn open<'a>(&self, errand: &Errand<'a>) -> Result<Account<'a>, Outcome> {
        let Errand { app, org, channel, settings, .. } = *errand;
        let graph = match self.network {
            Name::Threads => lasting::graph(app, &lasting::OF_THREADS, org, channel, settings).await?.0,
            _ => instagram::graph(app, org, channel, settings).await?,
        };
        let id = settings["account"].as_str().filter(|id| is_node(id)).ok_or_else(no_access)?.to_owned();
        Ok(Account { graph, id })
    }

    /// The fields of a picture or a video, and the parts of addresses that are nobody's to read.
    fn fields(&self, errand: &Errand<'_>, medium: Medium<'_>) -> Result<(Fields, Vec<Secret>), Outcome> {
        let (media, alt) = match medium {
            Medium::Picture(picture) => (&picture.media, Some(&picture.alt)),
            Medium::Video(video) | Medium::Clip(video) => {
                let is_described = video::takes(self.network).is_some_and(|takes| takes.described);
                (&video.media, Some(&video.alt).filter(|_| is_described))
            }
        };
        let (address, signed) = self::address(errand, media)?;
        let mut secrets = vec![signed];
        // Of a story nothing is said but what it is.
        let is_story = errand.rendition.story;
        let alt = alt.filter(|_| !is_story);
        let told = is_story.then(|| ("media_type", "STORIES".to_owned()));
        let mut fields: Fields = match medium {
            Medium::Picture(_) if is_story => [("image_url", address)].into_iter().chain(told).collect(),
            Medium::Video(_) | Medium::Clip(_) if is_story => {
                [("video_url", address)].into_iter().chain(told).collect()
            }
            Medium::Picture(_) => {
                let kind = self.picture.map(|kind| ("media_type", kind.to_owned()));
                [("image_url", address)].into_iter().chain(kind).collect()
            }
            // On neither is it a reel there.
            Medium::Clip(_) => vec![("video_url", address), ("media_type", "VIDEO".to_owned())],
            Medium::Video(_) => {
                let own = self.video.iter().map(|(name, value)| (*name, (*value).to_owned()));
                [("video_url", address)].into_iter().chain(own).collect()
            }
        };
        if let (Medium::Video(video), Some(name), false) = (medium, self.poster, is_story)
            && let Some(poster) = &video.poster
        {
            let (address, signed) = self::address(errand, &poster.media)?;
            fields.push((name, address));
            secrets.push(signed);
        }
        fields.extend(alt.filter(|alt| !alt.is_empty()).map(|alt| ("alt_text", alt.clone())));
        Ok((fields, secrets))
    }

    /// Makes a container of a picture or a video, or of what needs none.
    async fn make_one(
        &self,
        errand: &Errand<'_>,
        account: &Account<'_>,
        medium: Option<Medium<'_>>,
        mut fields: Fields,
    ) -> Result<String, Outcome> {
        let mut secrets = Vec::new();
        if let Some(medium) = medium {
            let (own, signed) = self.fields(errand, medium)?;
            secrets = signed;
            fields.extend(own);
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = account.graph.post_hiding(&account.edge(self.makes), &fields, &secrets).await?;
        if !answer.is_success() {
            return Err(match Trouble::read(&answer) {
                Some(trouble) if trouble.is_not_ready() => Outcome::Preparing { message: trouble.message },
                _ => account.graph.outcome(Weight::Safe, &answer),
            });
        }
        let made = answer.json().unwrap_or_default();
        made["id"].as_str().filter(|id| is_node(id)).map(ToOwned::to_owned).ok_or_else(not_of_the_interface)
    }

    /// Makes what is to be published, or goes on with what an earlier try began.
    async fn make(
        &self,
        errand: &Errand<'_>,
        account: &Account<'_>,
        mut container: Container,
    ) -> Result<Container, Outcome> {
        let pictures = &errand.rendition.pictures;
        // What is said of the whole, whatever hangs below it. A child of a carousel has none of it.
        let replies = (self.replies)(errand.rendition.replies).map(|(name, who)| (name, who.to_owned()));
        let topic = self.topic.zip(errand.rendition.topic.clone().map(String::from));
        let invited = self.invites.zip(errand.rendition.collaborators.as_ref());
        let invited = invited.map(|(field, all)| (field, json!(all.names()).to_string()));
        let words = (!errand.rendition.story).then(|| (self.names.words, errand.rendition.as_sent(self.network)));
        let words = words.into_iter().chain(topic).chain(invited).chain(replies);
        let film = errand.rendition.video.as_ref();
        let whole = if let (Some(video), []) = (film, &pictures[..]) {
            self.make_one(errand, account, Some(Medium::Video(video)), words.collect()).await
        } else if let (None, [one]) = (film, &pictures[..]) {
            self.make_one(errand, account, Some(Medium::Picture(one)), words.collect()).await
        } else if pictures.is_empty() {
            let link = errand.rendition.link.clone().map(|link| ("link_attachment", link));
            let above = errand.parent(node_of)?.map(|above| ("reply_to_id", above));
            let text = [("media_type", "TEXT".to_owned())].into_iter().chain(words);
            let fields = text.chain(link).chain(above).collect();
            self.make_one(errand, account, None, fields).await
        } else {
            let mut broke = None;
            // As it is shown beside the words while it is written: the video first.
            let media = film.map(Medium::Clip).into_iter().chain(pictures.iter().map(Medium::Picture));
            for medium in media.skip(container.children.len()) {
                if !errand.app.ledger().affords(AFTERWARDS) {
                    broke = Some(preparing("the rest of the pictures does not fit this invocation"));
                    break;
                }
                let fields = vec![("is_carousel_item", "true".to_owned())];
                match self.make_one(errand, account, Some(medium), fields).await {
                    Ok(child) => container.children.push(child),
                    Err(outcome) => {
                        broke = Some(outcome);
                        break;
                    }
                }
            }
            keep(errand, Some(&container)).await?;
            if let Some(outcome) = broke {
                return Err(outcome);
            }
            if let Some(clip) = container.children.first().filter(|_| film.is_some()) {
                self.until_child_is_ready(errand, account, clip).await?;
            }
            let children = (self.children)(&container.children);
            let carousel = [("media_type", "CAROUSEL".to_owned()), ("children", children)];
            self.make_one(errand, account, None, carousel.into_iter().chain(words).collect()).await
        };
        match whole {
            Ok(whole) => {
                container.whole = Some(whole);
                keep(errand, Some(&container)).await?;
                Ok(container)
            }
            // What it was made of is too old.
            Err(Outcome::Refused { kind: FailureKind::Gone, message, .. }) => again(errand, message).await,
            Err(outcome) => Err(outcome),
        }
    }

    /// Waits until the video of a carousel is ready, as long as an invocation may: before that no whole can be made of it.
    async fn until_child_is_ready(
        &self,
        errand: &Errand<'_>,
        account: &Account<'_>,
        child: &str,
    ) -> Result<(), Outcome> {
        // Nobody publishes a child alone: that it says so is what came of the whole.
        if let Some(outcome) = self.until_ready(errand, account, child).await? {
            return Err(outcome);
        }
        match errand.app.ledger().affords(AFTERWARDS) {
            true => Ok(()),
            false => Err(preparing("the whole does not fit this invocation")),
        }
    }

    /// How a container is, and why.
    async fn state(&self, account: &Account<'_>, container: &str) -> Result<(Prepared, String), Outcome> {
        let fields = self.state.join(",");
        match account.graph.read(container, &[("fields", &fields)]).await {
            Err(Outcome::Refused { kind: FailureKind::Gone, message, .. }) => Ok((Prepared::Expired, message)),
            Err(outcome) => Err(outcome),
            Ok(said) => {
                let text = |name: &str| said[name].as_str().unwrap_or_default();
                let state = Prepared::read(text(self.state[0])).ok_or_else(not_of_the_interface)?;
                Ok((state, domain::delivery::short(text(self.state[1]))))
            }
        }
    }

    /// The same of all of it.
    async fn until_whole_is_ready(
        &self,
        errand: &Errand<'_>,
        account: &Account<'_>,
        container: &Container,
    ) -> Result<Option<Outcome>, Outcome> {
        self.until_ready(errand, account, container.whole.as_deref().unwrap_or_default()).await
    }

    /// Waits until a container is ready, as long as an invocation may; `Some` if there is nothing to publish any more.
    async fn until_ready(
        &self,
        errand: &Errand<'_>,
        account: &Account<'_>,
        container: &str,
    ) -> Result<Option<Outcome>, Outcome> {
        for wait in WAITS {
            if wait > Millis(0) {
                Pause::of(wait).await;
            }
            match self.state(account, container).await? {
                (Prepared::Ready, _) => return Ok(None),
                (Prepared::Going, _) if errand.app.ledger().affords(AFTERWARDS - 3) => {}
                (Prepared::Going, _) => break,
                // An earlier try made it visible, whatever it was answered.
                (Prepared::Published, _) => return self.out_already(errand, account).await.map(Some),
                (Prepared::Expired, message) => return again(errand, message).await,
                (Prepared::Broken, message) => {
                    let outcome = self.broken(message);
                    // It was told to be shown: what it says of itself since proves nothing, and is looked up.
                    if errand.container.is_some_and(|kept| kept.told) {
                        return Err(doubt(outcome));
                    }
                    keep(errand, None).await?;
                    return Err(outcome);
                }
            }
        }
        Err(preparing("the network is still preparing it"))
    }

    /// What it comes to that a container cannot be prepared. The code stands in its words, if anywhere.
    fn broken(&self, message: String) -> Outcome {
        let numbers = message.split(|letter: char| !letter.is_ascii_digit());
        let number = numbers.filter(|number| number.len() >= 7).map(|number| format!("0/{number}")).next();
        let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let code = number.or_else(|| Some(message.as_str()).filter(is_name).map(ToOwned::to_owned));
        let class = errors::class(self.network, 400, &code.unwrap_or_default());
        errors::outcome(class, 400, message, None, false)
    }

    async fn out_already(&self, errand: &Errand<'_>, account: &Account<'_>) -> Result<Outcome, Outcome> {
        Ok(match self.find(errand, account).await? {
            Likeness::One(receipt) => Outcome::Accepted(receipt),
            _ => Outcome::NoAnswer { message: "it is published, and not listed yet".to_owned(), status: None },
        })
    }

    /// Whether the account may publish one more, read before it is tried.
    async fn room(&self, errand: &Errand<'_>, account: &Account<'_>) -> Result<(), Outcome> {
        if errand.part > 1 {
            // Answers have a number of their own, four times as large, which may be read with another permission only.
            return Ok(());
        }
        let fields = [("fields", "quota_usage,config")];
        let found = account.graph.read(&account.edge(self.quota), &fields).await.map_err(of_the_account)?;
        let said = &found["data"][0];
        let (used, most) = (said["quota_usage"].as_i64(), said["config"]["quota_total"].as_i64());
        let Some((used, most)) = used.zip(most).filter(|(used, most)| used >= most) else { return Ok(()) };
        let day = said["config"]["quota_duration"].as_i64().map_or(DAY, Millis::seconds);
        let now = errand.app.now();
        let posts = self.posts(account, self.lists, now.minus(day)).await?;
        // A place is free again when the oldest post of the day is no longer of the day.
        let oldest =
            posts.iter().filter_map(|post| listed::at(&self.names, post)).filter(|at| at.plus(day) > now).min();
        let until = oldest.map(|at| at.plus(day));
        let message = format!("the account has published {used} of the {most} posts that a day may have");
        Err(Outcome::Throttled { until, alone: false, message })
    }

    /// What the account published since a moment: posts, or answers.
    async fn posts(&self, account: &Account<'_>, edge: &str, since: Moment) -> Result<Vec<Value>, Outcome> {
        let mut fields = ["id", self.names.words, self.names.at, self.names.address].join(",");
        if edge == self.answers {
            fields.push_str(",replied_to");
        }
        let since = listed::since(since).to_string();
        let parameters = [("fields", fields.as_str()), ("since", since.as_str()), ("limit", listed::MOST)];
        let mut found = account.graph.read(&account.edge(edge), &parameters).await?;
        match found["data"].take() {
            Value::Array(posts) => Ok(posts),
            _ => Err(not_of_the_interface()),
        }
    }

    /// Looks for what was sent among what the account published since the act was first tried, or its container begun.
    async fn find(&self, errand: &Errand<'_>, account: &Account<'_>) -> Result<Likeness<Receipt>, Outcome> {
        let made = errand.container.map_or(errand.made, |container| container.made.min(errand.made));
        let above = errand.parent(node_of)?;
        let edge = match above {
            Some(_) => self.answers,
            None if errand.rendition.story => self.stories,
            None => self.lists,
        };
        let mut posts = self.posts(account, edge, made).await?;
        if let Some(above) = above {
            posts.retain(|post| post["replied_to"]["id"] == *above);
        }
        let (sent, taken) = (errand.rendition.as_sent(self.network), errand.taken(made).await?);
        Ok(match listed::ours(&self.names, &posts, &sent, "", made, &taken) {
            Likeness::One(post) => match post["id"].as_str().filter(|id| is_node(id)) {
                Some(id) => Likeness::One(errand.receipt(id, meta::address(post, self.names.address), None)),
                None => Likeness::None,
            },
            Likeness::None => Likeness::None,
            Likeness::Several => Likeness::Several,
        })
    }

    async fn publish(
        &self,
        errand: &Errand<'_>,
        account: &Account<'_>,
        mut container: Container,
    ) -> Result<Outcome, Outcome> {
        tell(errand, &mut container).await?;
        let fields = [("creation_id", container.whole.as_deref().unwrap_or_default())];
        let answer = match account.graph.post(Weight::Visible, &account.edge(self.publishes), &fields).await {
            // A known bug, to prove that the campaign finds it: a silence is taken for a no, and another one is made.
            Err(Outcome::NoAnswer { message, .. }) if faults::planted("new_container") => {
                return again(errand, message).await;
            }
            answer => answer?,
        };
        if !answer.is_success() {
            refused(errand, &container, &answer).await;
            let outcome = account.graph.outcome(Weight::Visible, &answer);
            return match (Trouble::read(&answer), outcome) {
                (Some(trouble), _) if trouble.is_not_ready() && answer.status < 500 => {
                    Err(Outcome::Preparing { message: trouble.message })
                }
                (_, Outcome::Refused { kind: FailureKind::Gone, message, .. }) => again(errand, message).await,
                (_, outcome) => Err(outcome),
            };
        }
        let id = answer.json().and_then(|body| body["id"].as_str().map(ToOwned::to_owned));
        let id = id.filter(|id| is_node(id)).ok_or_else(|| Weight::Visible.of_nonsense(&answer))?;
        // Asked afterwards, and only to be nicer: it may fail without failing the post.
        let read = account.graph.read(&id, &[("fields", self.names.address)]).await.unwrap_or_default();
        let address = meta::address(&read, self.names.address);
        Ok(Outcome::Accepted(errand.receipt(id, address, None)))
    }
}

impl Network for House {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let shown = errand.rendition.pictures.len() + usize::from(errand.rendition.video.is_some());
        if errand.rendition.story && shown != 1 {
            // It was agreed to before there was a rule, or by hand: a story has one thing to see.
            return Ok(Outcome::Handed);
        }
        let account = self.open(errand).await?;
        let of = errand.rendition.hash();
        let kept = errand.container.filter(|kept| kept.of == of);
        let container = match kept.filter(|kept| kept.whole.is_some()) {
            Some(kept) => {
                if let Some(outcome) = self.until_whole_is_ready(errand, &account, kept).await? {
                    return Ok(outcome);
                }
                self.room(errand, &account).await?;
                kept.clone()
            }
            None => {
                self.room(errand, &account).await?;
                let begun = kept.cloned().unwrap_or_else(|| Container::begun(errand.app.now(), of));
                let made = self.make(errand, &account, begun).await?;
                if let Some(outcome) = self.until_whole_is_ready(errand, &account, &made).await? {
                    return Ok(outcome);
                }
                made
            }
        };
        self.publish(errand, &account, container).await
    }

    /// What is out cannot be changed by the interface.
    async fn edit(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }
    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        let account = self.open(errand).await?;
        if account.graph.standing(&account.id, post, "id").await?.is_none() {
            return Ok(Outcome::Accepted(errand.gone()));
        }
        // There is no call for it: a person takes it down in the app.
        if instagram::is_by_itself(errand.settings) {
            return Ok(Outcome::Handed);
        }
        let answer = account.graph.delete(post).await?;
        if Trouble::read(&answer).is_some_and(|trouble| trouble.is_beyond_it()) {
            return Ok(Outcome::Handed);
        }
        done(&account.graph, &answer)?;
        Ok(Outcome::Accepted(errand.gone()))
    }

    async fn comment(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let Some(post) = post_of(errand) else { return Ok(Outcome::Handed) };
        let account = self.open(errand).await?;
        Below { graph: &account.graph, account: &account.id, post }.write(errand).await
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        match (deed, post_of(errand)) {
            (Deed::Comment, Some(post)) => {
                let account = self.open(errand).await?;
                Below { graph: &account.graph, account: &account.id, post }.look(errand).await
            }
            (Deed::Create, _) => {
                let account = self.open(errand).await?;
                let whole = errand.container.and_then(|container| container.whole.as_deref());
                let said = match whole {
                    Some(whole) => self.state(&account, whole).await.ok().map(|(state, _)| state),
                    None => None,
                };
                match self.find(errand, &account).await {
                    // Answers are read with a permission of their own, which was not given: the container alone proves nothing.
                    Err(Outcome::Refused { kind: FailureKind::Forbidden, .. }) if errand.part > 1 => {
                        Ok(Sighting::ForAPerson)
                    }
                    found => Ok(sighted(found?, said)),
                }
            }
            (Deed::Delete, Some(post)) => {
                let account = self.open(errand).await?;
                let there = account.graph.standing(&account.id, post, "id").await?;
                Ok(if there.is_none() { Sighting::Found(errand.gone()) } else { Sighting::NotFound })
            }
            _ => Ok(Sighting::ForAPerson),
        }
    }
}

/// The address from which a picture or a video of an errand is fetched, and the part of it that is nobody's to read.
///
/// # Errors
/// `NotSent` without a key.
pub fn address(errand: &Errand<'_>, media: &MediaId) -> Result<(String, Secret), Outcome> {
    let home = errand.app.setting("ORIGIN").unwrap_or_else(|| errand.setting("home").to_owned());
    let signed = pulled::signed(errand.app, errand.org, media).map_err(unavailable)?;
    Ok(([home.trim_end_matches('/'), "/m/", signed.reveal()].concat(), signed))
}

/// What is said of a post that is gone, said of the account itself: it is unlinked, or no longer a professional one, or the access
/// does not open it any more (100 with subcode 33: Meta's guide to errors, 2026-09-11).
fn of_the_account(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Refused { kind: FailureKind::Gone, message, status } => Outcome::Unauthorised { message, status },
        other => other,
    }
}

/// Keeps what was made. Where that fails, it is made again: nobody sees it.
///
/// # Errors
/// `NotSent`.
pub async fn keep(errand: &Errand<'_>, container: Option<&Container>) -> Result<(), Outcome> {
    let kept = acts::keep_container(&errand.app.db, errand.org, errand.act, container).await;
    kept.map_err(|error| unavailable(error.into()))
}

/// Keeps that the network is told to show what it was given, before it is: from then on that may be out, whatever was answered, and no
/// other is made of the same act before somebody or something has looked (`Errand::is_told_otherwise`, `acts::doubt_told`).
///
/// # Errors
/// `NotSent`: it was not told.
pub async fn tell(errand: &Errand<'_>, container: &mut Container) -> Result<(), Outcome> {
    if container.told {
        return Ok(());
    }
    container.told = true;
    keep(errand, Some(container)).await
}

/// The answer was a no. Where it proves that nothing came of the first such call, another may be made: what is refused for its words
/// is corrected and goes out without anybody looking for it; and so it is where what was given is not ready yet.
pub async fn refused(errand: &Errand<'_>, container: &Container, answer: &Answer) {
    // Of an earlier call it proves nothing.
    let is_first = errand.container.is_none_or(|kept| !kept.told);
    let is_early = answer.status < 500 && Trouble::read(answer).is_some_and(|trouble| trouble.is_not_ready());
    // A known bug, to prove that the campaign finds it: whatever no is taken for one, and that it was told is forgotten.
    let is_believed = faults::planted("believes_refusal");
    if is_first && (is_early || is_believed || errors::proves(errand.network, answer.status, &answer.code())) {
        // If this fails, it is looked up in vain: slower, and no worse.
        let _ = keep(errand, Some(&Container { told: false, ..container.clone() })).await;
    }
}

/// What was made is worth nothing any more: the next try makes another. Unless an earlier try was told to show it: then that may be out,
/// and is looked up.
///
/// # Errors
/// Always: there is nothing to go on with.
pub async fn again<T>(errand: &Errand<'_>, message: String) -> Result<T, Outcome> {
    if errand.container.is_some_and(|kept| kept.told) {
        return Err(Outcome::NoAnswer { message, status: None });
    }
    keep(errand, None).await?;
    Err(Outcome::NotSent { message })
}

/// It goes on in a later invocation.
pub fn preparing(message: &str) -> Outcome {
    Outcome::Preparing { message: message.to_owned() }
}

/// What was begun comes out by itself: as long as nobody can ask how it stands, nobody knows.
pub fn doubt(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::NotSent { message } | Outcome::Throttled { message, .. } | Outcome::Preparing { message } => {
            Outcome::NoAnswer { message, status: None }
        }
        Outcome::Unauthorised { message, status } | Outcome::Refused { message, status, .. } => {
            Outcome::NoAnswer { message, status: Some(status) }
        }
        other => other,
    }
}

/// The post that is out, if it went out by the interface: what a person published by hand is known by its link.
fn post_of<'a>(errand: &Errand<'a>) -> Option<&'a str> {
    errand.out.map(|out| out.native_id.as_str()).filter(|id| is_node(id))
}

/// The identity of a post that is out by the interface. The link of one that a person put there does not say it.
fn node_of(out: &Receipt) -> Option<String> {
    is_node(&out.native_id).then(|| out.native_id.clone())
}

/// Children as a list in JSON.
pub fn as_json(children: &[String]) -> String {
    json!(children).to_string()
}

#[cfg(test)]
mod tests {
    use super::{super::threads, *};

    #[test]
    fn why_a_container_broke_stands_in_its_words() {
        let broken = |message: &str| instagram::INSTAGRAM.broken(message.to_owned());
        let refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused { kind: FailureKind::ContentRefused, .. });
        assert!(refused(&broken("Error: The aspect ratio is not supported: 2207009")));
        assert!(refused(&broken("Error")), "of which nobody knows the cause");
        assert!(matches!(broken("Error: 2207003 timeout"), Outcome::NotSent { .. }));
        assert!(matches!(broken("2207042"), Outcome::Throttled { .. }));
        let threads = |message: &str| threads::THREADS.broken(message.to_owned());
        assert!(refused(&threads("INVALID_DURATION")) && refused(&threads("")));
        assert!(matches!(threads("FAILED_DOWNLOADING_VIDEO"), Outcome::NotSent { .. }));
    }

    #[test]
    fn who_may_reply_is_told_where_it_can_be_and_of_everybody_nothing() {
        let threads = Replies::ALL.map(|one| (threads::THREADS.replies)(one).map(|(_, who)| who));
        assert_eq!(threads, [None, Some("accounts_you_follow"), Some("mentioned_only"), Some("mentioned_only")]);
        assert_eq!(Replies::ALL.map(instagram::INSTAGRAM.replies), [None; 4]);
    }

    #[test]
    fn children_are_a_list_as_each_network_wants_it() {
        let children = ["1".to_owned(), "2".to_owned()];
        assert_eq!((instagram::INSTAGRAM.children)(&children), r#"["1","2"]"#);
        assert_eq!((threads::THREADS.children)(&children), "1,2");
    }
}
