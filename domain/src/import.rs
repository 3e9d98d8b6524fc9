//! A plan that stands in a spreadsheet, read row by row into drafts. Pure, and all of it looked at before anything is
//! stored: whoever brings five hundred rows sees first which of them cannot be, and why.
//!
//! Nothing goes out by it: what comes of a row is a draft with, at most, the hour that somebody wishes for it.

mod identity;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::{
    AudienceId, Belonging, CampaignId, Channel, ChannelId, Content, Kind, Language, MessageId, Millis, Moment,
    PillarId, Refusal, Slot, Target, content::is_web_address, matter::folded, zone::Zone,
};

pub use identity::identity;

/// A year of six posts a day. Whoever has more brings it in two files.
pub const MOST_ROWS: usize = 2_000;
/// That many rows, each with two long texts.
pub const MOST_BYTES: usize = 5_000_000;
/// A sheet with more columns is another kind of sheet.
pub(crate) const MOST_COLUMNS: usize = 60;
/// No network takes so much (bytes); in a text, a cell like this is a quotation mark that was never closed.
pub(crate) const MOST_CELL: usize = 20_000;

/// So many flaws of one row are told: a cell that is no list of channels at all names ten thousand that there are not.
const MOST_FLAWS: usize = 20;

/// A sheet: what its columns are called, and what stands below.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The names of the columns.
    pub heads: Vec<String>,
    /// The rows that say something.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which row of the sheet it is, as a spreadsheet counts them: the names of the columns are the first.
    pub number: usize,
    /// Its cells, as many as there are columns.
    pub cells: Vec<String>,
}

/// Why a file is no sheet of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// More bytes than are read.
    TooLarge,
    /// More rows than are read at once.
    TooManyRows,
    /// More columns than a plan has.
    TooManyColumns,
    /// It is no text and no workbook that is known.
    NotASheet,
    /// There is no row below the names of the columns.
    NoRows,
    /// A quotation mark opens in this row and nothing closes it.
    Unclosed(usize),
    /// A cell of this row has more text than any network takes.
    TooLong(usize),
    /// A formula of this row was never reckoned, and nobody reckons it here.
    Unreckoned(usize),
    /// It opens with a password.
    Locked,
    /// A workbook of a binary kind (`.xls`, `.xlsb`).
    Binary,
    /// A workbook of the other standard (`.ods`).
    OpenDocument,
    /// A workbook of which something is missing or wrong.
    Damaged,
}

/// Reads a text: separated by semicolons, commas or tabs, whichever the first line has most of.
///
/// # Errors
/// What makes it no sheet.
pub fn table(text: &str) -> Result<Table, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    // A spreadsheet never writes it; a picture and a workbook of the old kind are full of it.
    if text.contains('\0') {
        return Err(Unreadable::NotASheet);
    }
    let text = text.trim_start_matches('\u{feff}');
    let (separator, text) = separator(text);
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut of_cells = Cells::default();
    while reader.read_record(&mut record).map_err(|_| Unreadable::NotASheet)? {
        // Behind the last column spreadsheets leave separators, as many as a sheet has columns; others, as many as a file holds.
        let mut behind = record.iter().skip(MOST_COLUMNS).filter(|cell| !cell.is_empty());
        if behind.any(|cell| !tidy(cell).is_empty()) {
            return Err(Unreadable::TooManyColumns);
        }
        of_cells.push(record.iter().take(MOST_COLUMNS).map(str::to_owned).collect())?;
    }
    of_cells.table()
}

/// The separator, and what stands below the line by which some programs name it (`sep=;`).
fn separator(text: &str) -> (u8, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(named) = first.trim().strip_prefix("sep=").and_then(|named| named.bytes().next()) {
        return (named, rest);
    }
    let mut quoted = false;
    let mut counts = [(b';', 0_usize), (b',', 0), (b'\t', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        if !quoted {
            counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1);
        }
    }
    // Of as many, the first: in half of Europe a comma stands in a number.
    let most = counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(separator, _)| *separator);
    (most, text)
}

/// A sheet that comes row by row, from a text or from a workbook.
#[derive(Debug, Default)]
pub struct Cells {
    table: Table,
    number: usize,
}

