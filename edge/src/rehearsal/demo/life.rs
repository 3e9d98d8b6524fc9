//! The life of one post of the demo, lived through the very rules: submitted, decided, placed, sent, each at its time,
//! each with the entries that it leaves in the record.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use domain::{
    Ballot, Choice, CommentId, Content, Effect, EmergencyId, Event, Language, MemberId, Millis, Moment, Network, Post,
    PostId, PublicationId, Refusal, Role, Slot, Step, StepId, Target,
    approval::TextPlace,
    circuit::{Circuit, Duties, Facts},
    comment::{Anchor, Audience, Comment, External, Internal, Remark},
    delivery::{ActState, Deed, Failure, FailureKind, Hold, Receipt},
    emergency::{Emergency, Request},
    errors::Class,
    hours::Hours,
    json,
    plan::Room,
    policy::Verdict,
    post::{Law, Runway},
    record::Subject,
    translation::Behind,
    zone::Resolved,
};
use wire::publications::Came;

use super::{
    Town, keep, misread,
    script::{Fate, Hour, Scene},
};
use crate::{
    binds,
    store::{Bind, Unit, campaigns, comments, emergencies, name_of, notices, posts, submissions},
};

const WINDOW: Millis = Millis::minutes(30);

const ASKED: &str = "¿Está hablado con el área? Que no nos llamen después.";
const ANSWERED: &str = "Sí, lo confirmaron ayer por correo. Lo tengo guardado.";
const WORDED: &str = "¿Y si empezamos por la fecha? Es lo primero que se busca.";

const MONTHS: [(&str, &str); 12] = [
    ("enero", "January"),
    ("febrero", "February"),
    ("marzo", "March"),
    ("abril", "April"),
    ("mayo", "May"),
    ("junio", "June"),
    ("julio", "July"),
    ("agosto", "August"),
    ("septiembre", "September"),
    ("octubre", "October"),
    ("noviembre", "November"),
    ("diciembre", "December"),
];

/// Lives it, into the unit of work.
///
/// # Errors
/// Whatever a rule refuses: then the script is wrong.
pub fn play(town: &Town<'_>, unit: &mut Unit, scene: &Scene) -> Result<(), Refusal> {
    let mut life = Life::begin(town, scene)?;
    match scene.fate {
        Fate::Draft => {
            let at = life.created;
            life.plan(unit, at)?;
        }
        Fate::Cancelled => {
            let by = town.person("alcaldesa")?;
            let step = life.post.clone().cancel(by, life.at.minus(Millis::hours(2)), "No es el momento ni el tono.")?;
            life.take(unit, step, life.at.minus(Millis::hours(2)));
        }
        Fate::Urgent | Fate::Ratified => life.in_an_emergency(unit)?,
        fate => life.through_review(unit, fate)?,
    }
    life.store(unit);
    Ok(())
}

struct Life<'a> {
    town: &'a Town<'a>,
    scene: &'a Scene,
    post: Post,
    /// The slot, or for what has none the last change.
    at: Moment,
    created: Moment,
    changed: Moment,
    /// What is written after the row of the post itself: it refers to it.
    later: Unit,
}

impl<'a> Life<'a> {
    fn begin(town: &'a Town<'a>, scene: &'a Scene) -> Result<Self, Refusal> {
        let today = town.zone.civil(town.now).date();
        let at = match scene.hour {
            Hour::At(hour, minute) => {
                instant(town, day(today, scene.days), (hour, minute)).ok_or_else(|| misread("hour"))?
            }
            Hour::Before(hours, minutes) => town.now.minus(Millis::minutes(i64::from(hours) * 60 + i64::from(minutes))),
        };
        let author = town.person(&scene.author)?.clone();
        let content = content(town, scene, at)?;
        // Written two days before its slot, but never after now.
        let created = at.minus(Millis::days(2)).0.min(town.now.minus(Millis::hours(26)).0);
        let created = if matches!(scene.hour, Hour::Before(..)) { at.minus(Millis::hours(3)) } else { Moment(created) };
        let belongs = super::campaigns::of(town, &scene.belongs)?;
        let post = Post { belongs, ..Post::new(PostId::from_bits(town.app.bits()), author, content) };
        Ok(Self { town, scene, post, at, created, changed: created, later: Unit::new() })
    }

