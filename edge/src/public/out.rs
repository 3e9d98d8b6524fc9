//! The calendar outside the desk: a member's own address, for their calendar program, and the page of a link, for somebody
//! without an account. Plain HTML and iCalendar, no script.
//!
//! Separate from the other public pages, which anybody may read: here the address is the key, so nothing is indexed, and
//! at each request it is asked anew whether who holds it may still see what it shows. If not, there is nothing there.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use chrono::{Days, NaiveDate};
use domain::{
    Act, Moment, hours,
    ics::{self, KIND, Noted, Planned},
    mark::MarkKind,
    may,
    share::{self, Share},
    window::{View, Window},
    zone::Zone,
};
use maud::{Markup, html};
use words::{Lang, mark_kind_name, network_name, stage_name};

use super::{
    outside::{
        dressed,
        frame::{Parts, sheet},
    },
    visit::{Trouble, Visit},
    when,
};
use crate::{
    clock,
    store::{
        outside::lang,
        sharing::{self as store, Holder, Line, Link, Sheet, Wanted},
    },
    zones,
};

/// Where a member's own calendar is.
pub const FEED: &str = "/calendar/{secret}/posts.ics";
/// Where the page of a link is.
pub const LINK: &str = "/calendar/{secret}";

/// Who looks back wants last month's, and the one before.
const BACK: u64 = 60;
/// Half a year ahead: further nobody plans, and a program reads all of it each time.
const AHEAD: u64 = 180;
/// Posts in a calendar program: four a day on average. Each is some 400 octets, and all are written within 10 ms.
const MOST_FEED: u32 = 600;
/// Weeks on a page: what a sheet of paper or two hold.
const WEEKS: i32 = 4;
/// How many such pages one can turn back and on: a year.
const TURNS: i32 = 13;
/// Posts on a page.
const MOST_PAGE: u32 = 400;

/// The path of an address.
pub fn feed_path(secret: &str) -> String {
    FEED.replace("{secret}", secret)
}

/// The path of a link.
pub fn link_path(secret: &str) -> String {
    LINK.replace("{secret}", secret)
}