impl Cells {
    /// Takes the next row.
    ///
    /// # Errors
    /// `TooManyRows`, `TooManyColumns`, `Unclosed`.
    pub fn push(&mut self, cells: Vec<String>) -> Result<(), Unreadable> {
        self.at(self.number + 1, cells)
    }

    /// Takes a row of which is known where it stands: a workbook does not write those in which there is nothing.
    ///
    /// # Errors
    /// The same.
    pub fn at(&mut self, number: usize, cells: Vec<String>) -> Result<(), Unreadable> {
        self.number = number;
        let mut cells: Vec<String> = cells.iter().map(|cell| tidy(cell)).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns);
        }
        if cells.iter().any(|cell| cell.len() > MOST_CELL) {
            return Err(Unreadable::Unclosed(self.number));
        }
        if self.table.heads.is_empty() {
            self.table.heads = cells;
            return Ok(());
        }
        if self.table.rows.len() == MOST_ROWS {
            return Err(Unreadable::TooManyRows);
        }
        self.table.rows.push(Row { number: self.number, cells });
        Ok(())
    }

    /// The sheet.
    ///
    /// # Errors
    /// `NoRows`.
    pub fn table(mut self) -> Result<Table, Unreadable> {
        if self.table.rows.is_empty() {
            return Err(Unreadable::NoRows);
        }
        // What has no name has a place all the same.
        let widest = self.table.rows.iter().map(|row| row.cells.len()).fold(self.table.heads.len(), usize::max);
        self.table.heads.resize(widest, String::new());
        self.table.rows.iter_mut().for_each(|row| row.cells.resize(widest, String::new()));
        Ok(self.table)
    }
}

/// A cell without what a spreadsheet or a word processor leaves around it.
fn tidy(cell: &str) -> String {
    cell.replace("\r\n", "\n")
        .replace('\r', "\n")
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .to_owned()
}

/// What a column says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The heading in a language.
    Title(Language),
    /// The text in a language.
    Text(Language),
    /// Where it goes: channels or networks by name, several separated by commas, semicolons, strokes or lines.
    Channels,
    /// Day and hour together.
    When,
    /// The day.
    Day,
    /// The hour.
    Hour,
    /// The kind of post.
    Kind,
    /// The web address that goes with it.
    Link,
    /// The campaign by name.
    Campaign,
    /// The pillar by name.
    Pillar,
    /// The audience by name.
    Audience,
    /// The message of the plan by its sentence.
    Message,
}

/// What a column says, given a language to say it in.
type Says = fn(Language) -> Column;

/// How people call a column in Spanish and English, folded; the language may stand behind it ("Texto (en)").
const HEADS: [(&str, Says); 12] = [
    ("titulo|titular|encabezado|nombre|asunto|title|headline|heading|subject", Column::Title),
    ("texto|mensaje|contenido|copy|cuerpo|publicacion|post|text|message|content|body|caption", Column::Text),
    (
        "canal|canales|red|redes|red social|redes sociales|plataforma|plataformas|channel|channels|network|networks|\
         platform|platforms",
        |_| Column::Channels,
    ),
    (
        "fecha y hora|dia y hora|cuando|fecha hora|hueco|programada|date and time|date time|datetime|when|slot|\
         scheduled|scheduled at|publish at",
        |_| Column::When,
    ),
    ("fecha|dia|fecha de publicacion|date|day|publication date", |_| Column::Day),
    ("hora|hour|time", |_| Column::Hour),
    ("tipo|clase|tipo de publicacion|kind|type", |_| Column::Kind),
    ("enlace|url|link|web|direccion web|address", |_| Column::Link),
    ("campana|campaign", |_| Column::Campaign),
    ("eje|ejes|tema|pilar|pillar|topic|theme", |_| Column::Pillar),
    ("publico|audiencia|destinatarios|audience", |_| Column::Audience),
    // "Mensaje" alone is the text, in most sheets.
    ("mensaje clave|mensaje del plan|mensaje del eje|key message|message of the plan", |_| Column::Message),
];

