//! Handlers of `wire::texts`: templates and standard replies. What is proposed is in the room below.

mod proposals;

use domain::{
    Access, Belonging, ChannelId, MemberId, Refusal, ReplyId, Template, TemplateId, json,
    record::Subject,
    reply::{Reply, folded},
    template,
};
use serde_json::Value;
use wire::{
    Nothing, Page,
    texts::{self, AgreeReply, FindReplies, KeepReply, KeepTemplate, ReplyRow},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    caller::Caller,
    store::{StoreError, Unit, records, texts as store},
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &texts::TEMPLATES, templates);
    let api = mount(api, &texts::KEEP_TEMPLATE, keep_template);
    let api = mount(api, &texts::DROP_TEMPLATE, drop_template);
    let api = mount(api, &texts::ADD_READY, add_ready);
    let api = mount(api, &texts::REPLIES, replies);
    let api = mount(api, &texts::KEEP_REPLY, keep_reply);
    let api = mount(api, &texts::AGREE_REPLY, agree_reply);
    let api = mount(api, &texts::DROP_REPLY, drop_reply);
    proposals::mount_all(api)
}

/// Replies of a page.
const PAGE: u32 = 30;
/// The most bytes that somebody looks for.
const LOOKED_FOR: usize = 200;

async fn templates(ask: Ask<Nothing>) -> Result<Vec<Template>, Refused> {
    Ok(store::templates(&ask.app.db, ask.caller()?.org()).await?)
}

async fn keep_template(ask: Ask<KeepTemplate>) -> Result<Template, Refused> {
    let caller = ask.caller()?;
    let ground = store::ground(&ask.app.db, caller.org()).await?;
    let KeepTemplate { version, body } = ask.body.clone();
    let wanted = Template { id: ask.part("template")?, version, body };
    let before = ground.templates.iter().find(|one| one.id == wanted.id);
    // What was chosen from what there is; a theme that is over stays where it was.
    let belonged = before.map_or_else(Belonging::default, |before| before.body.belongs.clone());
    ground.themes.admit(&belonged, &wanted.body.belongs)?;
    let known = |channel: &ChannelId| ground.channels.iter().any(|one| one.id == *channel);
    let owner = &wanted.body.owner;
    // An owner who has left may stay until somebody names another.
    let stays = before.is_some_and(|before| before.body.owner == *owner);
    if !wanted.body.channels.iter().all(known) || !(stays || ground.members.contains(owner)) {
        return Err(Refusal::NotFound.into());
    }
    let template = template::keep(&ground.templates, wanted)?;
    // The same form, sent twice.
    if before == Some(&template) {
        return Ok(template);
    }
    let mut unit = Unit::new();
    store::keep_template(&mut unit, caller.org(), &template, ask.app.now());
    let kept = json!({ "what": "template_kept", "template": template, "name": template.body.name });
    write(&ask, caller, unit, kept, template.version).await?;
    Ok(template)
}

async fn drop_template(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let id: TemplateId = ask.part("template")?;
    let all = store::templates(&ask.app.db, caller.org()).await?;
    let template = all.into_iter().find(|one| one.id == id).ok_or(Refusal::NotFound)?;
    let mut unit = Unit::new();
    store::drop_template(&mut unit, caller.org(), &id, template.version);
    let kept = json!({ "what": "template_dropped", "template": template, "name": template.body.name });
    write(&ask, caller, unit, kept, template.version + 1).await?;
    Ok(Nothing {})
}

