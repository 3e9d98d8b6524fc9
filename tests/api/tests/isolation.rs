//! Isolation, generated: every endpoint of the contract, with identities that are proven to work for their owner, as a
//! member of another organisation, as each role that may not, signed out, and from elsewhere. All refused, nothing
//! leaked, nothing changed. The same walk weighs what each route costs.

use std::thread;

use api_journeys::{
    Member, Passkey, Raw, Town, at, because,
    elsewhere::{Elsewhere, Says},
    encode, eventually, id, outside, push, send, send_as, slot, url, verb,
};
use domain::{
    Access, Act, Choice, CommentId, Language, Millis, Refusal, Role, Target, TaskId,
    bylaws::{Codes, Draft, Unit},
    comment::{Internal, Remark},
    custody::{Custody, Handover},
    delivery::{ActState, PublicationState},
    emergency::{Before, Protocol, Said},
    may,
    party::Party,
    round::Margin,
    silence::Patience,
    task::{About, Assignee, Request, State, Urgency},
};
use serde::Serialize;
use serde_json::Value;
use wire::{
    Endpoint, Listed, Method, Nothing, Who, brand, bylaws, calendar, campaigns, channels, comments, contacts, copies,
    custody, deciding, documents, emergencies, foreign, history, home, library, media, notices, organisations, people,
    plan,
    posts::{self, PostView},
    publications, pulse, records, series, session, sharing, tasks, texts, videos, webpages,
};

/// A request that works for its owner.
struct Case {
    owner: Member,
    path: String,
    body: Vec<u8>,
}

/// Where networks send a browser back to.
const RETURNS: [wire::Endpoint<channels::OauthReturn, Nothing>; 10] = [
    channels::MASTODON_RETURN,
    channels::BLUESKY_RETURN,
    channels::FACEBOOK_RETURN,
    channels::THREADS_RETURN,
    channels::INSTAGRAM_RETURN,
    channels::LINKEDIN_RETURN,
    channels::X_RETURN,
    channels::TUMBLR_RETURN,
    channels::YOUTUBE_RETURN,
    channels::TIKTOK_RETURN,
];

/// Where no calendar is.
const NOBODY: &str = "http://127.0.0.1:9/agenda.ics";

struct World {
    town: Town,
    administrator: Member,
    author: Member,
    mayor: Member,
}

impl World {
    fn new() -> Self {
        let town = Town::alone("Villa Cercada");
        town.tick();
        let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
        Self { town, administrator, author, mayor }
    }

    fn draft(&self) -> PostView {
        self.author.write(&self.town.notice("Secreto de la Villa Cercada."))
    }

    fn approved(&self) -> PostView {
        self.mayor.approve(&self.author.submit(&self.draft()))
    }

    fn placed(&self) -> PostView {
        self.author.place(&self.approved(), self.author.wall(self.town.now(), Millis::hours(5)))
    }

    fn out(&self) -> PostView {
        let approved = self.approved();
        self.author.release(&approved);
        self.author.wait_for(&approved.post.id, PublicationState::Out)
    }

    fn held(&self) -> PostView {
        let placed = self.placed();
        self.administrator.ok(&organisations::PAUSE, &[], &organisations::PauseAll { reason: "Prueba.".to_owned() });
        self.administrator.ok(&organisations::RESUME, &[], &Nothing {});
        self.author.wait_for(&placed.post.id, PublicationState::Held)
    }

    fn in_hand(&self) -> PostView {
        let facebook = self.administrator.connect_by_hand(domain::Network::Facebook, None);
        let mut content = self.town.notice("Secreto de la Villa Cercada.");
        content.targets = vec![Target::new(facebook.id, vec![Language::spanish()])];
        let approved = self.mayor.approve(&self.author.submit(&self.author.write(&content)));
        self.author.release(&approved);
        self.author.wait_for(&approved.post.id, PublicationState::InHand)
    }

    fn unknown(&self) -> PostView {
        let placed = self.author.place(&self.approved(), self.author.wall(self.town.now(), Millis::minutes(3)));
        self.town.arm("after_send=1");
        self.town.ahead(Millis::minutes(3));
        self.town.tick();
        eventually("the sending", || {
            let view = self.author.read(&placed.post.id);
            matches!(api_journeys::last_act(&view), ActState::Sending { .. }).then_some(())
        });
        self.town.arm("queue_loses=1000");
        self.town.ahead(Millis::minutes(7));
        self.town.tick();
        self.town.arm("");
        let view = self.author.wait_for(&placed.post.id, PublicationState::Unknown);
        self.town.ahead(Millis(0));
        view
    }

    /// A series of two drafts.
    fn series(&self) -> domain::SeriesId {
        let (source, id) = (self.draft(), crate::series::new_series());
        let rule = crate::series::weekly(&self.author, 9, 2);
        assert_eq!(crate::series::make(&self.author, &source, &id, &rule).len(), 2);
        id
    }

    /// A member who came in by invitation, with a passkey and printed codes.
    fn joined(&self) -> (Member, Vec<String>) {
        let (_, token) = self.invited();
        let (_, enrolled, session) = Passkey::enrol(None, &session::EnrolBy::Invitation { token }).unwrap();
        (Member::with(enrolled.me, session.unwrap()), enrolled.codes.unwrap().codes)
    }

    fn invited(&self) -> (domain::InvitationId, String) {
        let invite = people::Invite {
            name: "La interventora".to_owned(),
            email: None,
            role: Role::Author,
            access: Access::Everywhere,
        };
        let invited = self.administrator.ok(&people::INVITE, &[], &invite);
        (invited.row.id, invited.link.split('#').nth(1).unwrap().to_owned())
    }

    fn recovery(&self) -> (Member, session::Recovering) {
        let (member, codes) = self.joined();
        let body = serde_json::to_vec(&session::Recover { code: codes[0].clone() }).unwrap();
        let running = send_as(None, Method::Post, session::RECOVER.pattern, &body).read("recovering").unwrap();
        (member, running)
    }

    /// The mayor, with all that a code for an approval is asked with.
    fn about_to_confirm(&self, waiting: &PostView) -> (Member, posts::AskCode) {
        let mayor = self.town.mayor();
        let item = mayor.ok(&posts::NONCE, &[id(waiting)], &Nothing {});
        let statement = Passkey::statement(&mayor, &item, &domain::Choice::Approve, self.town.now());
        let ask = posts::AskCode { statement: statement.canonical(), choice: domain::Choice::Approve };
        (mayor, ask)
    }

    /// A post that waits for somebody outside, and their link. The circuits are as they were afterwards.
    fn linked(&self) -> (PostView, String) {
        let before = self.bylaws();
        let step = crate::outside::asked(9, domain::circuit::Quorum::Any, &[&crate::outside::address("ana")]);
        let circuit = crate::circuits::circuit(9, vec![step], domain::circuit::Options::default());
        crate::circuits::draw(&self.town, crate::circuits::everything_through(circuit));
        let waiting = self.author.submit(&self.draft());
        crate::circuits::draw(&self.town, Draft { circuits: before.bylaws.circuits, rules: before.bylaws.rules });
        let link = waiting.links[0].id.to_string();
        (waiting, link)
    }

    /// An administrator who is about to choose among pages, and the name of the choice.
    fn choosing(&self) -> (Member, String) {
        let (owner, sandbox) = (self.town.administrator(), outside::Sandbox::start());
        sandbox.stands_for_facebook(&self.town);
        sandbox.set(&serde_json::json!({ "pages": ["Una", "Otra"] }));
        let to = outside::agree_at_network(&owner, &outside::facebook_app(None)).unwrap_err();
        (owner, to.strip_prefix("/desk/channels?choose=").unwrap().to_owned())
    }

    fn bylaws(&self) -> bylaws::Standing {
        self.administrator.ok(&bylaws::BYLAWS, &[], &Nothing {})
    }

    fn protocol(&self) -> Protocol {
        let party = |role| Party::Role { role };
        let publish = vec![party(Role::Author), party(Role::Community)];
        Protocol { publish, ratify: vec![], before: Before::Two }
    }

    /// With a protocol for emergencies, once.
    fn prepared(&self) {
        let now = self.bylaws();
        if now.bylaws.emergency.is_none() {
            let protocol = Some(self.protocol());
            self.administrator.ok(&bylaws::PREPARE, &[], &bylaws::Prepare { version: now.version, protocol });
        }
    }

    /// A task of the author's.
    fn asked(&self) -> (TaskId, Request) {
        let request = Request {
            title: "Secreto de la Villa Cercada".to_owned(),
            instructions: String::new(),
            about: About::Post { post: self.draft().post.id },
            assignee: Assignee::Member { member: self.author.me.member.clone() },
            due: None,
            urgency: Urgency::Normal,
        };
        let id = crate::tasks::new_task();
        self.author.ok(&tasks::ASK, &[id.as_str()], &request);
        (id, request)
    }

    /// A draft on which the author said something, and what.
    fn said(&self) -> (PostView, CommentId) {
        let (draft, comment) = (self.draft(), crate::comments::new_comment());
        let say = comments::Say { remark: Remark::<Internal>::new("Secreto de la Villa Cercada."), answers: None };
        self.author.ok(&comments::SAY_INSIDE, &[id(&draft), comment.as_str()], &say);
        (draft, comment)
    }

    fn span(&self) -> tasks::Span {
        let now = self.town.now();
        tasks::Span { from: now.minus(Millis::days(1)), until: now.plus(Millis::days(1)) }
    }

    fn export(&self) -> records::Export {
        records::Export { search: records::Search::default(), format: records::Format::Csv }
    }

    fn administrator(&self) -> Member {
        self.town.administrator()
    }

    fn mark(&self) -> domain::MarkId {
        let mark: domain::MarkId = api_journeys::new_post().as_str().parse().unwrap();
        let form = crate::calendar::note("Secreto de la Villa Cercada", "2026-03-26", "2026-03-26");
        self.town.author().ok(&calendar::KEEP_MARK, &[mark.as_str()], &form);
        mark
    }