/// What the columns of a sheet seem to say, by their names; the first of two that seem to say the same.
pub fn guess(heads: &[String], languages: &[Language]) -> Vec<Option<Column>> {
    let mut taken = Vec::new();
    let mut one = |head: &String| {
        let column = guessed(head, languages).filter(|column| !taken.contains(column))?;
        taken.push(column.clone());
        Some(column)
    };
    heads.iter().map(&mut one).collect()
}

fn guessed(head: &str, languages: &[Language]) -> Option<Column> {
    let folded = folded(head);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let named = words.last().and_then(|last| languages.iter().find(|language| language.as_str() == *last));
    if named.is_some() && words.len() > 1 {
        words.pop();
    }
    let language = named.or(languages.first()).cloned().unwrap_or_else(Language::spanish);
    let name = words.join(" ");
    let of = HEADS.iter().find(|(names, _)| names.split('|').any(|one| one == name))?;
    Some(of.1(language))
}

/// What there is to name, each by every name that it goes by.
#[derive(Debug, Clone, Default)]
pub struct Names {
    channels: Vec<(String, ChannelId)>,
    kinds: Vec<(String, Kind)>,
    campaigns: Vec<(String, CampaignId)>,
    pillars: Vec<(String, PillarId)>,
    audiences: Vec<(String, AudienceId)>,
    messages: Vec<(String, (MessageId, PillarId))>,
}

impl Names {
    /// Also goes by this name. Of two that share one, neither is meant by it.
    pub fn channel(&mut self, name: &str, id: &ChannelId) {
        self.channels.push((folded(name), id.clone()));
    }
    /// Also goes by this name.
    pub fn kind(&mut self, name: &str, kind: Kind) {
        self.kinds.push((folded(name), kind));
    }
    /// Also goes by this name.
    pub fn campaign(&mut self, name: &str, id: &CampaignId) {
        self.campaigns.push((folded(name), id.clone()));
    }
    /// Also goes by this name.
    pub fn pillar(&mut self, name: &str, id: &PillarId) {
        self.pillars.push((folded(name), id.clone()));
    }
    /// Also goes by this name.
    pub fn audience(&mut self, name: &str, id: &AudienceId) {
        self.audiences.push((folded(name), id.clone()));
    }
    /// Also goes by this name.
    pub fn message(&mut self, name: &str, id: &MessageId, pillar: &PillarId) {
        self.messages.push((folded(name), (id.clone(), pillar.clone())));
    }
}

fn called<T: Clone + PartialEq>(all: &[(String, T)], name: &str) -> Option<T> {
    let name = folded(name);
    let mut found = all.iter().filter(|(other, _)| *other == name).map(|(_, one)| one);
    let first = found.next()?;
    found.all(|other| other == first).then(|| first.clone())
}

/// What a row is read against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The channels that whoever imports may write for.
    pub channels: &'a [Channel],
    /// What things are called.
    pub names: &'a Names,
    /// The organisation's languages, the main one first.
    pub languages: &'a [Language],
    /// Where a row goes that names no channel.
    pub usual: &'a [ChannelId],
    /// The organisation's zone.
    pub zone: &'a Zone,
    /// Now.
    pub now: Moment,
}

/// What a row comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// What is to be said, and where.
    pub content: Content,
    /// When somebody wishes it to go out.
    pub at: Option<NaiveDateTime>,
    /// What it belongs to.
    pub belongs: Belonging,
}

/// Why a row comes to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It has no text.
    NoText,
    /// It goes nowhere.
    NoChannel,
    /// No channel is called so, or several are.
    UnknownChannel(String),
    /// There is no such kind.
    UnknownKind(String),
    /// There is no such campaign.
    UnknownCampaign(String),
    /// There is no such pillar.
    UnknownPillar(String),
    /// There is no such audience.
    UnknownAudience(String),
    /// There is no such message.
    UnknownMessage(String),
    /// That message is of another pillar than the one that the row names.
    MessageElsewhere(String),
    /// That is no day.
    NotADay(String),
    /// That is no hour.
    NotAnHour(String),
    /// An hour without its day.
    HourAlone,
    /// It has passed.
    InThePast,
    /// Nobody plans so far ahead.
    TooFar,
    /// That night the clocks change, and the hour is there twice or not at all.
    ChangingClocks,
    /// That is no web address.
    NotALink(String),
    /// This row says the same at the same hour.
    SameAs(usize),
}