/// The calendar of a member, for a program that asks for it every now and then. Who asks again is told for the price of
/// one row that nothing has changed.
pub async fn feed(visit: Visit) -> Result<Response<Body>, Trouble> {
    let (secret, now): (String, Moment) = (visit.part("secret")?, visit.app.now());
    let holder = store::of_address(&visit.app.db, &secret).await?.ok_or(Trouble::NotFound)?;
    clock::mind_the_beat(&visit.app, holder.beat);
    if !may(holder.role, Act::Read) || !holder.access.is_open(now) {
        return Err(Trouble::NotFound);
    }
    let zone = zones::zone(&holder.organisation.zone, now)?;
    let today = zone.civil(now).date();
    let reach = domain::record::canonical(&holder.access);
    let origin = visit.origin();
    let tag = holder.edition.tag(&[&today.to_string(), &reach, &origin]);
    let mut response = if visit.has(&["\"", &tag, "\""].concat(), None) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (first, last) = (today - Days::new(BACK), today + Days::new(AHEAD));
        let wanted = Wanted {
            from: hours::midnight(first, &zone),
            until: hours::midnight(last + Days::new(1), &zone),
            near: now,
            channel: None,
            campaign: None,
            access: &holder.access,
            days: (first, last),
            most: MOST_FEED,
        };
        let sheet = store::sheet(&visit.app.db, &holder.organisation.id, wanted).await?;
        calendar(&holder, &sheet, &origin, (today, last)).into_response()
    };
    let headers = response.headers_mut();
    let own = [
        (header::CONTENT_TYPE, KIND),
        // Whoever keeps it asks each time whether it is still so: access ends at once.
        (header::CACHE_CONTROL, "private, no-cache"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"pregon.ics\""),
    ];
    for (name, value) in own {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Weak: a change that no calendar shows (a comma in a text) moves a sequence and not the tag.
    if let Ok(tag) = HeaderValue::from_str(&["W/\"", &tag, "\""].concat()) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

fn calendar(holder: &Holder, sheet: &Sheet, origin: &str, (today, last): (NaiveDate, NaiveDate)) -> String {
    let organisation = &holder.organisation;
    let lang = organisation.languages.first().map(lang).unwrap_or_default();
    let mut out = ics::Sheet::new("Calendar", &lang.calendar_feed_named(&organisation.name));
    for line in &sheet.posts {
        out.post(&Planned {
            id: line.id.as_str(),
            version: line.version,
            changed: line.changed,
            at: line.at,
            stage: line.stage,
            heading: heading(lang, line),
            beside: &[stage_name(lang, line.stage), "\n", &networks(lang, line)].concat(),
            address: Some(&[origin, "/desk/posts/", line.id.as_str()].concat()),
        });
    }
    for (mark, changed) in &sheet.marks {
        let (uid, text) = (["mark-", mark.id.as_str()].concat(), said(lang, mark.kind, &mark.text));
        out.days(&Noted { uid: &uid, changed: *changed, first: mark.first, last: mark.last, text: &text });
    }
    let note = |uid: &str, day: NaiveDate, text: &str| {
        let uid = [uid, "-", &day.to_string(), "-", organisation.id.as_str()].concat();
        (uid, day, text.to_owned())
    };
    let holidays = sheet.holidays.iter().map(|day| note("holiday", *day, lang.calendar_holiday()));
    // What is left out is said where one would look for it, and today.
    let more = [today, last].into_iter().filter(|_| sheet.more).map(|day| note("more", day, lang.calendar_feed_more()));
    for (uid, day, text) in holidays.chain(more) {
        out.days(&Noted { uid: &uid, changed: Moment(0), first: day, last: day, text: &text });
    }
    out.end()
}

fn heading(lang: Lang, line: &Line) -> &str {
    if line.heading.trim().is_empty() { lang.post_untitled() } else { &line.heading }
}

/// The networks that a post goes to, each once.
fn networks(lang: Lang, line: &Line) -> String {
    let mut names: Vec<&str> = line.going.iter().map(|(_, network, _)| network_name(lang, *network)).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

fn said(lang: Lang, kind: MarkKind, text: &str) -> String {
    [mark_kind_name(lang, kind), ": ", text].concat()
}

/// The page of a link: some weeks, day by day. Each time it is opened is counted, and nothing of who it was.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let (secret, now): (String, Moment) = (visit.part("secret")?, visit.app.now());
    let link = store::of_link(&visit.app.db, &secret).await?.ok_or(Trouble::NotFound)?;
    clock::mind_the_beat(&visit.app, link.of.beat);
    let Holder { role, access, organisation, .. } = &link.of;
    if !link.share.is_open(now) || !share::stands(*role, access, now) {
        return Err(Trouble::NotFound);
    }
    let zone = zones::zone(&organisation.zone, now)?;
    let today = zone.civil(now).date();
    let current = Window::around(View::Week, today);
    let (from, until) = (current.turned(-TURNS * WEEKS), current.turned(TURNS * WEEKS));
    let asked = visit.query("week").and_then(|name| Window::named(View::Week, &name));
    let begins = asked.filter(|week| (from.first()..=until.first()).contains(&week.first()));
    let weeks: Vec<Window> = (0..WEEKS).map(|turn| begins.unwrap_or(current).turned(turn)).collect();
    let (first, last) = (weeks[0].first(), weeks[weeks.len() - 1].last());
    let wanted = Wanted {
        from: hours::midnight(first, &zone),
        until: hours::midnight(last + Days::new(1), &zone),
        near: hours::midnight(first, &zone),
        channel: link.share.channel.as_ref(),
        campaign: link.share.campaign.as_ref(),
        access,
        days: (first, last),
        most: MOST_PAGE,
    };
    let mut sheet = store::sheet(&visit.app.db, &organisation.id, wanted).await?;
    if let Some(only) = &link.share.channel {
        sheet.posts.iter_mut().for_each(|line| line.going.retain(|(channel, ..)| channel == only));
    }
    // A note among colleagues stays among them.
    sheet.marks.retain(|(mark, _)| mark.kind != MarkKind::Note);
    if begins.is_none() {
        note_opening(&visit, &link.share, &link.of, today);
    }
    let paper =
        Paper { link: &link, sheet: &sheet, zone: &zone, weeks: &weeks, lang: visit.lang(), secret: &secret, now };
    Ok(dressed(StatusCode::OK, paper.page()))
}

/// Beside the answer: nobody waits for a number, and who is shown the page has opened it.
fn note_opening(visit: &Visit, share: &Share, of: &Holder, day: NaiveDate) {
    let (db, org, id) = (visit.app.db.clone(), of.organisation.id.clone(), share.id.clone());
    visit.app.alongside(async move {
        if let Err(trouble) = store::note_opening(&db, &org, &id, day).await {
            worker::console_error!("calendar: {trouble}");
        }
    });
}

/// What is on the page of a link.
struct Paper<'a> {
    link: &'a Link,
    sheet: &'a Sheet,
    zone: &'a Zone,
    weeks: &'a [Window],
    lang: Lang,
    secret: &'a str,
    now: Moment,
}