    /// A calendar of others, where nobody answers.
    fn foreign(&self) -> domain::ForeignId {
        let foreign: domain::ForeignId = api_journeys::new_post().as_str().parse().unwrap();
        let kept = self.administrator.ok(&foreign::FOREIGN, &[], &Nothing {});
        // A handful are kept at most.
        for one in kept {
            self.administrator.ok(&foreign::DROP_FOREIGN, &[one.foreign.id.as_str()], &Nothing {});
        }
        let form = crate::foreign::calendar("Secreto de la Villa Cercada", NOBODY);
        self.administrator.ok(&foreign::KEEP_FOREIGN, &[foreign.as_str()], &form);
        foreign
    }

    /// An asset of the library.
    fn filed(&self, width: u32) -> domain::MediaId {
        let stored = crate::media::stored(&self.author, &crate::media::png(width, 13));
        let name = "Secreto de la Villa Cercada".to_owned();
        crate::library::describe(&self.author, &stored.id, |said| (said.name, said.folder) = (name.clone(), name));
        stored.id
    }

    /// A brand kit with one of its assets.
    fn branded(&self, width: u32) -> brand::View {
        let pieces = vec![crate::brand::crest("Secreto de la Villa Cercada", &self.filed(width))];
        let colours = vec![crate::brand::colour("Secreto de la Villa Cercada", [1, 2, 3])];
        crate::brand::keep(&self.administrator, domain::brand::Kit { colours, pieces })
    }

    /// A consent for what is deleted.
    fn registered(&self, width: u32) -> domain::ConsentId {
        let (media, consent) = (self.filed(width), crate::library::drawn());
        let form = crate::library::form("Secreto de la Villa Cercada");
        self.author.ok(&library::KEEP_CONSENT, &[media.as_str(), consent.as_str()], &form);
        self.author.ok(&library::DELETE, &[media.as_str()], &Nothing {});
        consent
    }

    fn shared(&self) -> sharing::Made {
        self.author.ok(&sharing::MAKE_SHARE, &[], &crate::sharing::link("Secreto de la Villa Cercada", 30))
    }

    fn template(&self) -> domain::Template {
        let drawn = api_journeys::new_post().to_string();
        let name = format!("Secreto de la Villa Cercada {drawn}");
        crate::texts::template(&self.administrator, crate::texts::works(&self.administrator.me.member, &name))
    }

    /// Somebody of the book, and what names them.
    fn contact(&self) -> domain::Contact {
        let name = format!("Secreto de la Villa Cercada {}", api_journeys::new_post());
        let contact = crate::contacts::contact(&self.author, &name, &[(domain::Network::X, "villacercada")]);
        self.author.write(&self.town.notice(&format!("Con {}.", contact.body.mark())));
        contact
    }

    /// A reply of the author's, whom a mayor and an administrator may agree with.
    fn reply(&self) -> domain::reply::Reply {
        let body = crate::texts::answer(&self.author.me.member, "Secreto de la Villa Cercada", "Sí.");
        crate::texts::reply(&self.author, body).reply
    }

    /// A proposal with a photo.
    fn proposed(&self) -> domain::proposal::Proposal {
        let link = crate::texts::link(&self.author, "Secreto de la Villa Cercada");
        let photo = crate::media::jpeg(24, 24, 5);
        let answer = crate::texts::propose(&link, "Secreto de la Villa Cercada.", "", "", Some(&photo));
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.author.ok(&texts::REVOKE_PROPOSAL_LINK, &[link.id.as_str()], &Nothing {});
        crate::texts::waiting(&self.author).swap_remove(0)
    }

    /// A promise with its form, the one that is there or a new one: two of the same are refused.
    fn promise(&self) -> (domain::PromiseId, plan::KeepPromise) {
        let first = "2026-01-05".parse().unwrap();
        let form = crate::plan::promise(&self.town, 3, domain::promise::Per::Week, first);
        let there = crate::plan::plan(&self.administrator, first).promises.into_iter().next();
        let promise = there.unwrap_or_else(|| {
            let drawn: domain::PromiseId = api_journeys::new_post().as_str().parse().unwrap();
            self.administrator.ok(&plan::KEEP_PROMISE, &[drawn.as_str()], &form)
        });
        (promise.id, plan::KeepPromise { version: promise.version, ..form })
    }