/// Reads rows, and remembers what they said.
#[derive(Debug)]
pub struct Reader<'a> {
    columns: &'a [Option<Column>],
    ground: Ground<'a>,
    seen: BTreeMap<(BTreeMap<Language, String>, Option<NaiveDateTime>), usize>,
}

impl<'a> Reader<'a> {
    /// Reads rows whose columns say this.
    pub fn new(columns: &'a [Option<Column>], ground: Ground<'a>) -> Self {
        Self { columns, ground, seen: BTreeMap::new() }
    }

    /// Reads a row: what it comes to, or everything that is wrong with it.
    ///
    /// # Errors
    /// Its flaws, in the order of its columns.
    pub fn read(&mut self, row: &Row) -> Result<Drafted, Vec<Flaw>> {
        let mut half = Half::default();
        let cells = self.columns.iter().zip(&row.cells);
        for (column, cell) in cells.filter_map(|(column, cell)| Some((column.as_ref()?, cell))) {
            if !cell.is_empty() {
                half.take(column, cell, self.ground);
            }
        }
        let drafted = half.whole(self.ground)?;
        let said = (drafted.content.texts.clone(), drafted.at);
        match self.seen.get(&said) {
            Some(other) => Err(vec![Flaw::SameAs(*other)]),
            None => {
                self.seen.insert(said, row.number);
                Ok(drafted)
            }
        }
    }
}

/// A row half read.
#[derive(Debug, Default)]
struct Half {
    content: Content,
    belongs: Belonging,
    /// The message that it carries: by its name, and of which pillar.
    message: Option<(String, PillarId)>,
    channels: Vec<ChannelId>,
    day: Option<NaiveDate>,
    hour: Option<NaiveTime>,
    flaws: Vec<Flaw>,
}