    /// The post after a step, and its entries in the record at that time.
    fn take(&mut self, unit: &mut Unit, step: Step, at: Moment) {
        for effect in step.effects {
            if let Effect::Keep { subject, body } = effect {
                keep(self.town, unit, subject, &body, at);
                if subject == Subject::Submission {
                    submissions::remember(&mut self.later, &self.town.org, &body, at);
                }
            }
        }
        self.post = step.post;
        self.changed = at;
    }

    fn through_review(&mut self, unit: &mut Unit, fate: Fate) -> Result<(), Refusal> {
        let (author, mayor) = (self.post.author.clone(), self.town.person("alcaldesa")?.clone());
        let submitted = self.created.plus(Millis::minutes(45));
        self.plan(unit, submitted)?;
        let declared = self.town.policy.declared(self.scene.kind);
        let hours = Hours::default();
        let facts = Facts::of(&self.post.content, &self.post.belongs, Role::Author, &[], BTreeSet::new());
        let law = Law { circuit: &Circuit::usual(), facts: &facts, verdict: Verdict::Pass, declared };
        let step = self.post.clone().submit(&author, law, self.town.then(submitted, &hours))?;
        self.take(unit, step, submitted);
        // The clock has struck since, if the hour that was planned is over.
        if let Some((plan, effects)) =
            self.post.hour_strikes(submitted, Room::default(), self.town.then(self.town.now, &hours))
        {
            let post = Post { plan: Some(plan), version: self.post.version + 1, ..self.post.clone() };
            self.take(unit, Step { post, effects }, submitted);
        }
        if matches!(fate, Fate::Review | Fate::Returned) {
            self.talk(unit, submitted)?;
        }
        if fate == Fate::Review {
            return Ok(());
        }
        let decided = submitted.plus(Millis::minutes(95));
        if declared.is_none() {
            let choice = match fate {
                Fate::Returned => Choice::Return {
                    comment: "Dígalo más corto y con la fecha delante. Y sin mayúsculas.".to_owned(),
                    place: None,
                },
                _ => Choice::Approve,
            };
            self.decide(unit, &mayor, choice, decided)?;
        }
        if matches!(fate, Fate::Returned | Fate::Approved) {
            return Ok(());
        }
        let placed = decided.plus(Millis::minutes(20));
        let slot = Slot {
            civil: self.town.zone.civil(self.at),
            zone: self.town.zone.name.clone(),
            at: self.at,
            window: WINDOW,
        };
        let step = self.post.clone().place(slot, &author, false)?;
        self.take(unit, step, placed);
        if fate != Fate::Placed {
            let step = self.post.clone().leave()?;
            self.take(unit, step, self.at);
        }
        self.publish(unit, fate, placed)?;
        if fate == Fate::Correcting {
            self.correct(unit, &author)?;
        }
        Ok(())
    }

