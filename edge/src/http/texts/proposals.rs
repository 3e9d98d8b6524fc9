//! What the house's own people propose: links, what waits, and what becomes of it. What is dealt with leaves no row: who
//! proposed what stands in the record where it became a draft, and nowhere where it did not.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes},
    http::Response,
};
use domain::{
    Act, Content, HealthState, Network, Picture, Post, PostId, ProposalId, ProposalLinkId, Refusal, Target, json,
    proposal::{self, LINKS, Link},
    record::Subject,
    share::parse_name,
    translation::Behind,
};
use wire::{
    Nothing, Page,
    sharing::Address,
    texts::{self, FindProposals, MadeLink, MakeLink, TakenUp, Thank},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount, mount_raw},
    caller::Caller,
    http::media as pictures,
    mail,
    public::propose,
    store::{
        StoreError, Unit, channels, library, media,
        posts::{self, Stored},
        proposals::{self as store, Waiting},
        records, sittings,
    },
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &texts::PROPOSAL_LINKS, links);
    let api = mount(api, &texts::MAKE_PROPOSAL_LINK, make_link);
    let api = mount(api, &texts::REVOKE_PROPOSAL_LINK, revoke_link);
    let api = mount(api, &texts::PROPOSALS, proposals);
    let api = mount_raw(api, &texts::PROPOSAL_PICTURE, 0, picture);
    let api = mount(api, &texts::TAKE_UP, take_up);
    let api = mount(api, &texts::THANK, thank);
    mount(api, &texts::DISCARD, discard)
}

/// Proposals of a page.
const PAGE: u32 = 30;

async fn links(ask: Ask<Nothing>) -> Result<Vec<Link>, Refused> {
    Ok(store::links(&ask.app.db, ask.caller()?.org(), ask.app.now()).await?)
}