    /// The case of an endpoint. A new endpoint of the contract has none until somebody writes it here: the walk fails.
    fn case(&self, listed: &Listed) -> Option<Case> {
        let is = |one: Listed| one == *listed;
        let (author, mayor, admin) = (|| self.town.author(), || self.town.mayor(), || self.administrator());
        let why = || publications::Why { reason: "Prueba.".to_owned() };
        let publication = |view: &PostView| view.publications[0].id.to_string();
        Some(match *listed {
            // Of nobody in particular: no identity, no organisation. The doors of signing in are walked in `people`.
            one if [
                session::BOOT.listed(),
                session::SIGN_IN_OPTIONS.listed(),
                session::SIGN_IN.listed(),
                session::SIGN_OUT.listed(),
                session::ENROL_OPTIONS.listed(),
                session::ENROL.listed(),
                session::MAIL_CODE.listed(),
                session::RECOVER.listed(),
                people::OPEN_INVITATION.listed(),
                home::HEALTH.listed(),
                channels::BLUESKY_CLIENT.listed(),
            ]
            .contains(&one) =>
            {
                return None;
            }

            _ if is(calendar::SHIFT.listed()) => {
                let (campaign, _) = crate::campaigns::campaign(&self.administrator, "Secreto de la Villa Cercada");
                let shift = calendar::Shift { days: 1, from: None, until: None };
                case(author(), &calendar::SHIFT, &[campaign.as_str()], &shift)
            }
            _ if is(calendar::REARRANGE.listed()) => {
                let placed = self.placed();
                let (post, version, at) = (placed.post.id.clone(), placed.post.version, placed.post.slot().unwrap().at);
                let wanted = domain::shift::Wanted::by_days(post, version, at, 1, &self.author.me.zone).unwrap();
                let rearrange = calendar::Rearrange { moves: vec![wanted], because: calendar::Because::Shift };
                case(author(), &calendar::REARRANGE, &[], &rearrange)
            }
            _ if is(series::LOOK.listed()) => {
                let rule = crate::series::weekly(&self.author, 9, 3);
                case(author(), &series::LOOK, &[id(&self.draft())], &rule)
            }
            _ if is(series::MAKE.listed()) => {
                let source = self.draft();
                let wanted =
                    series::Make { version: source.post.version, rule: crate::series::weekly(&self.author, 9, 3) };
                let drawn = crate::series::new_series();
                case(author(), &series::MAKE, &[id(&source), drawn.as_str()], &wanted)
            }
            _ if is(series::SERIES.listed()) => case(author(), &series::SERIES, &[self.series().as_str()], &Nothing {}),
            _ if is(series::GIVE_UP.listed()) => {
                let give_up = series::GiveUp { from: 1, reason: "Prueba.".to_owned() };
                case(author(), &series::GIVE_UP, &[self.series().as_str()], &give_up)
            }
            _ if is(sharing::FEED.listed()) => case(author(), &sharing::FEED, &[], &Nothing {}),
            _ if is(sharing::RENEW_FEED.listed()) => case(author(), &sharing::RENEW_FEED, &[], &Nothing {}),
            _ if is(sharing::REVOKE_FEED.listed()) => {
                self.author.ok(&sharing::RENEW_FEED, &[], &Nothing {});
                case(author(), &sharing::REVOKE_FEED, &[], &Nothing {})
            }
            _ if is(sharing::SHARES.listed()) => {
                self.shared();
                case(author(), &sharing::SHARES, &[], &Nothing {})
            }
            _ if is(sharing::MAKE_SHARE.listed()) => {
                case(author(), &sharing::MAKE_SHARE, &[], &crate::sharing::link("La alcaldía", 7))
            }
            _ if is(sharing::REVOKE_SHARE.listed()) => {
                case(author(), &sharing::REVOKE_SHARE, &[self.shared().id.as_str()], &Nothing {})
            }

            _ if is(session::DEVICES.listed()) => case(author(), &session::DEVICES, &[], &Nothing {}),
            _ if is(session::END_SESSION.listed()) => {
                let other = author().me.session.to_string();
                case(author(), &session::END_SESSION, &[&other], &Nothing {})
            }
            _ if is(session::REMOVE_PASSKEY.listed()) => {
                let (member, _) = self.joined();
                Passkey::enrol(Some(&member.session), &session::EnrolBy::Session {}).unwrap();
                let keys = member.ok(&session::DEVICES, &[], &Nothing {}).passkeys;
                let second = keys.iter().find(|key| key.how == session::EnrolledHow::Session).unwrap().id.to_string();
                case(member, &session::REMOVE_PASSKEY, &[&second], &Nothing {})
            }
            _ if is(session::RENEW_CODES.listed()) => case(author(), &session::RENEW_CODES, &[], &Nothing {}),
            _ if is(session::RECOVERIES.listed()) => case(admin(), &session::RECOVERIES, &[], &Nothing {}),
            _ if is(session::CONFIRM_RECOVERY.listed()) => {
                let (_, running) = self.recovery();
                case(admin(), &session::CONFIRM_RECOVERY, &[running.recovery.as_str()], &Nothing {})
            }
            _ if is(session::STOP_RECOVERY.listed()) => {
                let (member, running) = self.recovery();
                case(member, &session::STOP_RECOVERY, &[running.recovery.as_str()], &Nothing {})
            }

            _ if is(people::MEMBERS.listed()) => case(author(), &people::MEMBERS, &[], &Nothing {}),
            _ if is(people::CHANGE_MEMBER.listed()) => {
                let (member, _) = self.joined();
                let change = people::ChangeMember {
                    name: "Otro nombre".to_owned(),
                    email: None,
                    role: Role::Author,
                    access: Access::Everywhere,
                };
                case(admin(), &people::CHANGE_MEMBER, &[member.me.member.as_str()], &change)
            }
            _ if is(people::REMOVE_MEMBER.listed()) => {
                let (member, _) = self.joined();
                case(admin(), &people::REMOVE_MEMBER, &[member.me.member.as_str()], &Nothing {})
            }
            _ if is(people::INVITATIONS.listed()) => case(admin(), &people::INVITATIONS, &[], &Nothing {}),
            _ if is(people::INVITE.listed()) => {
                let invite = people::Invite {
                    name: "El archivero".to_owned(),
                    email: None,
                    role: Role::Records,
                    access: Access::Everywhere,
                };
                case(admin(), &people::INVITE, &[], &invite)
            }
            _ if is(people::UNINVITE.listed()) => {
                let (invitation, _) = self.invited();
                case(admin(), &people::UNINVITE, &[invitation.as_str()], &Nothing {})
            }

            _ if is(organisations::ORGANISATION.listed()) => {
                case(author(), &organisations::ORGANISATION, &[], &Nothing {})
            }
            _ if is(organisations::CHANGE.listed()) => {
                let now = admin().ok(&organisations::ORGANISATION, &[], &Nothing {});
                let change = organisations::ChangeOrganisation {
                    version: now.version,
                    name: "Villa Cambiada".to_owned(),
                    kind: now.kind,
                    zone: now.zone,
                    languages: now.languages,
                    colour: now.colour,
                    crest: None,
                };
                case(admin(), &organisations::CHANGE, &[], &change)
            }
            _ if is(organisations::CHANGE_POLICY.listed()) => {
                let now = admin().ok(&organisations::ORGANISATION, &[], &Nothing {});
                let change = organisations::ChangePolicy {
                    version: now.version,
                    rules: now.policy.rules,
                    window: now.policy.window,
                    alert: vec![],
                    duty: vec![],
                };
                case(admin(), &organisations::CHANGE_POLICY, &[], &change)
            }
            _ if is(organisations::CHANGE_UTM.listed()) => {
                let version = admin().ok(&organisations::ORGANISATION, &[], &Nothing {}).version;
                let hosts = domain::utm::Host::typed("villa.example").into_iter().collect();
                let sites = domain::utm::Sites { hosts, usual: true };
                case(admin(), &organisations::CHANGE_UTM, &[], &organisations::ChangeUtm { version, sites })
            }
            _ if is(organisations::DECLARE.listed()) => {
                let declare =
                    organisations::Declare { kind: domain::Kind::Emergency, reason: Some("Prueba.".to_owned()) };
                case(admin(), &organisations::DECLARE, &[], &declare)
            }
            _ if is(organisations::PAUSE.listed()) => {
                case(mayor(), &organisations::PAUSE, &[], &organisations::PauseAll { reason: "Prueba.".to_owned() })
            }
            _ if is(organisations::RESUME.listed()) => case(admin(), &organisations::RESUME, &[], &Nothing {}),

            _ if is(copies::BEGIN.listed()) => case(admin(), &copies::BEGIN, &[], &Nothing {}),
            _ if is(copies::ROWS.listed()) => {
                let copy = self.administrator.ok(&copies::BEGIN, &[], &Nothing {}).copy;
                case(admin(), &copies::ROWS, &[copy.as_str(), "post"], &copies::Onward::default())
            }
            _ if is(copies::OBJECT.listed()) => {
                let stored = crate::media::stored(&self.author, &crate::media::png(47, 13));
                let copy = self.administrator.ok(&copies::BEGIN, &[], &Nothing {}).copy;
                case(admin(), &copies::OBJECT, &[copy.as_str(), stored.id.as_str(), &stored.hash], &Nothing {})
            }

            _ if is(copies::ARRIVAL.listed()) => case(admin(), &copies::ARRIVAL, &[], &Nothing {}),
            // Into towns of their own: this one is full.
            _ if is(copies::ARRIVE.listed()) => {
                let owner = self.town.neighbour("Villa Vacía").administrator();
                let manifest = crate::copies::hollow(&owner);
                case(owner, &copies::ARRIVE, &[], &copies::Arrive { manifest })
            }
            _ if is(copies::BRING.listed()) => Case {
                owner: crate::copies::arriving(&self.town),
                path: copies::BRING.path(&["mark"]),
                body: b"[]".to_vec(),
            },
            _ if is(copies::BRING_OBJECT.listed()) => {
                let (owner, body) = (crate::copies::arriving(&self.town), crate::media::png(7, 9));
                let object = crate::copies::bring_picture(&owner, &body);
                let path = copies::BRING_OBJECT.path(&[&object.media, &object.hash]);
                Case { owner, path, body }
            }
            _ if is(copies::ARRIVED.listed()) => {
                case(crate::copies::arriving(&self.town), &copies::ARRIVED, &[], &Nothing {})
            }
            _ if is(copies::GIVE_UP.listed()) => {
                case(crate::copies::arriving(&self.town), &copies::GIVE_UP, &[], &Nothing {})
            }

            _ if is(bylaws::BYLAWS.listed()) => case(author(), &bylaws::BYLAWS, &[], &Nothing {}),
            _ if is(bylaws::PAST.listed()) => {
                self.author.submit(&self.draft());
                case(admin(), &bylaws::PAST, &[], &Nothing {})
            }
            _ if is(bylaws::DRAW.listed()) => {
                let now = self.bylaws();
                let draft = Draft { circuits: now.bylaws.circuits, rules: now.bylaws.rules };
                case(admin(), &bylaws::DRAW, &[], &bylaws::Draw { version: now.version, draft })
            }
            _ if is(bylaws::OPEN.listed()) => {
                let now = self.bylaws();
                case(admin(), &bylaws::OPEN, &[], &bylaws::Open { version: now.version, hours: now.bylaws.hours })
            }
            _ if is(bylaws::GROUP.listed()) => {
                let now = self.bylaws();
                let members = vec![self.mayor.me.member.clone()];
                let unit = Unit { id: domain::UnitId::from_bits(1), name: "Alcaldía".to_owned(), members };
                case(admin(), &bylaws::GROUP, &[], &bylaws::Group { version: now.version, units: vec![unit] })
            }
            _ if is(bylaws::GUIDE.listed()) => {
                let version = self.bylaws().version;
                // Nothing required: what comes after it is submitted without a tick.
                let text = std::collections::BTreeMap::from([(Language::spanish(), "Con fecha y lugar.".to_owned())]);
                let advice = domain::guidance::Advice {
                    tone: domain::guidance::Tone::Do,
                    line: domain::guidance::Line(text),
                    scope: domain::guidance::Scope::default(),
                };
                let guidance = domain::guidance::Guidance { advice: vec![advice], ..Default::default() };
                case(admin(), &bylaws::GUIDE, &[], &bylaws::Guide { version, guidance })
            }
            _ if is(bylaws::SUBSTITUTE.listed()) => {
                case(admin(), &bylaws::SUBSTITUTE, &[], &crate::circuits::decree(&self.mayor, &self.administrator))
            }
            _ if is(bylaws::REVOKE.listed()) => {
                let decree = crate::circuits::decree(&self.mayor, &self.administrator);
                let standing = self.bylaws();
                let id = match standing.bylaws.delegations.first() {
                    Some(named) => named.id.clone(),
                    None => {
                        admin().ok(&bylaws::SUBSTITUTE, &[], &decree);
                        decree.id
                    }
                };
                case(admin(), &bylaws::REVOKE, &[id.as_str()], &Nothing {})
            }
            _ if is(bylaws::CODES.listed()) => {
                let allow = bylaws::AllowCodes { version: self.bylaws().version, codes: Codes::Allowed };
                case(admin(), &bylaws::CODES, &[], &allow)
            }
            _ if is(bylaws::EXCUSE.listed()) => {
                let today = self.author.wall(self.town.now(), Millis(0)).date();
                let excuse = bylaws::Excuse { member: self.author.me.member.clone(), first: today, last: today };
                case(author(), &bylaws::EXCUSE, &[], &excuse)
            }
            _ if is(bylaws::RECALL.listed()) => {
                let today = self.author.wall(self.town.now(), Millis::days(1)).date();
                let excuse = bylaws::Excuse { member: self.author.me.member.clone(), first: today, last: today };
                let standing = self.author.ok(&bylaws::EXCUSE, &[], &excuse);
                let absence = standing.bylaws.absences.last().unwrap().clone();
                case(author(), &bylaws::RECALL, &[], &absence)
            }

            _ if is(bylaws::PREPARE.listed()) => {
                let now = self.bylaws();
                let protocol = now.bylaws.emergency.or(Some(self.protocol()));
                case(admin(), &bylaws::PREPARE, &[], &bylaws::Prepare { version: now.version, protocol })
            }
            _ if is(emergencies::PENDING.listed()) => case(author(), &emergencies::PENDING, &[], &Nothing {}),
            _ if is(emergencies::NONCE.listed()) => {
                self.prepared();
                case(author(), &emergencies::NONCE, &[id(&self.draft())], &Nothing {})
            }
            _ if is(emergencies::ASK.listed()) => {
                self.prepared();
                let draft = self.draft();
                case(author(), &emergencies::ASK, &[id(&draft)], &crate::emergency::asking(&draft))
            }
            _ if is(emergencies::ANSWER.listed()) => {
                self.prepared();
                let asked = crate::emergency::ask(&self.author, &self.draft()).unwrap();
                let emergency = asked.emergencies[0].emergency.id.to_string();
                let agree = emergencies::Answer { said: Said::Agree, reason: None, signed: None };
                let community = self.town.member(Role::Community);
                case(community, &emergencies::ANSWER, &[id(&asked), &emergency], &agree)
            }
            _ if is(emergencies::RECEIPT.listed()) => {
                self.prepared();
                // Of a member of their own: who has a passkey says no word without it any more.
                let (key, member) = crate::circuits::joined(&self.town, Role::Author, "La jefa de guardia");
                let asked = crate::emergency::ask_signed(&self.town, (&key, &member), &self.draft());
                let emergency = asked.emergencies[0].emergency.id.to_string();
                case(author(), &emergencies::RECEIPT, &[id(&asked), &emergency, "ask"], &Nothing {})
            }

            _ if is(channels::CHANNELS.listed()) => case(author(), &channels::CHANNELS, &[], &Nothing {}),
            _ if is(channels::CONNECT.listed()) => {
                let connect = channels::Connect::Assisted {
                    on: domain::Network::Other,
                    channel: None,
                    name: "Papel".to_owned(),
                    handle: "papel".to_owned(),
                    address: None,
                };
                case(admin(), &channels::CONNECT, &[], &connect)
            }
            // A navigation: it always ends in the desk, which says what came of it.
            _ if let Some(route) = RETURNS.iter().find(|route| is(route.listed())) => {
                let back = channels::OauthReturn {
                    code: None,
                    state: None,
                    error: Some("access_denied".to_owned()),
                    iss: None,
                };
                // Mastodon's ends in the name of a server; the others have no such part.
                case(admin(), route, &["0123456789abcdef"], &back)
            }
            _ if is(channels::PAGES.listed()) => {
                let (owner, name) = self.choosing();
                case(owner, &channels::PAGES, &[&name], &Nothing {})
            }
            _ if is(channels::CHOOSE.listed()) => {
                let (owner, name) = self.choosing();
                let page = owner.ok(&channels::PAGES, &[&name], &Nothing {}).remove(0).id;
                case(owner, &channels::CHOOSE, &[&name], &channels::ChoosePage { page })
            }
            _ if is(channels::PROVE.listed()) => {
                let sandbox = outside::Sandbox::start();
                let address = [&*sandbox.server, networks_sandbox::WEBSITE].concat();
                let connect = channels::Connect::Website { address, name: "Web".to_owned(), channel: None };
                let owner = admin();
                let channels::Connected::ToProve { connection, secret } = owner.ok(&channels::CONNECT, &[], &connect)
                else {
                    panic!("connected without a proof")
                };
                sandbox.set(&serde_json::json!({ "website": { "secrets": [secret] } }));
                case(owner, &channels::PROVE, &[&connection], &Nothing {})
            }
            _ if is(channels::CHANGE.listed()) => {
                let channel = self.administrator.connect_by_hand(domain::Network::Whatsapp, None);
                let change = channels::ChangeChannel {
                    name: "Canal".to_owned(),
                    languages: vec![Language::spanish()],
                    address: None,
                    patience: Patience::Usual,
                };
                case(admin(), &channels::CHANGE, &[channel.id.as_str()], &change)
            }
            _ if is(channels::CHECK.listed()) => {
                let board = self.town.founded.noticeboard.to_string();
                case(admin(), &channels::CHECK, &[&board], &Nothing {})
            }
            _ if is(channels::SEEK.listed()) => {
                let sandbox = outside::Sandbox::start();
                self.town.stand_in(domain::Network::Linkedin, &sandbox.server);
                let channel = outside::agree_at_network(&self.administrator, &outside::app_of_linkedin(None)).unwrap();
                let seek = channels::Seek { page: "villa-serena".to_owned() };
                case(author(), &channels::SEEK, &[channel.id.as_str()], &seek)
            }
            _ if is(channels::TROUBLES.listed()) => {
                let channel = self.administrator.connect_by_hand(domain::Network::Whatsapp, None);
                case(admin(), &channels::TROUBLES, &[channel.id.as_str()], &Nothing {})
            }
            _ if is(custody::CUSTODY.listed()) => case(author(), &custody::CUSTODY, &[], &Nothing {}),
            _ if is(custody::APPOINT.listed()) => {
                let channel = self.administrator.connect_by_hand(domain::Network::Whatsapp, None).id;
                let before = self.custody().into_iter().find(|held| held.channel == channel).unwrap().custodians;
                let appoint = custody::Appoint {
                    before: before.into_iter().map(|one| one.member).collect(),
                    custodians: vec![author().me.member],
                };
                case(admin(), &custody::APPOINT, &[channel.as_str()], &appoint)
            }
            _ if is(custody::HAND_OVER.listed()) => {
                self.administrator.connect_by_hand(domain::Network::Linkedin, None);
                let from = self.administrator.me.member.clone();
                let holds = |held: &Custody| held.custodians.iter().any(|one| one.member == from);
                let channels = self.custody().into_iter().filter(holds).map(|held| held.channel).collect();
                let handover = Handover::One { from: from.clone(), to: mayor().me.member };
                case(admin(), &custody::HAND_OVER, &[], &custody::HandOver { handover, channels })
            }
            _ if is(channels::VAULT.listed()) => case(admin(), &channels::VAULT, &[], &Nothing {}),
            _ if is(channels::DISCONNECT.listed()) => {
                let channel = self.administrator.connect_by_hand(domain::Network::Whatsapp, None);
                case(admin(), &channels::DISCONNECT, &[channel.id.as_str()], &Nothing {})
            }

            _ if is(media::STORE.listed()) => {
                Case { owner: author(), path: media::STORE.path(&[]), body: crate::media::png(17, 13) }
            }
            _ if is(media::PICTURE.listed()) => {
                let picture = crate::media::stored(&self.author, &crate::media::png(18, 13));
                case(author(), &media::PICTURE, &[picture.id.as_str()], &Nothing {})
            }

            _ if is(media::KEEP_THUMBNAIL.listed()) => {
                let body = crate::media::png(19, 13);
                let picture = crate::media::stored(&self.author, &body);
                Case { owner: author(), path: media::KEEP_THUMBNAIL.path(&[picture.id.as_str()]), body }
            }
            _ if is(media::THUMBNAIL.listed()) => {
                let picture = crate::media::stored(&self.author, &crate::media::png(20, 13));
                case(author(), &media::THUMBNAIL, &[picture.id.as_str()], &Nothing {})
            }

            _ if is(library::ALIKE.listed()) => {
                let look = domain::look::Look::from_bits(0x0123_4567_89ab_cdef);
                crate::assets::looks(&self.author, &self.filed(27), look, &crate::media::png(27, 13));
                case(author(), &library::ALIKE, &[], &library::Alike { look })
            }
            _ if is(library::REPLACE.listed()) => {
                let (media, by) = (self.filed(31), self.filed(32));
                case(author(), &library::REPLACE, &[media.as_str()], &library::Replace { by })
            }
            _ if is(library::NEWER.listed()) => {
                let (old, new) = (self.filed(33), self.filed(34));
                crate::versions::replace(&self.author, &old, &new);
                case(author(), &library::NEWER, &[], &library::Held { media: old.to_string() })
            }
            _ if is(brand::READ.listed()) => {
                self.branded(35);
                case(author(), &brand::READ, &[], &Nothing {})
            }
            _ if is(brand::KEEP.listed()) => {
                let brand::View { version, kit, .. } = self.branded(36);
                let colours = vec![crate::brand::colour("Otro color", [9, 8, 7])];
                let kit = domain::brand::Kit { colours, ..kit };
                case(admin(), &brand::KEEP, &[], &brand::Keep { version, kit })
            }
            _ if is(library::REGISTER.listed()) => {
                self.registered(28);
                case(author(), &library::REGISTER, &[], &Nothing {})
            }
            _ if is(library::FORGET.listed()) => {
                case(author(), &library::FORGET, &[self.registered(30).as_str()], &Nothing {})
            }
            _ if is(library::DELETE.listed()) => {
                case(author(), &library::DELETE, &[self.filed(29).as_str()], &Nothing {})
            }
            _ if is(library::LIST.listed()) => {
                self.filed(21);
                case(author(), &library::LIST, &[], &library::Query::default())
            }
            _ if is(library::USED.listed()) => {
                self.filed(41);
                case(author(), &library::USED, &[], &library::Query::default())
            }
            _ if is(library::TAKE_OUT.listed()) => {
                self.registered(42);
                case(author(), &library::TAKE_OUT, &[], &library::TakeOut::default())
            }
            _ if is(library::SHELVES.listed()) => {
                self.filed(22);
                case(author(), &library::SHELVES, &[], &Nothing {})
            }
            _ if is(library::ASSET.listed()) => {
                case(author(), &library::ASSET, &[self.filed(23).as_str()], &Nothing {})
            }
            _ if is(library::DESCRIBE.listed()) => {
                let media = self.filed(24);
                let asset = self.author.ok(&library::ASSET, &[media.as_str()], &Nothing {}).filed.asset;
                let said = domain::library::Said { name: "Otro nombre".to_owned(), ..asset.said };
                let describe = library::Describe { version: asset.version, said };
                case(author(), &library::DESCRIBE, &[media.as_str()], &describe)
            }
            _ if is(library::KEEP_CONSENT.listed()) => {
                let (media, consent) = (self.filed(25), crate::library::drawn());
                let form = crate::library::form("Una vecina");
                case(author(), &library::KEEP_CONSENT, &[media.as_str(), consent.as_str()], &form)
            }
            _ if is(library::WITHDRAW.listed()) => {
                let (media, consent) = (self.filed(26), crate::library::drawn());
                let form = crate::library::form("Secreto de la Villa Cercada");
                self.author.ok(&library::KEEP_CONSENT, &[media.as_str(), consent.as_str()], &form);
                let withdraw = library::Withdraw { version: 1 };
                case(author(), &library::WITHDRAW, &[media.as_str(), consent.as_str()], &withdraw)
            }

            _ if is(videos::BEGIN.listed()) => {
                let begin = videos::Begin { name: "secreto.mp4".to_owned(), bytes: 5_000 };
                case(author(), &videos::BEGIN, &[], &begin)
            }
            _ if is(videos::PARTS.listed()) => {
                let coming = crate::video::begin(&self.author, "partes.mp4", 5_000).unwrap();
                case(author(), &videos::PARTS, &[coming.id.as_str()], &Nothing {})
            }
            _ if is(videos::PART.listed()) => {
                let body = crate::video::film(3_000, 21, &[]);
                let coming = crate::video::begin(&self.author, "parte.mp4", body.len() as u64).unwrap();
                Case { owner: author(), path: videos::PART.path(&[coming.id.as_str(), "0"]), body }
            }
            _ if is(videos::FINISH.listed()) => {
                let video = crate::video::brought(&self.author, "fin.mp4", &crate::video::film(3_000, 22, &[]));
                case(author(), &videos::FINISH, &[video.as_str()], &Nothing {})
            }
            _ if is(videos::GIVE_UP.listed()) => {
                let coming = crate::video::begin(&self.author, "dejado.mp4", 5_000).unwrap();
                case(author(), &videos::GIVE_UP, &[coming.id.as_str()], &Nothing {})
            }
            _ if is(videos::VIDEO.listed()) => {
                let video = crate::video::stored(&self.author, &crate::video::film(3_000, 23, &[]));
                case(author(), &videos::VIDEO, &[video.id.as_str()], &Nothing {})
            }

            _ if is(documents::STORE.listed()) => Case {
                owner: author(),
                path: documents::STORE.path(&[]),
                body: crate::documents::pdf(1, 50, 31, "null"),
            },
            _ if is(documents::LOOK.listed()) => {
                let media = crate::documents::brought(&self.author, &crate::documents::pdf(1, 50, 32, "null"));
                case(author(), &documents::LOOK, &[media.as_str()], &Nothing {})
            }
            _ if is(documents::DOCUMENT.listed()) => {
                let media = crate::documents::stored(&self.author, &crate::documents::pdf(1, 50, 33, "null")).id;
                case(author(), &documents::DOCUMENT, &[media.as_str()], &Nothing {})
            }

            _ if is(videos::CAPTION.listed()) => {
                let video = crate::video::stored(&self.author, &crate::video::film(3_000, 24, &[]));
                let body = crate::captions::FILE.as_bytes().to_vec();
                Case { owner: author(), path: videos::CAPTION.path(&[video.id.as_str()]), body }
            }
            _ if is(videos::CAPTIONS.listed()) => {
                let video = crate::video::stored(&self.author, &crate::video::film(3_000, 25, &[]));
                let said = crate::captions::bring(&self.author, &video.id, crate::captions::OTHER).said;
                case(author(), &videos::CAPTIONS, &[said.split('-').next().unwrap()], &Nothing {})
            }

            _ if is(posts::LIST.listed()) => case(author(), &posts::LIST, &[], &posts::Query::default()),
            _ if is(posts::SEARCH.listed()) => {
                // Words that stand in the posts of both towns.
                self.draft();
                let search = posts::Search { words: "corte agua".to_owned(), cursor: None };
                case(author(), &posts::SEARCH, &[], &search)
            }
            _ if is(posts::READ.listed()) => case(author(), &posts::READ, &[id(&self.out())], &Nothing {}),
            _ if is(posts::SAVE.listed()) => {
                let draft = self.draft();
                let save = posts::Save { version: draft.post.version, content: self.town.notice("Cambiado.") };
                case(author(), &posts::SAVE, &[id(&draft)], &save)
            }
            _ if is(posts::CANCEL.listed()) => {
                let draft = self.draft();
                case(author(), &posts::CANCEL, &[id(&draft)], &because(&draft, "Prueba."))
            }
            _ if is(posts::CHECK.listed()) => case(author(), &posts::CHECK, &[], &self.town.notice("Texto.")),
            _ if is(posts::SUBMIT.listed()) => {
                let draft = self.draft();
                case(author(), &posts::SUBMIT, &[id(&draft)], &at(&draft))
            }
            _ if is(posts::WITHDRAW.listed()) => {
                let waiting = self.author.submit(&self.draft());
                case(author(), &posts::WITHDRAW, &[id(&waiting)], &at(&waiting))
            }
            _ if is(posts::DECIDE.listed()) => {
                let waiting = self.author.submit(&self.draft());
                case(mayor(), &posts::DECIDE, &[id(&waiting)], &api_journeys::approval(&waiting))
            }
            _ if is(posts::NONCE.listed()) => {
                let waiting = self.author.submit(&self.draft());
                case(mayor(), &posts::NONCE, &[id(&waiting)], &Nothing {})
            }
            _ if is(posts::CODE.listed()) => {
                let waiting = self.author.submit(&self.draft());
                let (mayor, ask) = self.about_to_confirm(&waiting);
                case(mayor, &posts::CODE, &[id(&waiting)], &ask)
            }
            _ if is(posts::CONFIRM.listed()) => {
                let waiting = self.author.submit(&self.draft());
                let (mayor, ask) = self.about_to_confirm(&waiting);
                mayor.ok(&posts::CODE, &[id(&waiting)], &ask);
                let code = crate::outside::code_in(&self.town, &crate::outside::email(&self.town, &mayor));
                case(mayor, &posts::CONFIRM, &[id(&waiting)], &posts::Confirm { code, checked: None })
            }
            _ if is(posts::LINKS.listed()) => {
                self.linked();
                case(author(), &posts::LINKS, &[], &Nothing {})
            }
            _ if is(posts::SEND_LINK.listed()) => {
                let (waiting, link) = self.linked();
                case(author(), &posts::SEND_LINK, &[id(&waiting), &link], &Nothing {})
            }
            _ if is(posts::REVOKE_LINK.listed()) => {
                let (waiting, link) = self.linked();
                case(author(), &posts::REVOKE_LINK, &[id(&waiting), &link], &Nothing {})
            }
            _ if is(deciding::DECIDING.listed()) => {
                self.author.submit(&self.draft());
                case(mayor(), &deciding::DECIDING, &[], &deciding::Query::default())
            }
            _ if is(deciding::OF_SERIES.listed()) => {
                let series = self.series();
                let all = self.author.ok(&series::SERIES, &[series.as_str()], &Nothing {});
                self.author.submit(&self.author.read(&all[0].post));
                case(mayor(), &deciding::OF_SERIES, &[series.as_str()], &deciding::After { after: 0 })
            }
            _ if is(posts::RECEIPT.listed()) => {
                let waiting = self.author.submit(&self.draft());
                let (key, mayor) = crate::receipts::with_passkey(mayor());
                let decide = key.decide(&mayor, &waiting, domain::Choice::Approve, self.town.now());
                let decided = mayor.ok(&posts::DECIDE, &[id(&waiting)], &decide);
                let decision = decided.decisions[0].id.to_string();
                case(author(), &posts::RECEIPT, &[id(&waiting), &decision], &Nothing {})
            }
            _ if is(posts::WAIVE.listed()) => {
                let draft = self.author.write(&self.town.notice("Llama al 612 345 678."));
                let finding =
                    draft.findings.iter().find(|finding| finding.rule == domain::policy::Rule::PersonalData).unwrap();
                let waive = posts::Waive {
                    rule: finding.rule,
                    fingerprint: finding.fingerprint(),
                    reason: "Prueba.".to_owned(),
                };
                case(author(), &posts::WAIVE, &[id(&draft)], &waive)
            }
            _ if is(posts::REMARK.listed()) => {
                let draft = self.author.write(&self.town.notice("Comienzan las obras."));
                let remark = posts::Remarking {
                    matter: domain::circuit::Matter::Works,
                    says: Some(domain::matter::Says::DoesNot),
                    reason: "Prueba.".to_owned(),
                };
                case(author(), &posts::REMARK, &[id(&draft)], &remark)
            }
            _ if is(posts::TRANSLATED.listed()) => {
                let mut content = self.town.notice("Secreto de la Villa Cercada.");
                content.texts.insert(Language::english(), "A secret.".to_owned());
                let draft = self.author.write(&content);
                content.texts.insert(Language::spanish(), "Otro secreto de la Villa Cercada.".to_owned());
                let draft = self.author.edit(&draft, &content);
                let translated = posts::Translated { version: draft.post.version, language: Language::english() };
                case(author(), &posts::TRANSLATED, &[id(&draft)], &translated)
            }
            _ if is(pulse::PULSE.listed()) => {
                let post = self.draft().post.id;
                let look = pulse::Look { post: Some(post.clone()), writing: true, left: Some(post) };
                case(author(), &pulse::PULSE, &[], &look)
            }
            _ if is(webpages::READ_PAGE.listed()) => {
                let page = ("/", "text/html", crate::webpages::page("<title>Pleno</title>"));
                let address = Elsewhere::saying(Says::Pages(vec![page])).at("/");
                case(author(), &webpages::READ_PAGE, &[], &webpages::ReadPage { address })
            }
            _ if is(calendar::MARKS.listed()) => {
                self.mark();
                let (first, last) = ("2026-03-26".parse().unwrap(), "2026-03-26".parse().unwrap());
                case(author(), &calendar::MARKS, &[], &calendar::Days { first, last })
            }
            _ if is(calendar::ZONE.listed()) => {
                case(author(), &calendar::ZONE, &[], &calendar::Named { name: "Atlantic/Canary".to_owned() })
            }
            _ if is(foreign::FOREIGN.listed()) => {
                self.foreign();
                case(admin(), &foreign::FOREIGN, &[], &Nothing {})
            }
            _ if is(foreign::KEEP_FOREIGN.listed()) => {
                let keep = foreign::KeepForeign {
                    version: 1,
                    on: false,
                    ..crate::foreign::calendar("Otro calendario", NOBODY)
                };
                case(admin(), &foreign::KEEP_FOREIGN, &[self.foreign().as_str()], &keep)
            }
            _ if is(foreign::DROP_FOREIGN.listed()) => {
                case(admin(), &foreign::DROP_FOREIGN, &[self.foreign().as_str()], &Nothing {})
            }
            _ if is(foreign::FETCH_FOREIGN.listed()) => {
                case(admin(), &foreign::FETCH_FOREIGN, &[self.foreign().as_str()], &Nothing {})
            }
            _ if is(calendar::KEEP_MARK.listed()) => {
                let keep =
                    calendar::KeepMark { version: 1, ..crate::calendar::note("Otra nota", "2026-03-26", "2026-03-26") };
                case(author(), &calendar::KEEP_MARK, &[self.mark().as_str()], &keep)
            }
            _ if is(calendar::DROP_MARK.listed()) => {
                case(author(), &calendar::DROP_MARK, &[self.mark().as_str()], &Nothing {})
            }
            _ if is(calendar::VIEWS.listed()) => case(author(), &calendar::VIEWS, &[], &Nothing {}),
            _ if is(calendar::KEEP_VIEWS.listed()) => {
                let before = author().ok(&calendar::VIEWS, &[], &Nothing {});
                case(author(), &calendar::KEEP_VIEWS, &[], &crate::calendar::with_view(before, "Otra vista"))
            }
            _ if is(calendar::HOLES.listed()) => {
                case(author(), &calendar::HOLES, &[id(&self.draft())], &calendar::After::default())
            }
            _ if is(campaigns::THEMES.listed()) => case(author(), &campaigns::THEMES, &[], &Nothing {}),
            _ if is(campaigns::KEEP_CAMPAIGN.listed()) => {
                let (campaign, now) = crate::campaigns::campaign(&self.administrator, "Secreto de la Villa Cercada");
                let keep = campaigns::KeepCampaign { version: now.version, ..crate::campaigns::named("Otro nombre") };
                case(admin(), &campaigns::KEEP_CAMPAIGN, &[campaign.as_str()], &keep)
            }
            _ if is(campaigns::KEEP_PILLAR.listed()) => {
                let pillar = crate::campaigns::pillar(&self.administrator, "Secreto de la Villa Cercada");
                let keep = campaigns::KeepPillar { version: 1, name: "Otro eje".to_owned(), archived: true };
                case(admin(), &campaigns::KEEP_PILLAR, &[pillar.as_str()], &keep)
            }
            _ if is(campaigns::KEEP_AUDIENCE.listed()) => {
                let audience = crate::plan::audience(&self.administrator, "Secreto de la Villa Cercada");
                let keep = campaigns::KeepAudience { version: 1, ..crate::plan::named("Otro público") };
                case(admin(), &campaigns::KEEP_AUDIENCE, &[audience.as_str()], &keep)
            }
            _ if is(campaigns::KEEP_MESSAGE.listed()) => {
                let pillar = crate::campaigns::pillar(&self.administrator, "Eje de la Villa Cercada");
                let message = crate::plan::message(&self.administrator, &pillar, "Secreto de la Villa Cercada");
                let keep = campaigns::KeepMessage { version: 1, ..crate::plan::sentence(&pillar, "Otra frase") };
                case(admin(), &campaigns::KEEP_MESSAGE, &[message.as_str()], &keep)
            }
            _ if is(plan::PLAN.listed()) => {
                self.promise();
                case(author(), &plan::PLAN, &[], &plan::Around { day: "2026-03-26".parse().unwrap() })
            }
            _ if is(plan::KEEP_PROMISE.listed()) => {
                let (promise, keep) = self.promise();
                let keep = plan::KeepPromise { count: 9, ..keep };
                case(admin(), &plan::KEEP_PROMISE, &[promise.as_str()], &keep)
            }
            _ if is(plan::DROP_PROMISE.listed()) => {
                case(admin(), &plan::DROP_PROMISE, &[self.promise().0.as_str()], &Nothing {})
            }
            _ if is(contacts::BOOK.listed()) => {
                self.contact();
                case(author(), &contacts::BOOK, &[], &Nothing {})
            }
            _ if is(contacts::KEEP_CONTACT.listed()) => {
                let domain::Contact { id, version, mut body } = self.contact();
                body.accounts.clear();
                case(author(), &contacts::KEEP_CONTACT, &[id.as_str()], &contacts::KeepContact { version, body })
            }
            _ if is(contacts::DROP_CONTACT.listed()) => {
                case(author(), &contacts::DROP_CONTACT, &[self.contact().id.as_str()], &Nothing {})
            }
            _ if is(contacts::CONTACT_USES.listed()) => {
                case(author(), &contacts::CONTACT_USES, &[self.contact().id.as_str()], &Nothing {})
            }
            _ if is(texts::TEMPLATES.listed()) => {
                self.template();
                case(author(), &texts::TEMPLATES, &[], &Nothing {})
            }
            _ if is(texts::KEEP_TEMPLATE.listed()) => {
                let domain::Template { id, version, mut body } = self.template();
                body.basis = "Prueba.".to_owned();
                case(admin(), &texts::KEEP_TEMPLATE, &[id.as_str()], &texts::KeepTemplate { version, body })
            }
            _ if is(texts::DROP_TEMPLATE.listed()) => {
                case(admin(), &texts::DROP_TEMPLATE, &[self.template().id.as_str()], &Nothing {})
            }
            _ if is(texts::ADD_READY.listed()) => case(admin(), &texts::ADD_READY, &[], &Nothing {}),
            _ if is(texts::REPLIES.listed()) => {
                self.reply();
                case(author(), &texts::REPLIES, &[], &texts::FindReplies::default())
            }
            _ if is(texts::KEEP_REPLY.listed()) => {
                let domain::reply::Reply { id, version, mut body, .. } = self.reply();
                body.dos = "Prueba.".to_owned();
                case(author(), &texts::KEEP_REPLY, &[id.as_str()], &texts::KeepReply { version, body })
            }
            _ if is(texts::AGREE_REPLY.listed()) => {
                let reply = self.reply();
                let agree = texts::AgreeReply { version: reply.version };
                case(mayor(), &texts::AGREE_REPLY, &[reply.id.as_str()], &agree)
            }
            _ if is(texts::DROP_REPLY.listed()) => {
                case(admin(), &texts::DROP_REPLY, &[self.reply().id.as_str()], &Nothing {})
            }
            _ if is(texts::PROPOSAL_LINKS.listed()) => {
                crate::texts::link(&self.author, "Secreto de la Villa Cercada");
                case(author(), &texts::PROPOSAL_LINKS, &[], &Nothing {})
            }
            _ if is(texts::MAKE_PROPOSAL_LINK.listed()) => {
                let make = texts::MakeLink { name: "Otra puerta".to_owned(), days: 30 };
                case(author(), &texts::MAKE_PROPOSAL_LINK, &[], &make)
            }
            _ if is(texts::REVOKE_PROPOSAL_LINK.listed()) => {
                let link = crate::texts::link(&self.author, "Secreto de la Villa Cercada");
                case(author(), &texts::REVOKE_PROPOSAL_LINK, &[link.id.as_str()], &Nothing {})
            }
            _ if is(texts::PROPOSALS.listed()) => {
                self.proposed();
                case(author(), &texts::PROPOSALS, &[], &texts::FindProposals::default())
            }
            _ if is(texts::PROPOSAL_PICTURE.listed()) => {
                case(author(), &texts::PROPOSAL_PICTURE, &[self.proposed().id.as_str()], &Nothing {})
            }
            _ if is(texts::TAKE_UP.listed()) => {
                case(author(), &texts::TAKE_UP, &[self.proposed().id.as_str()], &Nothing {})
            }
            _ if is(texts::THANK.listed()) => {
                let thank = texts::Thank { word: "Gracias.".to_owned() };
                case(author(), &texts::THANK, &[self.proposed().id.as_str()], &thank)
            }
            _ if is(texts::DISCARD.listed()) => {
                case(author(), &texts::DISCARD, &[self.proposed().id.as_str()], &Nothing {})
            }
            _ if is(campaigns::BELONG.listed()) => {
                let (campaign, _) =
                    crate::campaigns::campaign(&self.administrator, "Secreto de la Villa Cercada, otro");
                let draft = self.draft();
                let belongs = domain::Belonging { campaign: Some(campaign), ..domain::Belonging::default() };
                let belong = campaigns::Belong { version: draft.post.version, belongs };
                case(author(), &campaigns::BELONG, &[id(&draft)], &belong)
            }
            _ if is(posts::PLACE.listed()) => {
                let approved = self.approved();
                let wall = self.author.wall(self.town.now(), Millis::hours(4));
                case(author(), &posts::PLACE, &[id(&approved)], &slot(&approved, wall))
            }
            _ if is(posts::UNPLACE.listed()) => {
                let placed = self.placed();
                case(author(), &posts::UNPLACE, &[id(&placed)], &at(&placed))
            }
            _ if is(posts::NARROW.listed()) => {
                let draft = self.draft();
                let day = self.author.wall(self.town.now(), Millis::hours(4)).date();
                let narrow = posts::Narrow { version: draft.post.version, margin: Some(Margin::Day { day }) };
                case(author(), &posts::NARROW, &[id(&draft)], &narrow)
            }
            _ if is(posts::RELEASE.listed()) => {
                let approved = self.approved();
                case(author(), &posts::RELEASE, &[id(&approved)], &at(&approved))
            }
            _ if is(posts::CORRECT.listed()) => {
                let out = self.out();
                let correct = posts::Correct {
                    version: out.post.version,
                    content: self.town.notice("Corregido."),
                    reason: "Prueba.".to_owned(),
                    checked: None,
                };
                case(author(), &posts::CORRECT, &[id(&out)], &correct)
            }
            _ if is(posts::TAKE_DOWN.listed()) => {
                let out = self.out();
                case(author(), &posts::TAKE_DOWN, &[id(&out)], &because(&out, "Prueba."))
            }

            _ if is(history::VERSIONS.listed()) => {
                let waiting = self.author.submit(&self.draft());
                case(author(), &history::VERSIONS, &[id(&waiting)], &history::Older::default())
            }
            _ if is(history::RESTORE.listed()) => {
                let draft = self.administrator.edit(&self.draft(), &self.town.notice("Secreto cambiado."));
                let of = self.author.ok(&history::VERSIONS, &[id(&draft)], &history::Older::default()).kept[0].version;
                let restore = history::Restore { version: draft.post.version, of };
                case(author(), &history::RESTORE, &[id(&draft)], &restore)
            }

            _ if is(posts::SUBMITTED.listed()) => {
                let waiting = self.author.submit(&self.draft());
                case(author(), &posts::SUBMITTED, &[id(&waiting)], &posts::Before { before: 2 })
            }

            _ if is(comments::LIST.listed()) => case(author(), &comments::LIST, &[id(&self.said().0)], &Nothing {}),
            _ if is(comments::SAY_INSIDE.listed()) => {
                let (draft, comment) = self.said();
                let say = comments::Say { remark: Remark::new("Secreto de la Villa Cercada."), answers: None };
                case(author(), &comments::SAY_INSIDE, &[id(&draft), comment.as_str()], &say)
            }
            _ if is(comments::SAY_OUTSIDE.listed()) => {
                let say = comments::Say { remark: Remark::new("Texto."), answers: None };
                let (draft, comment) = (self.draft(), crate::comments::new_comment());
                case(author(), &comments::SAY_OUTSIDE, &[id(&draft), comment.as_str()], &say)
            }
            _ if is(comments::REWORD.listed()) => {
                let reword = comments::Reword { text: "Dicho de otro modo.".to_owned() };
                case(author(), &comments::REWORD, &[self.said().1.as_str()], &reword)
            }
            _ if is(comments::DELETE.listed()) => {
                case(author(), &comments::DELETE, &[self.said().1.as_str()], &Nothing {})
            }
            _ if is(comments::RESOLVE.listed()) => {
                let resolve = comments::Resolve { done: true };
                case(author(), &comments::RESOLVE, &[self.said().1.as_str()], &resolve)
            }

            _ if is(publications::RETRY.listed()) => {
                case(author(), &publications::RETRY, &[&publication(&self.held())], &why())
            }
            _ if is(publications::GIVE_UP.listed()) => {
                case(author(), &publications::GIVE_UP, &[&publication(&self.held())], &why())
            }
            _ if is(publications::LOOK.listed()) => {
                case(author(), &publications::LOOK, &[&publication(&self.unknown())], &Nothing {})
            }
            _ if is(publications::SETTLE.listed()) => {
                let settle = publications::Settle::NotOut { reason: "Prueba.".to_owned() };
                case(author(), &publications::SETTLE, &[&publication(&self.in_hand())], &settle)
            }
            _ if is(publications::KIT.listed()) => {
                case(author(), &publications::KIT, &[&publication(&self.in_hand())], &Nothing {})
            }

            _ if is(records::RECORDS.listed()) => case(author(), &records::RECORDS, &[], &records::From::default()),
            _ if is(records::VERIFY.listed()) => case(author(), &records::VERIFY, &[], &records::From::default()),
            _ if is(records::SEARCH.listed()) => case(author(), &records::SEARCH, &[], &records::Search::default()),
            _ if is(records::LINKS.listed()) => case(author(), &records::LINKS, &[], &records::Stand { from: 1 }),
            _ if is(records::EXPORT.listed()) => case(author(), &records::EXPORT, &[], &self.export()),
            _ if is(records::EXPORTED.listed()) => {
                let begun = self.author.ok(&records::EXPORT, &[], &self.export());
                let onward = records::Onward::default();
                case(author(), &records::EXPORTED, &[begun.export.as_str()], &onward)
            }
            _ if is(records::ERASE.listed()) => {
                self.author.submit(&self.draft());
                let kept = crate::record::whole_chain(&self.author, &self.town);
                let last = kept.iter().rev().find(|entry| entry.body.is_some()).unwrap().seq;
                let erase = records::Erase { seq: last, reason: "Prueba.".to_owned() };
                case(self.town.member(Role::Records), &records::ERASE, &[], &erase)
            }
            _ if is(tasks::LIST.listed()) => case(author(), &tasks::LIST, &[], &tasks::Query::default()),
            _ if is(tasks::ASK.listed()) => {
                let (id, request) = self.asked();
                case(author(), &tasks::ASK, &[id.as_str()], &request)
            }
            _ if is(tasks::ADVANCE.listed()) => {
                let advance = tasks::Advance { state: State::Doing };
                case(author(), &tasks::ADVANCE, &[self.asked().0.as_str()], &advance)
            }
            _ if is(tasks::HAND_ON.listed()) => {
                let hand_on = tasks::HandOn { to: Assignee::Member { member: mayor().me.member } };
                case(author(), &tasks::HAND_ON, &[self.asked().0.as_str()], &hand_on)
            }
            _ if is(tasks::REPORT.listed()) => case(author(), &tasks::REPORT, &[], &self.span()),
            _ if is(tasks::REPORT_FILE.listed()) => case(author(), &tasks::REPORT_FILE, &[], &self.span()),
            _ if is(notices::LIST.listed()) => case(author(), &notices::LIST, &[], &notices::Query::default()),
            _ if is(notices::READ.listed()) => {
                let (_, request) = self.asked();
                let id = crate::tasks::new_task();
                self.administrator.ok(&tasks::ASK, &[id.as_str()], &request);
                let told = author().ok(&notices::LIST, &[], &notices::Query::default()).items[0].id.to_string();
                case(author(), &notices::READ, &[&told], &Nothing {})
            }
            _ if is(notices::READ_ALL.listed()) => {
                case(author(), &notices::READ_ALL, &[], &notices::Until { until: self.town.now() })
            }
            _ if is(notices::CHOICES.listed()) => case(author(), &notices::CHOICES, &[], &Nothing {}),
            _ if is(notices::CHOOSE.listed()) => {
                case(author(), &notices::CHOOSE, &[], &domain::telling::Choices::default())
            }
            _ if is(notices::PUSH.listed()) => case(author(), &notices::PUSH, &[], &Nothing {}),
            _ if is(notices::SUBSCRIBE.listed()) => {
                // The strangers send it too, and it is theirs until its owner sends it last: one browser, one holder.
                let browser = push::Browser::with("http://127.0.0.1:9/device");
                case(author(), &notices::SUBSCRIBE, &[], &browser.subscription("El portátil"))
            }
            _ if is(notices::UNSUBSCRIBE.listed()) => {
                let browser = push::Browser::with("http://127.0.0.1:9/other");
                let listening = author().ok(&notices::SUBSCRIBE, &[], &browser.subscription("El móvil"));
                let device = listening.devices.last().unwrap().id.to_string();
                case(author(), &notices::UNSUBSCRIBE, &[&device], &Nothing {})
            }
            _ if is(notices::TEST.listed()) => case(mayor(), &notices::TEST, &[], &Nothing {}),
            _ if is(notices::ALLOW.listed()) => {
                let version = admin().ok(&organisations::ORGANISATION, &[], &Nothing {}).version;
                let allow = notices::Allow { version, allowed: [domain::telling::Allowance::Headings].into() };
                case(admin(), &notices::ALLOW, &[], &allow)
            }
            _ if is(home::HOME.listed()) => case(author(), &home::HOME, &[], &Nothing {}),
            other => panic!("no case is written for {other:?}"),
        })
    }