impl Half {
    fn take(&mut self, column: &Column, cell: &str, ground: Ground<'_>) {
        let names = ground.names;
        let owned = || cell.to_owned();
        match column {
            Column::Title(language) => drop(self.content.titles.insert(language.clone(), owned())),
            Column::Text(language) => drop(self.content.texts.insert(language.clone(), owned())),
            Column::Channels => {
                for name in cell.split([',', ';', '|', '/', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
                    match called(&names.channels, name) {
                        Some(channel) if self.channels.contains(&channel) => {}
                        Some(channel) => self.channels.push(channel),
                        None if self.flaws.len() < MOST_FLAWS => {
                            self.flaws.push(Flaw::UnknownChannel(name.to_owned()));
                        }
                        None => {}
                    }
                }
            }
            Column::When => {
                // "2026-12-24T10:00", "24/12/2026 10:00", "24/12/2026, 10:00 h"
                let apart = cell.find(['T', ' ', '\n']).unwrap_or(cell.len());
                let (day, hour) = cell.split_at(apart);
                self.day(day.trim_end_matches(','), cell);
                let hour = hour.trim_start_matches('T').trim();
                if !hour.is_empty() {
                    self.hour(hour, cell);
                }
            }
            Column::Day => self.day(cell, cell),
            Column::Hour => self.hour(cell, cell),
            Column::Kind => match called(&names.kinds, cell) {
                Some(kind) => self.content.kind = kind,
                None => self.flaws.push(Flaw::UnknownKind(owned())),
            },
            Column::Link if is_web_address(cell) => self.content.link = Some(owned()),
            Column::Link => self.flaws.push(Flaw::NotALink(owned())),
            Column::Campaign => {
                self.belongs.campaign = called(&names.campaigns, cell);
                self.unless(self.belongs.campaign.is_some(), || Flaw::UnknownCampaign(owned()));
            }
            Column::Pillar => {
                self.belongs.pillar = called(&names.pillars, cell);
                self.unless(self.belongs.pillar.is_some(), || Flaw::UnknownPillar(owned()));
            }
            Column::Audience => {
                self.belongs.audience = called(&names.audiences, cell);
                self.unless(self.belongs.audience.is_some(), || Flaw::UnknownAudience(owned()));
            }
            Column::Message => match called(&names.messages, cell) {
                Some((message, pillar)) => {
                    self.belongs.message = Some(message);
                    self.message = Some((owned(), pillar));
                }
                None => self.flaws.push(Flaw::UnknownMessage(owned())),
            },
        }
    }

    fn unless(&mut self, fits: bool, flaw: impl FnOnce() -> Flaw) {
        if !fits {
            self.flaws.push(flaw());
        }
    }

    fn day(&mut self, text: &str, cell: &str) {
        self.day = read_day(text.trim());
        self.unless(self.day.is_some(), || Flaw::NotADay(cell.to_owned()));
    }

    fn hour(&mut self, text: &str, cell: &str) {
        self.hour = read_hour(text.trim());
        self.unless(self.hour.is_some(), || Flaw::NotAnHour(cell.to_owned()));
    }

    fn whole(mut self, ground: Ground<'_>) -> Result<Drafted, Vec<Flaw>> {
        if self.content.texts.is_empty() {
            self.flaws.push(Flaw::NoText);
        }
        // Whoever names a message has named its pillar.
        if let Some((name, of)) = self.message.take() {
            match &self.belongs.pillar {
                None => self.belongs.pillar = Some(of),
                Some(pillar) if *pillar != of => self.flaws.push(Flaw::MessageElsewhere(name)),
                Some(_) => {}
            }
        }
        // A day without an hour is wished for the morning: who opens the calendar sees it and moves it.
        let at = self.day.map(|day| day.and_time(self.hour.unwrap_or(MORNING)));
        if at.is_none() && self.hour.is_some() && !self.flaws.iter().any(|flaw| matches!(flaw, Flaw::NotADay(_))) {
            self.flaws.push(Flaw::HourAlone);
        }
        // The window is of no account: nothing is placed yet.
        let placed = at.map(|at| Slot::place(at, None, ground.zone, Millis::minutes(30), ground.now));
        match placed {
            Some(Err(Refusal::InThePast)) => self.flaws.push(Flaw::InThePast),
            Some(Err(Refusal::TooFar)) => self.flaws.push(Flaw::TooFar),
            Some(Err(_)) => self.flaws.push(Flaw::ChangingClocks),
            Some(Ok(_)) | None => {}
        }
        let named = !self.channels.is_empty() || self.flaws.iter().any(|flaw| matches!(flaw, Flaw::UnknownChannel(_)));
        let channels = if named { &self.channels } else { ground.usual };
        let targets: Vec<_> = channels.iter().filter_map(|id| target(id, &self.content, ground)).collect();
        if targets.is_empty() && !named {
            self.flaws.push(Flaw::NoChannel);
        }
        self.content.targets = targets;
        if self.flaws.is_empty() {
            Ok(Drafted { content: self.content, at, belongs: self.belongs })
        } else {
            Err(self.flaws)
        }
    }
}

/// When nobody says an hour.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(10, 0, 0) {
    Some(ten) => ten,
    None => NaiveTime::MIN,
};

/// A channel in those of its languages in which there is a text; in all there are where it speaks none of them.
fn target(id: &ChannelId, content: &Content, ground: Ground<'_>) -> Option<Target> {
    let channel = ground.channels.iter().find(|channel| channel.id == *id)?;
    let written = || ground.languages.iter().filter(|language| content.texts.contains_key(*language)).cloned();
    let own: Vec<_> = written().filter(|language| channel.languages.contains(language)).collect();
    Some(Target::new(id.clone(), if own.is_empty() { written().collect() } else { own }))
}

/// A day as people write it: `24/12/2026`, `24-12-26`, `24.12.2026`, `2026-12-24`. The day before the month, as
/// everywhere but in the United States.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && (1..=4).contains(&part.len());
    if !parts.iter().all(|part| digits(part)) {
        return None;
    }
    let (year, month, day) = if one.len() == 4 { (one, two, three) } else { (three, two, one) };
    let century = match year.len() {
        2 => 2_000,
        4 => 0,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse::<i32>().ok()? + century, month.parse().ok()?, day.parse().ok()?)
}