    /// Published by its author at once, in the way that the town's protocol allows; perhaps ratified three hours later.
    fn in_an_emergency(&mut self, unit: &mut Unit) -> Result<(), Refusal> {
        let (town, at) = (self.town, self.at);
        let protocol = town.bylaws.emergency.as_ref().ok_or(Refusal::NoProtocol)?;
        let (author, mayor) = (self.post.author.clone(), town.person("alcaldesa")?);
        let request = Request {
            id: EmergencyId::from_bits(town.app.bits()),
            post: &self.post.id,
            content: &self.post.content,
            hands: self.post.hands.clone(),
            duties: Duties::Shared,
            reason: "Hay riesgo para las personas y nadie de la alcaldía contesta todavía.",
        };
        let mut emergency = Emergency::ask(protocol, request, &author, &town.seated, at)?;
        let body = json!({ "what": "asked", "emergency": emergency, "content": self.post.content });
        keep(town, unit, Subject::Emergency, &body, at);
        let civil = town.zone.civil(at);
        let slot = Slot { civil, zone: town.zone.name.clone(), at, window: WINDOW };
        let step = self.post.clone().urge(&emergency, slot, false)?;
        self.take(unit, step, at);
        let step = self.post.clone().leave()?;
        self.take(unit, step, at);
        self.publish(unit, Fate::Out, at)?;
        if self.scene.fate == Fate::Ratified {
            let later = at.plus(Millis::hours(3));
            emergency = emergency.answer(mayor, None, &town.seated, later)?;
            let body = json!({ "what": "ratify", "emergency": emergency.id, "post": self.post.id, "by": mayor });
            keep(town, unit, Subject::Emergency, &body, later);
        }
        emergencies::insert(&mut self.later, &town.org, &emergency, &[], None, town.now);
        Ok(())
    }

    /// The hour that the officer plans for it.
    fn plan(&mut self, unit: &mut Unit, at: Moment) -> Result<(), Refusal> {
        let Some((days, hour)) = self.scene.plan else { return Ok(()) };
        let (town, officer) = (self.town, self.town.person("tecnico")?);
        let date = day(town.zone.civil(town.now).date(), days);
        let wished = instant(town, date, hour).ok_or_else(|| misread("plan"))?;
        let (civil, zone) = (town.zone.civil(wished), town.zone.name.clone());
        let slot = Slot { civil, zone, at: wished, window: WINDOW };
        let step = self.post.clone().wish(slot, officer, &town.zone)?;
        self.take(unit, step, at);
        Ok(())
    }

    fn decide(&mut self, unit: &mut Unit, by: &MemberId, choice: Choice, at: Moment) -> Result<(), Refusal> {
        let hours = Hours::default();
        // The usual circuit has one step.
        let (content_hash, of) = (self.post.content.hash(), StepId::from_bits(1));
        let ballot = Ballot { by: by.clone().into(), acting_for: None, step: of.clone(), content_hash, choice };
        let now = self.town.then(at, &hours);
        let step = self.post.clone().decide(ballot, now)?.land(Runway { stopped: None, room: Room::default() }, now);
        let kept = step.effects.iter().find_map(|effect| match effect {
            Effect::Keep { subject: Subject::Decision, body } => Some(body["decision"].clone()),
            _ => None,
        });
        let id = domain::DecisionId::from_bits(self.town.app.bits());
        let sql =
            "INSERT INTO decision (id, org, post, round, step, by, at, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let binds = binds![&id, &self.town.org, &self.post.id, self.post.rounds, &of, by, at, Bind::json(&kept)];
        self.later.then(sql, binds);
        self.take(unit, step, at);
        Ok(())
    }

    /// What was said meanwhile, in both threads: about the first words, and about all of it.
    fn talk(&mut self, unit: &mut Unit, from: Moment) -> Result<(), Refusal> {
        let asked = self.say::<Internal>(unit, "secretaria", ASKED, None, from.plus(Millis::minutes(12)))?;
        self.say::<Internal>(unit, "tecnico", ANSWERED, Some(&asked), from.plus(Millis::minutes(20)))?;
        self.say::<External>(unit, "alcaldesa", WORDED, None, from.plus(Millis::minutes(31)))?;
        Ok(())
    }

    fn say<A: Audience>(
        &mut self,
        unit: &mut Unit,
        by: &str,
        text: &str,
        answers: Option<&Comment<A>>,
        at: Moment,
    ) -> Result<Comment<A>, Refusal> {
        let (town, by) = (self.town, self.town.person(by)?.clone());
        let mut remark = Remark::new(text);
        if A::NAME == External::NAME
            && let Some((language, words)) = self.post.content.texts.iter().next_back()
        {
            let end = words.match_indices(' ').nth(3).map_or(words.len(), |(end, _)| end);
            let quote = words.get(..end).unwrap_or_default().to_owned();
            remark.anchor = Anchor::Text { place: TextPlace { language: language.clone(), start: 0, end, quote } };
        }
        let id = CommentId::from_bits(town.app.bits());
        let comment = Comment::write(id, &self.post.id, self.post.rounds, remark, answers, by.into(), at)?;
        keep(town, unit, Subject::Comment, &comments::written(&comment), at);
        comments::insert(&mut self.later, &town.org, &comment);
        Ok(comment)
    }