    /// Everything that the organisation shows to whoever sees most of it.
    fn everything(&self) -> String {
        let admin = &self.administrator;
        let list = admin.ok(&posts::LIST, &[], &posts::Query::default());
        // The newest are those that a case is about; of the others the list has stage and version. All of them whole, twice a
        // route, took longer than all other journeys together.
        let newest = || list.items.iter().take(12);
        let views: Vec<PostView> = newest().map(|row| admin.read(&row.id)).collect();
        let views: Vec<_> = views
            .into_iter()
            .map(|view| (view.post, view.waivers, view.remarks, view.checks, view.decisions, view.publications))
            .collect();
        let said: Vec<_> =
            newest().take(3).map(|row| admin.ok(&comments::LIST, &[row.id.as_str()], &Nothing {})).collect();
        let mut members = admin.ok(&people::MEMBERS, &[], &Nothing {});
        members.iter_mut().for_each(|row| row.seen = None);
        let organisation = admin.ok(&organisations::ORGANISATION, &[], &Nothing {});
        let mut connected = admin.ok(&channels::CHANNELS, &[], &Nothing {});
        for channel in &mut connected {
            (channel.health.last_success, channel.voice.published) = (None, None);
        }
        let held = self.custody();
        let invitations = admin.ok(&people::INVITATIONS, &[], &Nothing {});
        let recoveries = admin.ok(&session::RECOVERIES, &[], &Nothing {});
        let bylaws = self.bylaws();
        let themes = admin.ok(&campaigns::THEMES, &[], &Nothing {});
        let promised = crate::plan::plan(admin, "2026-03-26".parse().unwrap()).promises;
        let everything = tasks::Query { whose: tasks::Whose::All, ..tasks::Query::default() };
        let asked = admin.ok(&tasks::LIST, &[], &everything);
        let told = self.author.ok(&notices::CHOICES, &[], &Nothing {});
        let devices = self.author.ok(&notices::PUSH, &[], &Nothing {});
        let shared = self.author.ok(&sharing::SHARES, &[], &Nothing {});
        let feed = self.author.ok(&sharing::FEED, &[], &Nothing {});
        let prepared = (
            admin.ok(&texts::TEMPLATES, &[], &Nothing {}),
            admin.ok(&texts::REPLIES, &[], &texts::FindReplies::default()),
            admin.ok(&texts::PROPOSAL_LINKS, &[], &Nothing {}),
            admin.ok(&texts::PROPOSALS, &[], &texts::FindProposals::default()),
        );
        let filed = (
            self.author.ok(&library::LIST, &[], &library::Query::default()),
            self.author.ok(&library::REGISTER, &[], &Nothing {}),
        );
        let looks = (self.author.ok(&calendar::VIEWS, &[], &Nothing {}), admin.ok(&foreign::FOREIGN, &[], &Nothing {}));
        format!(
            "{prepared:?}{filed:?}{shared:?}{feed:?}{told:?}{devices:?}{asked:?}{said:?}{list:?}{views:?}{looks:?}{members:?}{organisation:?}{connected:?}{held:?}{invitations:?}{recoveries:?}{bylaws:?}{themes:?}{promised:?}"
        )
    }

