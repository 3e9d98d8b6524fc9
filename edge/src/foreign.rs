//! Asks for the calendars of others, and keeps what stands in them. Separate from `domain::ics`, which reads one: here is the way
//! to it through the one door for addresses that somebody typed, and what is written down of how that went.

use domain::{
    ForeignId, Moment, OrganisationId,
    foreign::{Trouble, tag},
    ics::read::{Ground, READER, Read, read, span},
    zone::Zone,
};

use crate::{
    app::App,
    outbound::{self, Address, Call},
    store::{
        StoreError, Unit,
        foreign::{self as store, Kept},
    },
    zones,
};

/// What came of asking.
enum Found {
    /// It is as it was.
    Same,
    /// This, and what its server calls it.
    New(Read, Option<String>),
}

/// Asks for one calendar, of an organisation in this zone, writes down what came of it, and answers how all of them fare.
///
/// # Errors
/// `Down`, `Row`.
pub async fn fetch(app: &App, org: &OrganisationId, zone: &str, kept: &Kept) -> Result<Vec<Kept>, StoreError> {
    let (foreign, now) = (&kept.foreign, app.now());
    let days = Days::around(zone, now);
    // What is kept is of these days and this wall, as this reader reads: where any has moved on, the same calendar is to be read anew.
    let before = kept.etag.as_deref().filter(|_| kept.edition == days.edition);
    let found = ask(app, &foreign.address, before, &days, now).await;
    let mut unit = Unit::new();
    store::still(&mut unit, org, foreign);
    match &found {
        Ok(Found::Same) => store::unchanged(&mut unit, org, &foreign.id, now),
        Ok(Found::New(read, etag)) => {
            store::replace(&mut unit, org, &foreign.id, read, (etag.as_deref(), &days.edition), now);
        }
        Err(trouble) => store::troubled(&mut unit, org, &foreign.id, *trouble, days.first, now),
    }
    // Read back in the same trip.
    let (sql, binds) = store::query(org);
    unit.then(sql, binds);
    match app.db.commit(unit).await {
        Ok(answers) => answers.last().map(store::read).transpose().map(Option::unwrap_or_default),
        // It was changed meanwhile: whoever did has asked for it.
        Err(StoreError::Guard) => store::all(&app.db, org).await,
        Err(error) => Err(error),
    }
}

/// Asks for a calendar that is due.
///
/// # Errors
/// `Down`: it is asked for again when its lease lapses.
pub async fn fetch_due(app: &App, org: &OrganisationId, foreign: &ForeignId) -> Result<(), StoreError> {
    match store::find(&app.db, org, foreign).await? {
        Some((kept, zone)) => fetch(app, org, &zone, &kept).await.map(drop),
        None => Ok(()),
    }
}

/// The days that are kept, on the wall of an organisation.
struct Days {
    home: Zone,
    first: chrono::NaiveDate,
    last: chrono::NaiveDate,
    /// Names both, and who reads.
    edition: String,
}

impl Days {
    fn around(zone: &str, now: Moment) -> Self {
        let home = zones::zone(zone, now).unwrap_or_else(|_| Zone::utc());
        let (first, last) = span(home.civil(now).date());
        Self { edition: format!("{READER} {zone} {first}"), home, first, last }
    }
}

async fn ask(app: &App, address: &str, before: Option<&str>, days: &Days, now: Moment) -> Result<Found, Trouble> {
    let address = Address::parse(address).map_err(|_| Trouble::Inward)?;
    let mut call = Call::get(address).header("accept", "text/calendar, text/plain;q=0.5, */*;q=0.1");
    if let Some(before) = before {
        call = call.header("if-none-match", before);
    }
    let answer = outbound::send(app, call).await.map_err(|trouble| match trouble {
        outbound::Trouble::Forbidden => Trouble::Inward,
        outbound::Trouble::TooLong => Trouble::TooLarge,
        outbound::Trouble::NotSent(_) | outbound::Trouble::NoAnswer(_) => Trouble::Unreached,
    })?;
    match answer.status {
        304 if before.is_some() => Ok(Found::Same),
        200 => {
            let ground = Ground { home: &days.home, first: days.first, last: days.last };
            let zone_of = |name: &str| zones::zone(name, now).ok();
            let read = read(&answer.text(), ground, &zone_of).map_err(|_| Trouble::NoCalendar)?;
            Ok(Found::New(read, tag(answer.header("etag"))))
        }
        status => Err(Trouble::Says { status }),
    }
}