    fn correct(&mut self, unit: &mut Unit, by: &MemberId) -> Result<(), Refusal> {
        let mut content = self.post.content.clone();
        for text in content.texts.values_mut() {
            *text = text.replace("7:00 a 9:00", "8:00 a 10:00").replace("7:00 to 9:00", "8:00 to 10:00");
        }
        let at = self.town.now.minus(Millis::hours(1));
        let reason = "La compañía ha cambiado la hora del corte.";
        let hours = Hours::default();
        let facts = Facts::of(&content, &self.post.belongs, Role::Author, &[], BTreeSet::new());
        let law = Law { circuit: &Circuit::usual(), facts: &facts, verdict: Verdict::Pass, declared: None };
        let step = self.post.clone().correct(content, reason, by, law, self.town.then(at, &hours))?;
        self.take(unit, step, at);
        Ok(())
    }

    /// The publications and their acts as the fate wants them.
    fn publish(&mut self, unit: &mut Unit, fate: Fate, made: Moment) -> Result<(), Refusal> {
        let content = self.post.content.clone();
        for (channel, language) in content.destinations() {
            let network = self.town.channels.iter().find(|known| known.id == *channel).map(|known| known.network);
            let network = network.ok_or_else(|| misread("network"))?;
            let rendition = content.rendition(channel, language).ok_or_else(|| misread("rendition"))?;
            let publication = PublicationId::from_bits(self.town.app.bits());
            let sql = "INSERT INTO publication (id, org, post, channel, network, language, created_at)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let (org, post, sent) = (&self.town.org, &self.post.id.clone(), self.sent());
            let binds = binds![&publication, org, post, channel, name_of(&network), language.as_str(), made];
            self.later.then(sql, binds);

            let (state, came) = self.outcome(fate, network, &publication)?;
            let out = matches!(state, ActState::Done { .. });
            let went = Went { publication: &publication, channel, network, rendition: &rendition, made };
            self.act(unit, &went, 1, Deed::Create, state, came);
            if out && network == Network::Noticeboard {
                notices::publish(&mut self.later, org, &publication, post, &rendition, sent);
            }
            if out && fate == Fate::TakenDown {
                let at = self.at.plus(Millis::hours(3));
                let receipt = self.receipt(network, &publication, at)?;
                self.act(unit, &went, 2, Deed::Delete, ActState::Done { receipt }, Some(Came::Accepted));
                if network == Network::Noticeboard {
                    notices::withdraw(&mut self.later, &self.town.org, &publication, at);
                }
            }
        }
        Ok(())
    }

    fn sent(&self) -> Moment {
        self.at.plus(Millis(800))
    }

    fn receipt(&self, network: Network, publication: &PublicationId, at: Moment) -> Result<Receipt, Refusal> {
        let address = match network {
            Network::Noticeboard => format!("/{}/posts/{}", self.town.slug, self.post.id),
            Network::Facebook => format!("https://www.facebook.com/villaserena/posts/{publication}"),
            Network::Whatsapp => format!("https://whatsapp.com/channel/villaserena/{publication}"),
            _ => format!("https://social.example/@villaserena/{publication}"),
        };
        let by = if network.may_be_assisted() { Some(self.town.person("tecnico")?.clone()) } else { None };
        let native_id = if network.may_be_assisted() { address.clone() } else { publication.to_string() };
        Ok(Receipt { at, native_id, address: Some(address), revision: None, by, poster: None, unmentioned: Vec::new() })
    }