    /// Who answers for which account.
    fn custody(&self) -> Vec<Custody> {
        self.administrator.ok(&custody::CUSTODY, &[], &Nothing {})
    }

    /// Identities and words that must not be read next door.
    fn secrets(&self, case: &Case) -> Vec<String> {
        let mut secrets = vec![
            self.town.founded.organisation.to_string(),
            self.town.founded.noticeboard.to_string(),
            self.town.founded.slug.clone(),
            "Villa Cercada".to_owned(),
        ];
        secrets.extend(self.town.founded.members.iter().map(|(_, member)| member.to_string()));
        // What the request itself names is no secret to who sends it.
        let sent = format!("{} {}", case.path, String::from_utf8_lossy(&case.body));
        secrets.retain(|secret| !sent.contains(secret));
        secrets
    }
}

fn case<Q: Serialize, A>(owner: Member, endpoint: &Endpoint<Q, A>, parts: &[&str], request: &Q) -> Case {
    let (path, body) = encode(endpoint.method, endpoint.path(parts), request);
    Case { owner, path, body }
}

fn ask(session: Option<&str>, listed: &Listed, case: &Case, from: &[(&str, &str)]) -> Raw {
    let picture = [media::STORE.listed(), media::KEEP_THUMBNAIL.listed()].contains(listed);
    let cookie = session.map(|secret| format!("__Host-pregon={secret}"));
    let mut headers = vec![("content-type", if picture { "image/png" } else { "application/json" })];
    let hash = domain::record::sha256_hex(&case.body);
    if [videos::PART.listed(), documents::STORE.listed()].contains(listed) {
        headers.push(("x-pregon-sha256", &hash));
    }
    let length = case.body.len().to_string();
    if *listed == documents::STORE.listed() {
        headers.push((documents::BYTES, &length));
    }
    headers.extend(from);
    if let Some(cookie) = &cookie {
        headers.push(("cookie", cookie));
    }
    send(verb(listed.method), &case.path, &headers, &case.body)
}