async fn make_link(ask: Ask<MakeLink>) -> Result<MadeLink, Refused> {
    let caller = ask.caller()?;
    let (now, secret) = (ask.app.now(), ask.app.secret());
    let link = Link {
        id: ProposalLinkId::from_bits(ask.app.bits()),
        name: parse_name(&ask.body.name)?,
        by: caller.member.clone(),
        made: now,
        expires: proposal::expires(ask.body.days, now)?,
        revoked: None,
    };
    let mut unit = Unit::new();
    store::make_link(&mut unit, caller.org(), &link, &secret);
    let kept = json!({ "what": "proposal_link_made", "link": link, "name": link.name, "by": caller.member });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Outside, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(MadeLink { id: link.id, address: Address { path: propose::path(&secret) } }),
        Err(StoreError::Guard) => {
            let (limit, length) = (LINKS as u64, LINKS as u64 + 1);
            Err(Refusal::TooLarge { field: "proposal_links".to_owned(), limit, length }.into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn revoke_link(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let id: ProposalLinkId = ask.part("link")?;
    let link = store::link(&ask.app.db, caller.org(), &id).await?.ok_or(Refusal::NotFound)?;
    if link.revoked.is_none() {
        let mut unit = Unit::new();
        store::revoke_link(&mut unit, caller.org(), &id, ask.app.now());
        let kept = json!({ "what": "proposal_link_revoked", "link": id, "name": link.name, "by": caller.member });
        records::keep(&ask.app, &mut unit, caller.org(), Subject::Outside, &kept);
        ask.app.db.commit(unit).await?;
    }
    Ok(Nothing {})
}

async fn proposals(ask: Ask<FindProposals>) -> Result<Page<proposal::Proposal>, Refused> {
    let caller = ask.caller()?;
    let malformed = |_| Refusal::Malformed { field: "cursor".to_owned() };
    let cursor = ask.body.cursor.as_deref().map(|cursor| cursor.parse::<ProposalId>().map_err(malformed));
    let before = cursor.transpose()?;
    let mut found = store::waiting(&ask.app.db, caller.org(), before.as_ref(), PAGE).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|last| last.proposal.id.to_string());
    Ok(Page { items: found.into_iter().map(|one| one.proposal).collect(), next, left: None })
}

async fn found<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<Waiting, Refused> {
    let id: ProposalId = ask.part("proposal")?;
    Ok(store::find(&ask.app.db, caller.org(), &id).await?.ok_or(Refusal::NotFound)?)
}

async fn picture(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let caller = ask.caller()?;
    let photo = found(&ask, caller).await?.photo.ok_or(Refusal::NotFound)?;
    // Kept by nobody: it is shown until somebody deals with it, and no longer.
    Ok(pictures::serve(&ask.app, caller.org(), &photo, "private, no-store", &ask.headers).await?)
}

/// A draft in the organisation's main language for its own page: whoever takes it up writes it, and says where else it goes.
async fn take_up(ask: Ask<Nothing>) -> Result<TakenUp, Refused> {
    let caller = ask.caller()?;
    caller.needs(Act::Write)?;
    let Waiting { proposal, photo, mailbox } = found(&ask, caller).await?;
    let (org, now) = (caller.org(), ask.app.now());
    let channels = channels::of_organisation(&ask.app.db, org).await?;
    let main = caller.organisation.languages.first().cloned().unwrap_or_else(domain::Language::spanish);
    let board = channels.iter().find(|channel| {
        let open = channel.health.state != HealthState::Disconnected;
        channel.network == Network::Noticeboard && open && caller.access.reaches(&channel.id)
    });
    let mut unit = Unit::new();
    store::done(&mut unit, org, &proposal.id);
    // The same bytes may be among the pictures already; then the proposal's own object is one too many.
    let mut left_over = None;
    let kept = match photo {
        None => None,
        Some(photo) => match media::by_hash(&ask.app.db, org, &photo.hash).await? {
            Some(same) => {
                left_over = Some(photo.id);
                Some(same)
            }
            None => {
                store::take_photo(&mut unit, org, &photo, &caller.member, now);
                Some(photo)
            }
        },
    };
    if let Some(photo) = &kept {
        // Whom it shows is said in the library; the same bytes may have stood in a comment only.
        let media::Media { id, hash, .. } = photo;
        let by = &caller.member;
        let new = library::New { media: id, hash, video: false, file_name: "", made_of: None, by, at: now };
        library::file(&mut unit, org, &new);
    }
    let pictures = kept.into_iter().map(|photo| Picture {
        media: photo.id,
        hash: photo.hash,
        mime: photo.mime,
        bytes: photo.bytes,
        width: photo.width,
        height: photo.height,
        file_name: String::new(),
        // Nobody but whoever looks at it can say what it shows.
        alt: BTreeMap::new(),
        focus: None,
    });
    let content = Content {
        texts: BTreeMap::from([(main.clone(), proposal.line.clone())]),
        pictures: pictures.collect(),
        utm: caller.organisation.policy.utm.begun(None),
        targets: board.map(|channel| Target::new(channel.id.clone(), vec![main])).into_iter().collect(),
        ..Content::default()
    };
    let id = PostId::from_bits(ask.app.bits());
    let post = Post::new(id.clone(), caller.member.clone(), content.parse()?);
    let hash = post.content.hash();
    let (waivers, behind) = (Vec::new(), Behind::default());
    let stored = Stored { post, waivers, behind, created: now, changed: now, round_due: None };
    posts::insert(&mut unit, org, &stored, &channels);
    let name = proposal.name.clone().unwrap_or_default();
    let body = json!({
        "what": "proposal_taken_up", "post": id, "content_hash": hash, "proposal": proposal, "name": name,
    });
    records::keep(&ask.app, &mut unit, org, Subject::Drafting, &body);
    sittings::note(&ask.app, &mut unit, caller, &id, None, &hash);
    if let Some((mailbox, l)) = &mailbox {
        let name = &caller.organisation.name;
        let (subject, text) = (l.mail_taken_up_subject(name), l.mail_taken_up_text(&proposal.line, name));
        let key = format!("taken_up:{}", proposal.id);
        mail::post_one(&ask.app, &mut unit, org, &key, mailbox.as_str(), (&subject, &text));
    }
    commit(&ask, unit).await?;
    if mailbox.is_some() {
        mail::soon(&ask.app);
    }
    if let Some(photo) = left_over {
        pictures::let_go(&ask.app, org, &photo).await;
    }
    Ok(TakenUp { post: id })
}

async fn thank(ask: Ask<Thank>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let word = proposal::thanks(&ask.body.word)?;
    let Waiting { proposal, mailbox, photo } = found(&ask, caller).await?;
    let org = caller.org();
    let mut unit = Unit::new();
    store::done(&mut unit, org, &proposal.id);
    if let Some((mailbox, l)) = &mailbox {
        let name = &caller.organisation.name;
        let (subject, text) = (l.mail_thanks_subject(name), l.mail_thanks_text(&proposal.line, name, &word));
        let key = format!("thanks:{}", proposal.id);
        mail::post_one(&ask.app, &mut unit, org, &key, mailbox.as_str(), (&subject, &text));
    }
    // Neither the line nor who sent it: nothing of it is said, and the record outlives what is deleted.
    let body = json!({ "what": "proposal_thanked", "proposal": proposal.id, "mailed": mailbox.is_some(), "by": caller.member });
    records::keep(&ask.app, &mut unit, org, Subject::Outside, &body);
    commit(&ask, unit).await?;
    if mailbox.is_some() {
        mail::soon(&ask.app);
    }
    if let Some(photo) = photo {
        pictures::let_go(&ask.app, org, &photo.id).await;
    }
    Ok(Nothing {})
}

async fn discard(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let Waiting { proposal, photo, .. } = found(&ask, caller).await?;
    let mut unit = Unit::new();
    store::done(&mut unit, caller.org(), &proposal.id);
    let body = json!({ "what": "proposal_discarded", "proposal": proposal.id, "by": caller.member });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Outside, &body);
    commit(&ask, unit).await?;
    if let Some(photo) = photo {
        pictures::let_go(&ask.app, caller.org(), &photo.id).await;
    }
    Ok(Nothing {})
}

async fn commit<Q>(ask: &Ask<Q>, unit: Unit) -> Result<(), Refused> {
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(()),
        // Somebody else dealt with it a moment ago.
        Err(StoreError::Guard) => Err(Refusal::NotFound.into()),
        // Or the same photo came in by another way: asked again, it is found.
        Err(StoreError::Unique) => Err(Refusal::Unavailable.into()),
        Err(error) => Err(error.into()),
    }
}