impl Paper<'_> {
    fn page(&self) -> Markup {
        let (lang, organisation) = (self.lang, &self.link.of.organisation);
        let title = lang.calendar_out_title();
        let tongues = html! {
            nav.tongues aria-label=(lang.public_languages()) {
                @for one in Lang::ALL {
                    a href=(self.at(self.weeks[0], one)) lang=(one.tag()) hreflang=(one.tag())
                        aria-current=[(one == lang).then_some("true")] { (one.name()) }
                }
            }
        };
        let body = html! {
            h1 { (title) }
            p.lead { (self.lead()) }
            @if self.sheet.more { p.note { (lang.calendar_out_more(MOST_PAGE)) } }
            @for week in self.weeks { (self.week(*week)) }
            (self.turns())
        };
        let parts = Parts { kind: "review shared", beside: tongues, foot: &self.foot() };
        sheet(organisation, lang, title, &parts, body)
    }

    /// For whom, and what of the calendar.
    fn lead(&self) -> String {
        let (lang, Link { share, channel, campaign, .. }) = (self.lang, self.link);
        let only = channel.iter().map(|name| lang.calendar_out_only_channel(name));
        let only = only.chain(campaign.iter().map(|name| lang.calendar_out_only_campaign(name)));
        std::iter::once(lang.calendar_out_for(&share.name)).chain(only).collect::<Vec<_>>().join(" ")
    }

    /// When it was written, on whose clock, and how long the link lasts: what who holds the paper wants to know.
    fn foot(&self) -> String {
        let written = when::written(self.lang, self.zone.civil(self.now));
        let until = when::day(self.lang, self.zone.civil(self.link.share.expires).date());
        self.lang.calendar_out_foot(until, written, &self.zone.name)
    }

    fn at(&self, week: Window, lang: Lang) -> String {
        [&link_path(self.secret), "?week=", &week.name(), "&lang=", lang.tag()].concat()
    }

    fn turns(&self) -> Markup {
        let (lang, first) = (self.lang, self.weeks[0]);
        html! {
            nav.pages aria-label=(lang.calendar_views()) {
                a.button href=(self.at(first.turned(-WEEKS), lang)) { (lang.calendar_out_before()) }
                a.button href=(self.at(first.turned(WEEKS), lang)) { (lang.calendar_out_after()) }
            }
        }
    }

    fn week(&self, week: Window) -> Markup {
        let (lang, posts) = (self.lang, &self.sheet.posts);
        let number = chrono::Datelike::iso_week(&week.first()).week();
        let name = lang.calendar_range(when::long(lang, week.first()), when::long(lang, week.last()), number);
        html! {
            section.week {
                h2 { (name) }
                div.table {
                    table {
                        tbody {
                            @for (day, of) in week.by_day(self.zone, posts.iter().map(|line| Some(line.at))) {
                                tr {
                                    th scope="row" { (when::long(lang, day)) (self.marks(day)) }
                                    td {
                                        @if of.is_empty() { span.hint { (lang.calendar_day_empty()) } }
                                        @else { ul { @for line in of.iter().filter_map(|place| posts.get(*place)) { (self.line(line)) } } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn marks(&self, day: NaiveDate) -> Markup {
        let lang = self.lang;
        html! {
            @if self.sheet.holidays.contains(&day) { span.hint { (lang.calendar_holiday()) } }
            @for (mark, _) in self.sheet.marks.iter().filter(|(mark, _)| mark.is_on(day)) {
                span.hint { (said(lang, mark.kind, &mark.text)) }
            }
        }
    }

    fn line(&self, line: &Line) -> Markup {
        let lang = self.lang;
        html! {
            li {
                time datetime=(line.at.to_rfc3339()) { (when::clock(self.zone.civil(line.at))) } " "
                strong { (heading(lang, line)) }
                span.hint { (stage_name(lang, line.stage)) " · " (networks(lang, line)) }
            }
        }
    }
}