fn refusal(raw: &Raw, what: &str) -> Refusal {
    match raw.read::<Value>(what) {
        Err(no) => no.into(),
        Ok(answer) => panic!("{what} was answered: {answer}"),
    }
}

/// So many stretches of the contract are walked side by side, each in a town and on an engine of its own: one behind the other
/// they took a third of the time of all journeys.
const STRETCHES: usize = 3;

#[test]
fn no_endpoint_opens_to_another_organisation_another_role_nobody_or_another_site() {
    let all = wire::all();
    let mut weighed: Vec<_> = thread::scope(|scope| {
        let stretches = all.chunks(all.len().div_ceil(STRETCHES));
        let walks: Vec<_> = stretches.map(|stretch| scope.spawn(move || walk(stretch))).collect();
        walks.into_iter().flat_map(|walk| walk.join().unwrap()).collect()
    });
    weighed.push(dearest_decision(&World::new()));
    weigh(weighed);
}

/// Has everybody who may not try each endpoint of a stretch, and its owner last; answers what it cost the owners.
fn walk(stretch: &[Listed]) -> Vec<(String, api_journeys::Spent)> {
    let world = World::new();
    let other = world.town.neighbour("Villa Curiosa");
    // Where something is, no copy is brought in: else the strangers would be in the middle of one from then on.
    other.author().write(&other.notice("Un bando de la otra villa."));
    let strangers = [other.administrator(), other.author(), other.mayor(), other.member(Role::Records)];
    let members: Vec<Member> = Role::ALL.into_iter().map(|role| world.town.member(role)).collect();
    let here: &[(&str, &str)] = &[("origin", url()), ("x-pregon", "1")];
    let mut weighed = Vec::new();
    for listed in stretch.iter().copied() {
        let what = format!("{} {}", verb(listed.method), listed.pattern);
        let Some(case) = world.case(&listed) else {
            assert_eq!(listed.who, Who::Anybody, "{what} is not for anybody and has no case");
            if listed.method != Method::Get {
                let raw = send(verb(listed.method), listed.pattern, &[("content-type", "application/json")], b"{}");
                assert_eq!(refusal(&raw, &what), Refusal::ForeignRequest, "{what} without an origin");
            }
            continue;
        };
        let before = world.everything();

        // Nobody.
        let raw = ask(None, &listed, &case, here);
        assert_eq!(refusal(&raw, &what), Refusal::SignedOut, "{what} signed out");
        // From elsewhere, with everything else in order.
        if listed.method != Method::Get {
            for from in [&[][..], &[("origin", url())], &[("origin", "https://malo.example"), ("x-pregon", "1")]] {
                let raw = ask(Some(&case.owner.session), &listed, &case, from);
                assert_eq!(refusal(&raw, &what), Refusal::ForeignRequest, "{what} from {from:?}");
            }
        }
        // Roles that may not.
        if let Who::May(act) = listed.who {
            for member in members.iter().filter(|member| !may(member.me.role, act)) {
                let raw = ask(Some(&member.session), &listed, &case, here);
                let role = member.me.role;
                assert_eq!(refusal(&raw, &what), Refusal::NotAllowed { act }, "{what} as {role:?}");
            }
            assert!(act == Act::Read || members.iter().any(|member| !may(member.me.role, act)));
        }
        // Another organisation's members. Where the request names nothing of ours they are answered of their own.
        // The name in Mastodon's return is that of a server.
        let names_ours = listed.pattern.contains('{') && listed != channels::MASTODON_RETURN.listed();
        for stranger in &strangers {
            let raw = ask(Some(&stranger.session), &listed, &case, here);
            let role = stranger.me.role;
            let allowed = match listed.who {
                Who::May(act) => may(role, act),
                _ => true,
            };
            match (names_ours, allowed) {
                // What is on its way belongs to a session: for any other it never was.
                (true, true)
                    if [channels::PAGES.listed(), channels::CHOOSE.listed(), channels::PROVE.listed()]
                        .contains(&listed) =>
                {
                    assert_eq!(refusal(&raw, &what), Refusal::SpentLink, "{what} as a stranger ({role:?})");
                }
                (true, true) => assert_eq!(refusal(&raw, &what), Refusal::NotFound, "{what} as a stranger ({role:?})"),
                (true, false) => {
                    let refused = refusal(&raw, &what);
                    assert!(
                        matches!(refused, Refusal::NotAllowed { .. }),
                        "{what} as a stranger ({role:?}): {refused:?}"
                    );
                }
                (false, _) => {}
            }
            for secret in world.secrets(&case) {
                assert!(!raw.text().contains(&secret), "{what} told a stranger {secret}: {}", raw.text());
            }
            assert!(!raw.text().contains("Secreto de la Villa"), "{what} told a stranger what is written");
            if listed == pulse::PULSE.listed() {
                // A post of ours is to them as one that is not there.
                let heard: pulse::Pulse = raw.read(&what).unwrap();
                assert_eq!(heard.post, None, "{what} as a stranger ({role:?})");
            }
        }
        assert_eq!(world.everything(), before, "{what}: somebody else changed something");

        // The owner, last: the identities were right all along.
        let raw = ask(Some(&case.owner.session), &listed, &case, here);
        let navigates = RETURNS.iter().any(|route| route.listed() == listed);
        let fine = raw.status == if navigates { 303 } else { 200 };
        assert!(fine, "{what} for its owner: {} {}", raw.status, raw.text());
        if let Some(spent) = raw.spent() {
            weighed.push((what, spent));
        }
        if listed == organisations::PAUSE.listed() {
            world.administrator.ok(&organisations::RESUME, &[], &Nothing {});
        }
    }
    weighed
}