    /// What became of the create on a network, and what its try came to.
    fn outcome(
        &self,
        fate: Fate,
        network: Network,
        publication: &PublicationId,
    ) -> Result<(ActState, Option<Came>), Refusal> {
        let by_hand = network.may_be_assisted();
        let noticeboard = network == Network::Noticeboard;
        let failed = |kind, message: &str, status| ActState::Failed {
            failure: Failure { kind, message: message.to_owned(), status },
        };
        Ok(match fate {
            Fate::Placed => (ActState::Waiting, None),
            Fate::Held => (ActState::Held { reason: Hold::Late }, None),
            Fate::Failed if network == Network::Facebook => {
                let message = "La página no dejaba publicar desde este equipo.";
                (failed(FailureKind::NotDone, message, None), Some(Came::Handed))
            }
            Fate::Failed if !noticeboard => {
                let message = "The access token was revoked";
                (failed(FailureKind::AccessRefused, message, Some(401)), Some(Came::Unauthorised))
            }
            Fate::Unknown if !noticeboard => {
                let attempt = domain::AttemptId::from_bits(self.town.app.bits());
                (ActState::Unknown { attempt, looks: 5, asked: true }, Some(Came::NoAnswer))
            }
            Fate::InHand if by_hand => (ActState::InHand { since: self.at }, Some(Came::Handed)),
            _ => {
                // A person takes some minutes, the engine less than a second.
                let at = if by_hand { self.at.plus(Millis::minutes(7)) } else { self.sent() };
                let came = if by_hand { Came::Handed } else { Came::Accepted };
                (ActState::Done { receipt: self.receipt(network, publication, at)? }, Some(came))
            }
        })
    }

    fn act(&mut self, unit: &mut Unit, went: &Went<'_>, seq: u32, deed: Deed, state: ActState, came: Option<Came>) {
        let town = self.town;
        let act = domain::ActId::from_bits(town.app.bits());
        let due = if deed == Deed::Delete { self.at.plus(Millis::hours(3)) } else { self.at };
        let tried = u32::from(came.is_some());
        let sql =
            "INSERT INTO act (id, org, publication, post, channel, seq, deed, state, data, content_hash, rendition,
            due_at, ends_at, created_at, fence, tried, asked, rendition_hash)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17)";
        let (hash, rendition) = (self.post.content.hash(), Bind::json(went.rendition));
        let (name, data, ends) = (state.name(), Bind::json(&state), due.plus(WINDOW));
        let asked = state.needs_a_person();
        self.later.then(
            sql,
            binds![
                &act,
                &town.org,
                went.publication,
                &self.post.id,
                went.channel,
                seq,
                name_of(&deed),
                name,
                data,
                hash,
                rendition,
                due,
                ends,
                went.made,
                tried,
                asked,
                went.rendition.hash()
            ],
        );
        if let Some(came) = came {
            let attempt = match &state {
                ActState::Unknown { attempt, .. } => attempt.clone(),
                _ => domain::AttemptId::from_bits(town.app.bits()),
            };
            let revoked = "The access token was revoked";
            let (status, message, meaning) = match came {
                Came::Unauthorised => (Some(401_u32), revoked, Some(Class::Refresh)),
                Came::NoAnswer => (None, "no answer within 30 s", None),
                _ => (None, "", None),
            };
            let answer = status.map(|_| json!({ "error": revoked }).to_string());
            let ended = due.plus(Millis(if came == Came::NoAnswer { 30_000 } else { 800 }));
            let sql =
                "INSERT INTO attempt (id, org, act, number, fence, started_at, ended_at, outcome, status, message, sent,
                meaning, answer)
              VALUES (?1, ?2, ?3, 1, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
            let (sent, meaning) = (went.rendition.hash(), meaning.as_ref().map(name_of));
            let binds =
                binds![&attempt, &town.org, &act, due, ended, name_of(&came), status, message, sent, meaning, answer];
            self.later.then(sql, binds);
        }
        let subject = match (&state, deed) {
            (ActState::Done { .. }, Deed::Delete) => Subject::Takedown,
            (ActState::Done { .. }, _) => Subject::Publication,
            (ActState::Failed { .. } | ActState::Held { .. } | ActState::Unknown { .. }, _) => Subject::Incident,
            _ => return,
        };
        let body = json!({
            "post": self.post.id, "publication": went.publication, "act": act, "channel": went.channel,
            "network": went.network, "deed": deed, "rendition": went.rendition, "state": state,
        });
        keep(town, unit, subject, &body, due.plus(Millis(800)));
    }

    fn store(self, unit: &mut Unit) {
        let (id, changed) = (self.post.id.clone(), self.changed);
        let (created, waivers, belongs) = (self.created, Vec::new(), self.post.belongs.clone());
        let round_due = self.post.next_ring(self.town.then(self.town.now, &Hours::default()));
        let behind = Behind::default();
        let stored = posts::Stored { post: self.post, waivers, behind, created, changed, round_due };
        posts::insert(unit, &self.town.org, &stored, &self.town.channels);
        let sql = "UPDATE post SET changed_at = ?3 WHERE org = ?1 AND id = ?2";
        unit.then(sql, binds![&self.town.org, &id, changed]);
        campaigns::belong(unit, &self.town.org, &id, &belongs);
        unit.append(self.later);
    }
}