/// An hour as people write it: `9:30`, `09.30`, `9 h`, `9:30 h`, `21:00:00`.
pub fn read_hour(text: &str) -> Option<NaiveTime> {
    let text = folded(text);
    let text = text.trim_end_matches(['s', 'r', 'h', '.']).trim();
    let parts: Vec<&str> = text.split([':', '.', 'h']).collect();
    if parts.len() > 3 || parts.iter().any(|part| !(1..=2).contains(&part.len())) {
        return None;
    }
    let number = |place: usize| parts.get(place).map_or(Some(0), |part| part.parse::<u32>().ok());
    NaiveTime::from_hms_opt(number(0)?, number(1)?, number(2)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Health, HealthState, Network, csv, silence::Voice, zone::bench::madrid};

    /// 2026-12-01T00:00Z.
    const NOW: Moment = Moment(1_796_083_200_000);

    fn languages() -> Vec<Language> {
        vec![Language::spanish(), Language::english()]
    }

    fn channel(n: u128, network: Network, languages: Vec<Language>) -> Channel {
        Channel {
            id: ChannelId::from_bits(n),
            network,
            name: n.to_string(),
            handle: String::new(),
            address: None,
            languages,
            limits: network.limits(),
            health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
            assisted: false,
            voice: Voice::default(),
        }
    }

    fn channels() -> Vec<Channel> {
        let board = channel(1, Network::Noticeboard, languages());
        vec![board, channel(2, Network::Bluesky, vec![Language::spanish()]), channel(3, Network::X, vec![])]
    }

    fn names() -> Names {
        let mut names = Names::default();
        for (name, n) in [("Tablón", 1), ("Bluesky", 2), ("Ayuntamiento en Bluesky", 2), ("X", 3), ("Twitter", 3)] {
            names.channel(name, &ChannelId::from_bits(n));
        }
        names.channel("Redes", &ChannelId::from_bits(2));
        names.channel("redes", &ChannelId::from_bits(3));
        names.kind("Acto", Kind::Event);
        names.campaign("Otoño cultural", &CampaignId::from_bits(7));
        names.pillar("Movilidad", &PillarId::from_bits(8));
        names.pillar("Cultura", &PillarId::from_bits(9));
        names.message("El bus es gratis", &MessageId::from_bits(1), &PillarId::from_bits(8));
        names
    }

    /// Reads a whole sheet.
    fn read(text: &str) -> Vec<(usize, Result<Drafted, Vec<Flaw>>)> {
        let (table, languages, channels, names, zone) =
            (table(text).unwrap(), languages(), channels(), names(), madrid());
        let columns = guess(&table.heads, &languages);
        let usual = [ChannelId::from_bits(1)];
        let ground =
            Ground { channels: &channels, names: &names, languages: &languages, usual: &usual, zone: &zone, now: NOW };
        let mut reader = Reader::new(&columns, ground);
        table.rows.iter().map(|row| (row.number, reader.read(row))).collect()
    }

    fn flaws(text: &str) -> Vec<Flaw> {
        let mut all = read(text);
        all.pop().unwrap().1.unwrap_err()
    }

    #[test]
    fn a_row_becomes_a_draft_with_its_hour_and_what_it_belongs_to() {
        let sheet = "Fecha;Hora;Canal;Título;Texto;Texto (en);Tipo;Enlace;Campaña\r\n\
                     24/12/2026;9:30;Bluesky, tablon;Cierre;El 24 cerramos.;We close on the 24th.;acto;https://a.example/x;OTOÑO CULTURAL\r\n";
        let [(2, Ok(drafted))] = &read(sheet)[..] else { panic!("{:?}", read(sheet)) };
        assert_eq!(drafted.at.unwrap().to_string(), "2026-12-24 09:30:00");
        let content = &drafted.content;
        assert_eq!(content.titles[&Language::spanish()], "Cierre");
        assert_eq!(content.texts[&Language::english()], "We close on the 24th.");
        assert_eq!((content.kind, content.link.as_deref()), (Kind::Event, Some("https://a.example/x")));
        // Bluesky speaks Spanish here; the noticeboard both.
        let targets: Vec<_> = content.targets.iter().map(|one| (one.channel.clone(), one.languages.len())).collect();
        assert_eq!(targets, [(ChannelId::from_bits(2), 1), (ChannelId::from_bits(1), 2)]);
        assert_eq!(drafted.belongs.campaign, Some(CampaignId::from_bits(7)));
    }

    #[test]
    fn whoever_names_a_message_has_named_its_pillar() {
        let carried = |sheet: &str| {
            let [(2, Ok(drafted))] = &read(sheet)[..] else { panic!("{:?}", read(sheet)) };
            (drafted.belongs.pillar.clone(), drafted.belongs.message.clone())
        };
        let both = (Some(PillarId::from_bits(8)), Some(MessageId::from_bits(1)));
        assert_eq!(carried("texto;mensaje clave\nHola;EL BUS ES GRATIS\n"), both);
        assert_eq!(carried("texto;mensaje clave;eje\nHola;El bus es gratis;Movilidad\n"), both);
        let elsewhere = flaws("texto;eje;mensaje clave\nHola;Cultura;El bus es gratis\n");
        assert_eq!(elsewhere, [Flaw::MessageElsewhere("El bus es gratis".to_owned())]);
        let unknown = flaws("texto;mensaje clave\nHola;El metro es gratis\n");
        assert_eq!(unknown, [Flaw::UnknownMessage("El metro es gratis".to_owned())]);
    }

    #[test]
    fn everything_that_is_wrong_with_a_row_is_said_at_once() {
        let sheet = "fecha,hora,red,texto,tipo,url\n31/11/2026,25:00,Myspace,,fiesta,midominio\n";
        let text = str::to_owned;
        assert_eq!(
            flaws(sheet),
            [
                Flaw::NotADay(text("31/11/2026")),
                Flaw::NotAnHour(text("25:00")),
                Flaw::UnknownChannel(text("Myspace")),
                Flaw::UnknownKind(text("fiesta")),
                Flaw::NotALink(text("midominio")),
                Flaw::NoText
            ]
        );
    }

    #[test]
    fn a_name_that_two_share_means_neither() {
        assert_eq!(flaws("red;texto\nredes;Hola\n"), [Flaw::UnknownChannel("redes".to_owned())]);
    }

    #[test]
    fn an_hour_is_there_or_it_is_said() {
        let at = |when: &str| read(&format!("cuando;texto\n{when};Hola\n")).remove(0).1.map(|one| one.at);
        let civil = |text: &str| Ok(Some(crate::slot::parse_civil(text).unwrap()));
        for when in ["2026-12-24T10:00", "24/12/2026 10:00", "24.12.26 10.00", "24-12-2026, 10h", "24/12/2026 10:00 h"]
        {
            assert_eq!(at(when), civil("2026-12-24T10:00"), "{when}");
        }
        assert_eq!(at("24/12/2026"), civil("2026-12-24T10:00"), "a day alone is its morning");
        assert_eq!(at("24/11/2026 10:00"), Err(vec![Flaw::InThePast]));
        assert_eq!(at("24/12/2036 10:00"), Err(vec![Flaw::TooFar]));
        assert_eq!(at("12/24/2026"), Err(vec![Flaw::NotADay("12/24/2026".to_owned())]));
        assert_eq!(flaws("hora;texto\n10:00;Hola\n"), [Flaw::HourAlone]);
        assert_eq!(read("texto\nHola\n")[0].1.as_ref().unwrap().at, None);
    }

    #[test]
    fn the_night_when_clocks_change_is_asked_of_a_person() {
        let zone = Zone { transitions: vec![(Moment(1_806_282_000_000), 7_200)], ..madrid() };
        let (channels, names, languages) = (channels(), names(), languages());
        let usual = [ChannelId::from_bits(1)];
        let ground =
            Ground { channels: &channels, names: &names, languages: &languages, usual: &usual, zone: &zone, now: NOW };
        let columns = [Some(Column::When), Some(Column::Text(Language::spanish()))];
        let cells = ["2027-03-29T02:30".to_owned(), "Hola".to_owned()].to_vec();
        let gap = zone.civil(Moment(1_806_282_000_000)).date();
        let cells = [format!("{gap} 02:30"), cells[1].clone()].to_vec();
        assert_eq!(Reader::new(&columns, ground).read(&Row { number: 2, cells }), Err(vec![Flaw::ChangingClocks]));
    }

    #[test]
    fn the_same_twice_is_one() {
        let all = read("fecha;texto\n24/12/2026;Hola\n25/12/2026;Hola\n24/12/2026;Hola\n");
        assert_eq!(all[2], (4, Err(vec![Flaw::SameAs(2)])));
        assert!(all[1].1.is_ok());
    }

    #[test]
    fn separators_marks_and_empty_lines_are_seen_through() {
        let plain = vec!["texto".to_owned(), "red".to_owned()];
        for text in [
            "texto;red\nHola, mundo;X\n",
            "\u{feff}texto,red\r\n\r\n\"Hola, mundo\",X\r\n,\r\n",
            "texto\tred\nHola, mundo\tX",
            "sep=|\ntexto|red\nHola, mundo|X",
            "texto;red;;\n\"Hola, mundo\";X;;\n;;;\n",
        ] {
            let table = table(text).unwrap();
            assert_eq!(table.heads[..2], plain, "{text}");
            let rows: Vec<_> = table.rows.iter().map(|row| row.cells[..2].join("|")).collect();
            assert_eq!(rows, ["Hola, mundo|X"], "{text}");
        }
    }

    #[test]
    fn what_is_no_sheet_says_so() {
        assert_eq!(table(""), Err(Unreadable::NoRows));
        assert_eq!(table("texto;red\n"), Err(Unreadable::NoRows));
        assert_eq!(table("PK\u{3}\u{4}\0\0"), Err(Unreadable::NotASheet));
        assert_eq!(table(&"x;".repeat(MOST_BYTES)), Err(Unreadable::TooLarge));
        assert_eq!(table(&format!("texto\n{}", "Hola\n".repeat(MOST_ROWS + 1))), Err(Unreadable::TooManyRows));
        assert_eq!(table(&format!("texto\n\"{}", "Hola;otra\n".repeat(3_000))), Err(Unreadable::Unclosed(2)));
        assert_eq!(table(&format!("{}\n1\n", "a;".repeat(100))), Err(Unreadable::TooManyColumns));
        // Separators alone are no columns, however many there are.
        let sheet = table(&format!("texto{0}\nHola{0} \n", ";".repeat(20_000))).unwrap();
        assert_eq!((sheet.heads.len(), sheet.rows[0].cells.len()), (1, 1));
        let strange =
            flaws(&format!("red;texto\n{};Hola\n", (0..500).map(|n| n.to_string()).collect::<Vec<_>>().join(",")));
        assert_eq!(strange.len(), MOST_FLAWS);
    }

    #[test]
    fn a_formula_is_only_its_letters() {
        let drafted = read("texto\n\"=HYPERLINK(\"\"x\"\",1)\"\n").remove(0).1.unwrap();
        assert_eq!(drafted.content.texts[&Language::spanish()], "=HYPERLINK(\"x\",1)");
    }

    #[test]
    fn columns_are_known_by_what_people_call_them() {
        let heads = ["Día", "TEXTO_EN", "Mensaje", "Redes sociales", "Notas", "Copy"].map(str::to_owned);
        let en = Language::english();
        assert_eq!(
            guess(&heads, &languages()),
            [
                Some(Column::Day),
                Some(Column::Text(en)),
                Some(Column::Text(Language::spanish())),
                Some(Column::Channels),
                None,
                // The first of two that say the same.
                None
            ]
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in ".{0,400}", lines in prop::collection::vec("[a-z0-9;,\"\t =/:.-]{0,40}", 0..12)) {
            for text in [text, lines.join("\n"), format!("fecha;hora;red;texto;tipo\n{}", lines.join("\n"))] {
                if let Ok(sheet) = table(&text) {
                    prop_assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.heads.len()));
                    let _ = read(&text);
                }
            }
        }

        /// What we write as a sheet is read as it was.
        #[test]
        fn a_sheet_of_ours_comes_back(cells in prop::collection::vec("[a-zñ][a-zA-Zñáéí ,;\"\n]{0,30}[a-z]", 2..6)) {
            let width = cells.len();
            let heads: Vec<String> = (0..width).map(|place| format!("c{place}")).collect();
            let table = table(&csv::file(&[heads.clone(), cells.clone()])).unwrap();
            prop_assert_eq!(&table.heads, &heads);
            prop_assert_eq!(&table.rows, &[Row { number: 2, cells }]);
        }
    }
}