/// What a decision costs at its dearest: signed with a passkey, the last one of its round, over what was planned and lands
/// by it.
fn dearest_decision(world: &World) -> (String, api_journeys::Spent) {
    let (key, mayor) = crate::receipts::with_passkey(world.town.mayor());
    let waiting =
        crate::planning::planned(&world.town, &world.author, "Secreto de la Villa Cercada.", Millis::hours(3));
    let decide = key.decide(&mayor, &waiting, Choice::Approve, world.town.now());
    let (path, body) = encode(Method::Post, posts::DECIDE.path(&[id(&waiting)]), &decide);
    let raw = mayor.raw(Method::Post, &path, &body);
    let placed: PostView = raw.read(&path).unwrap();
    assert_eq!(placed.post.stage.name(), domain::StageName::Placed);
    let spent = raw.spent().unwrap();
    assert!(spent.trips <= 5, "a decision spent {spent:?}");
    (format!("POST {}, signed and landing", posts::DECIDE.pattern), spent)
}

/// What the owner's requests cost: no route more than 6 round trips to the database, half of them at most 3, and none
/// near the free plan's 50 queries.
fn weigh(mut weighed: Vec<(String, api_journeys::Spent)>) {
    weighed.sort_by_key(|(_, spent)| (spent.trips, spent.queries));
    for (what, spent) in &weighed {
        println!("{:>2} trips {:>3} queries {:>5} rows  {what}", spent.trips, spent.queries, spent.rows);
    }
    let median = weighed[weighed.len() / 2].1.trips;
    assert!(weighed.len() >= 40, "only {} routes were weighed", weighed.len());
    for (what, spent) in &weighed {
        assert!(spent.trips <= 6 && spent.queries <= 45, "{what} spent {spent:?}");
    }
    assert!(median <= 3, "half the routes make more than {median} round trips");
}