/// A publication on its way.
struct Went<'a> {
    publication: &'a PublicationId,
    channel: &'a domain::ChannelId,
    network: Network,
    rendition: &'a domain::Rendition,
    made: Moment,
}

fn day(today: NaiveDate, days: i64) -> NaiveDate {
    today.checked_add_signed(TimeDelta::days(days)).unwrap_or(today)
}

/// The instant of an hour of a day; in a gap or a fold, the first there is.
fn instant(town: &Town<'_>, date: NaiveDate, (hour, minute): (u32, u32)) -> Option<Moment> {
    let civil: NaiveDateTime = date.and_hms_opt(hour, minute, 0)?;
    Some(match town.zone.resolve(civil) {
        Resolved::One(at) => at,
        Resolved::Fold { first, .. } => first,
        Resolved::Gap { after, .. } => after,
    })
}

fn content(town: &Town<'_>, scene: &Scene, at: Moment) -> Result<Content, Refusal> {
    let date = town.zone.civil(at).date();
    let (event, told) = match &scene.event {
        Some(event) => {
            let date = day(date, event.days);
            let start = instant(town, date, event.hour).ok_or_else(|| misread("event"))?;
            let end = Some(start.plus(Millis::hours(event.hours)));
            (Some(Event { start, end, place: event.place.clone(), cancelled: false }), date)
        }
        None => (None, day(date, 5)),
    };
    let (month_es, month_en) = MONTHS[told.month0() as usize];
    let spanish = format!("{} de {month_es}", told.day());
    let english = format!("{} {month_en}", told.day());
    let [title_es, text_es, title_en, text_en] = &scene.texts;
    let (es, en) = (Language::spanish(), Language::english());
    let targets = scene.channels.chars().map(|letter| {
        let channel = town.channel(letter)?;
        // The noticeboard speaks both languages, the copies on the networks the main one.
        let languages = match channel.network {
            Network::Noticeboard => vec![es.clone(), en.clone()],
            _ => vec![es.clone()],
        };
        Ok(Target::new(channel.id.clone(), languages))
    });
    let picture = |word: &String| {
        let found = town.pictures.iter().find(|(known, _)| *known == word);
        found.map(|(_, picture)| picture.clone()).ok_or_else(|| misread(word))
    };
    Content {
        kind: scene.kind,
        pictures: scene.picture.iter().map(picture).collect::<Result<_, Refusal>>()?,
        titles: BTreeMap::from([(es.clone(), title_es.clone()), (en.clone(), title_en.clone())]),
        texts: BTreeMap::from([
            (es.clone(), text_es.replace("{fecha}", &spanish)),
            (en.clone(), text_en.replace("{date}", &english)),
        ]),
        event,
        targets: targets.collect::<Result<_, Refusal>>()?,
        ..Content::default()
    }
    .parse()
}
