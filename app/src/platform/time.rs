//! Time as people read it: the engine's now, and dates in the desk's language and the organisation's zone.
//! Separate because nothing in the desk may ask the device for its zone: a town's clock is the town's.

use std::cell::{Cell, RefCell};

use chrono::{NaiveDate, NaiveDateTime};
use domain::{Millis, Moment};
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    /// How far the engine's clock is ahead of this device's.
    static AHEAD: Cell<i64> = const { Cell::new(0) };
    /// To make one takes the browser longer than all else that a date costs: a week of them was a tenth of its drawing.
    static WRITERS: RefCell<Vec<Writer>> = const { RefCell::new(Vec::new()) };
}

/// What writes dates in one way.
struct Writer {
    zone: String,
    tag: String,
    form: Form,
    write: Function,
}

/// This device's clock.
pub fn device_now() -> i64 {
    // Whole milliseconds: far below 2^53.
    Date::now() as i64
}

/// Tells the desk what time it is at the engine; called once, with the first answer.
pub fn set_clock(engine_now: Moment) {
    AHEAD.set(engine_now.0 - device_now());
}

/// The engine's now, whatever the device's clock says.
pub fn now() -> Moment {
    Moment(device_now()).plus(Millis(AHEAD.get()))
}

/// How a date or time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// "lunes, 23 de noviembre"
    DayLong,
    /// "lunes"
    Weekday,
    /// "lun 23"
    DayShort,
    /// "23 de noviembre de 2026"
    Date,
    /// "noviembre de 2026"
    Month,
    /// "domingo, 29 de noviembre de 2026"
    DayYear,
    /// "lun": the head of a column.
    Column,
    /// "10:32"
    Time,
    /// "lun, 23 nov, 10:32"
    Full,
    /// "23 nov 2026, 10:32:07": where years and seconds matter.
    Exact,
}

impl Form {
    const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Form::DayLong => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
            Form::Weekday => &[("weekday", "long")],
            Form::DayShort => &[("weekday", "short"), ("day", "numeric")],
            Form::Month => &[("month", "long"), ("year", "numeric")],
            Form::DayYear => &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")],
            Form::Column => &[("weekday", "short")],
            Form::Date => &[("day", "numeric"), ("month", "long"), ("year", "numeric")],
            Form::Time => &[("hour", "2-digit"), ("minute", "2-digit")],
            Form::Exact => &[
                ("day", "numeric"),
                ("month", "short"),
                ("year", "numeric"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
            ],
            Form::Full => &[
                ("weekday", "short"),
                ("day", "numeric"),
                ("month", "short"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
            ],
        }
    }
}

/// An instant in the organisation's zone, by its name ("Europe/Madrid").
pub fn moment(at: Moment, zone: &str, tag: &str, form: Form) -> String {
    written(at.0, zone, tag, form)
}

/// A civil time, as it stands: no zone is asked.
pub fn civil(at: NaiveDateTime, tag: &str, form: Form) -> String {
    written(at.and_utc().timestamp_millis(), "UTC", tag, form)
}

/// A civil date.
pub fn date(day: NaiveDate, tag: &str, form: Form) -> String {
    civil(day.and_time(chrono::NaiveTime::MIN), tag, form)
}

fn written(millis: i64, zone: &str, tag: &str, form: Form) -> String {
    let known = WRITERS.with_borrow(|all| {
        let found = all.iter().find(|one| one.zone == zone && one.tag == tag && one.form == form);
        found.map(|one| one.write.clone())
    });
    let write = known.unwrap_or_else(|| {
        let write = writer(zone, tag, form);
        let one = Writer { zone: zone.to_owned(), tag: tag.to_owned(), form, write: write.clone() };
        WRITERS.with_borrow_mut(|all| all.push(one));
        write
    });
    let date = Date::new(&JsValue::from_f64(millis as f64));
    write.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn writer(zone: &str, tag: &str, form: Form) -> Function {
    let options = Object::new();
    let set = |name: &str, value: &str| {
        // Setting a field of a fresh object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    };
    set("timeZone", zone);
    // Both desks read 24 hours: a slot at "5:00" must never be doubted.
    set("hourCycle", "h23");
    for (name, value) in form.options() {
        set(name, value);
    }
    // "en" alone is American: "23 Mon", "November 23". These are European towns.
    let locales = Array::of1(&JsValue::from_str(if tag == "en" { "en-GB" } else { tag }));
    DateTimeFormat::new(&locales, &options).format()
}