/// Asked twice, it adds nothing the second time: whoever has one of that name has their own.
async fn add_ready(ask: Ask<Nothing>) -> Result<Vec<Template>, Refused> {
    let caller = ask.caller()?;
    let mut all = store::templates(&ask.app.db, caller.org()).await?;
    let mut new = Vec::new();
    for body in template::ready(&caller.organisation.languages, &caller.member) {
        let wanted = Template { id: TemplateId::from_bits(ask.app.bits()), version: 0, body };
        match template::keep(&all, wanted) {
            Ok(template) => {
                all.push(template.clone());
                new.push(template);
            }
            Err(Refusal::Doubled { .. }) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    if new.is_empty() {
        return Ok(all);
    }
    let mut unit = Unit::new();
    store::add_templates(&mut unit, caller.org(), &new, ask.app.now());
    let names: Vec<&str> = new.iter().map(|one| one.body.name.as_str()).collect();
    let kept = json!({ "what": "templates_added", "count": new.len() as u64, "names": names });
    write(&ask, caller, unit, kept, 1).await?;
    all.sort_by_key(|one| one.body.name.to_lowercase());
    Ok(all)
}

/// Writes a unit of work with its entry in the record.
async fn write<Q>(ask: &Ask<Q>, caller: &Caller, mut unit: Unit, mut kept: Value, version: u64) -> Result<(), Refused> {
    kept["by"] = json!(caller.member);
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(()),
        // Somebody was faster: with a change of the same, or with another one of that name.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: version }.into()),
        Err(StoreError::Unique) => Err(Refusal::Doubled { field: "name".to_owned() }.into()),
        Err(error) => Err(error.into()),
    }
}

/// The library is the house's: an agency answers for nobody.
fn of_the_house(caller: &Caller) -> Result<(), Refusal> {
    if matches!(caller.access, Access::Everywhere) { Ok(()) } else { Err(Refusal::OutOfReach) }
}

fn row(ask: &Ask<impl Sized>, caller: &Caller, reply: Reply) -> Result<ReplyRow, Refused> {
    let now = ask.app.now();
    let today = zones::zone(&caller.organisation.zone, now)?.civil(now).date();
    Ok(ReplyRow { standing: reply.standing(today), reply })
}

async fn replies(ask: Ask<FindReplies>) -> Result<Page<ReplyRow>, Refused> {
    let caller = ask.caller()?;
    of_the_house(caller)?;
    let FindReplies { text, cursor } = &ask.body;
    let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(folded);
    if let Some(length) = text.as_ref().map(String::len).filter(|length| *length > LOOKED_FOR) {
        let (limit, length) = (LOOKED_FOR as u64, length as u64);
        return Err(Refusal::TooLarge { field: "text".to_owned(), limit, length }.into());
    }
    let malformed = |_| Refusal::Malformed { field: "cursor".to_owned() };
    let after = cursor.as_deref().map(|cursor| cursor.parse::<ReplyId>().map_err(malformed)).transpose()?;
    let mut found = store::replies(&ask.app.db, caller.org(), text.as_deref(), after.as_ref(), PAGE).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let items = found.into_iter().map(|reply| row(&ask, caller, reply)).collect::<Result<_, _>>()?;
    Ok(Page { items, next, left: None })
}

async fn keep_reply(ask: Ask<KeepReply>) -> Result<ReplyRow, Refused> {
    let caller = ask.caller()?;
    of_the_house(caller)?;
    let id: ReplyId = ask.part("reply")?;
    let (before, members) = store::reply(&ask.app.db, caller.org(), &id).await?;
    let KeepReply { version, body } = ask.body.clone();
    known(&members, before.as_ref(), &body.owner)?;
    let reply = Reply::write(before.clone(), id, version, body, &caller.member)?;
    if before.as_ref() == Some(&reply) {
        return row(&ask, caller, reply);
    }
    let mut unit = Unit::new();
    store::keep_reply(&mut unit, caller.org(), &reply, ask.app.now());
    let kept = json!({ "what": "reply_kept", "reply": reply, "name": reply.body.situation });
    write(&ask, caller, unit, kept, reply.version).await?;
    row(&ask, caller, reply)
}

/// Whether somebody of the house answers for it; one who has left may stay until somebody names another.
fn known(members: &[MemberId], before: Option<&Reply>, owner: &MemberId) -> Result<(), Refusal> {
    let stays = before.is_some_and(|before| before.body.owner == *owner);
    if stays || members.contains(owner) { Ok(()) } else { Err(Refusal::NotFound) }
}

async fn agree_reply(ask: Ask<AgreeReply>) -> Result<ReplyRow, Refused> {
    let caller = ask.caller()?;
    let id: ReplyId = ask.part("reply")?;
    let (before, _) = store::reply(&ask.app.db, caller.org(), &id).await?;
    let reply = before.ok_or(Refusal::NotFound)?.agree(ask.body.version, &caller.member, ask.app.now())?;
    let mut unit = Unit::new();
    store::keep_reply(&mut unit, caller.org(), &reply, ask.app.now());
    let kept = json!({ "what": "reply_agreed", "reply": reply, "name": reply.body.situation });
    write(&ask, caller, unit, kept, reply.version).await?;
    row(&ask, caller, reply)
}

async fn drop_reply(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let id: ReplyId = ask.part("reply")?;
    let (before, _) = store::reply(&ask.app.db, caller.org(), &id).await?;
    let reply = before.ok_or(Refusal::NotFound)?;
    let mut unit = Unit::new();
    store::drop_reply(&mut unit, caller.org(), &reply);
    let kept = json!({ "what": "reply_dropped", "reply": reply, "name": reply.body.situation });
    write(&ask, caller, unit, kept, reply.version + 1).await?;
    Ok(Nothing {})
}
