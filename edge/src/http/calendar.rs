//! Handlers of `wire::calendar`.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Response, StatusCode, header},
};
use domain::{
    Millis, Moment, Refusal, hours, json,
    mark::Mark,
    plan::{self, SEARCH},
    record::Subject,
    slot::HORIZON,
    views::Views,
};
use wire::{
    Nothing,
    calendar::{self, After, Days, KeepMark, Marks, Named},
};

use super::posts::{bench_of, whole};
use crate::{
    answer::{self, Refused},
    ask::{Api, Ask, mount, mount_raw},
    binds,
    store::{StoreError, Unit, bylaws, calendar as store, foreign, posts, records},
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &calendar::MARKS, marks);
    let api = mount(api, &calendar::KEEP_MARK, keep);
    let api = mount(api, &calendar::DROP_MARK, take_away);
    let api = mount(api, &calendar::HOLES, holes);
    let api = mount(api, &calendar::VIEWS, views);
    let api = mount(api, &calendar::KEEP_VIEWS, keep_views);
    mount_raw(api, &calendar::ZONE, 0, zone)
}

/// A month and its edges are 42 days.
const LONGEST: i64 = 62;
/// So many holes are offered: more than that is a calendar, and that is there already.
const OFFERED: usize = 3;
/// When clocks change is decided months ahead, and comes here with a build: a browser need not ask at every visit.
const FOR_A_DAY: &str = "private, max-age=86400";
/// Midnight after a day, in minutes of it.
const END_OF_DAY: u16 = 1_440;

async fn marks(ask: Ask<Days>) -> Result<Marks, Refused> {
    let caller = ask.caller()?;
    let Days { first, last } = ask.body;
    if !(0..LONGEST).contains(&(last - first).num_days()) {
        return Err(Refusal::Malformed { field: "last".to_owned() }.into());
    }
    let [names, months] = foreign::stands_queries(caller.org(), first, last);
    let law = (bylaws::STANDING.to_owned(), binds![caller.org()]);
    let answers = ask.app.db.many(vec![store::marks_query(caller.org(), first, last), law, names, months]).await?;
    let [marks, law, names, months] = &answers[..] else {
        return Err(StoreError::Row("an answer is missing".to_owned()).into());
    };
    let (_, bylaws) = bylaws::standing(law)?;
    let holidays = bylaws.hours.holidays.range(first..=last).copied().collect();
    let others = foreign::stands([names, months], first, last, ask.app.now())?;
    Ok(Marks { marks: store::read(marks)?, holidays, others })
}

async fn keep(ask: Ask<KeepMark>) -> Result<Mark, Refused> {
    let caller = ask.caller()?;
    let KeepMark { version, kind, text, first, last } = ask.body.clone();
    let wanted = Mark { id: ask.part("mark")?, version, kind, text, first, last };
    let before = store::mark(&ask.app.db, caller.org(), &wanted.id).await?;
    let Some(mark) = wanted.over(before.as_ref())? else {
        // The same form, sent twice.
        return before.ok_or_else(|| Refusal::NotFound.into());
    };
    let mut unit = Unit::new();
    store::keep(&mut unit, caller.org(), &mark, ask.app.now());
    let kept = json!({ "what": "mark_kept", "mark": mark, "name": mark.text, "by": caller.member });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(mark),
        // Somebody was faster.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: mark.version }.into()),
        Err(error) => Err(error.into()),
    }
}

async fn take_away(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    let id = ask.part("mark")?;
    let mark = store::mark(&ask.app.db, caller.org(), &id).await?.ok_or(Refusal::NotFound)?;
    let mut unit = Unit::new();
    store::drop(&mut unit, caller.org(), &id);
    let kept = json!({ "what": "mark_dropped", "mark": mark, "name": mark.text, "by": caller.member });
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    ask.app.db.commit(unit).await?;
    Ok(Nothing {})
}

async fn holes(ask: Ask<After>) -> Result<Vec<Moment>, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let now = ask.app.now();
    let mut after = ask.body.after.map_or(now, |after| now.max(Moment(after)));
    if after.since(now).0 > HORIZON.0 {
        return Err(Refusal::Malformed { field: "after".to_owned() }.into());
    }
    let post = &whole.stored.post;
    let channels: Vec<_> = post.content.targets.iter().map(|target| target.channel.clone()).collect();
    let standing = posts::room(&ask.app.db, caller.org(), &post.id, &channels, after).await?;
    let (last, room) = (after.plus(SEARCH), (post.content.kind, standing.room()));
    let bench = bench_of(&ask.app, caller, &whole)?;
    let calendar = bench.now().calendar;
    let (within, window) = (post.times(now, calendar.zone), caller.organisation.policy.window);
    let mut found = Vec::new();
    while found.len() < OFFERED {
        let Some(slot) = plan::next_free(after, window, room, &within, calendar) else { break };
        // What else goes out is known so far, and no further.
        if slot.at > last {
            break;
        }
        let day = slot.civil.date();
        // One a day: who does not want this hour wants another day, or sees the day itself.
        after = hours::instant(day, END_OF_DAY, calendar.zone).minus(Millis(1));
        found.push(slot.at);
    }
    Ok(found)
}

async fn views(ask: Ask<Nothing>) -> Result<Views, Refused> {
    let caller = ask.caller()?;
    Ok(store::views(&ask.app.db, caller.org(), &caller.member).await?)
}

/// Not in the record: how somebody looks at the calendar is nobody else's business.
async fn keep_views(ask: Ask<Views>) -> Result<Views, Refused> {
    let caller = ask.caller()?;
    let before = store::views(&ask.app.db, caller.org(), &caller.member).await?;
    let Some(views) = ask.body.clone().over(&before)? else { return Ok(before) };
    let mut unit = Unit::new();
    store::keep_views(&mut unit, caller.org(), &caller.member, &views);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(views),
        // Their other window was faster.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: views.version }.into()),
        Err(error) => Err(error.into()),
    }
}

async fn zone(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let Named { name } = ask.query()?;
    let mut response = answer::json(StatusCode::OK, &zones::zone(&name, ask.app.now())?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_DAY));
    Ok(response)
}
