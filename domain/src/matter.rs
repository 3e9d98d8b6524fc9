//! What a text speaks of: minors, sums of money, public works, office-holders by name, data of a person; each with the
//! words it was found by, and what people say of that.
//! Separate from `policy`: a rule says what may not go out like this, a matter only asks for other eyes.
//!
//! Words are compared whole and folded (no case, no accents). Found is what is listed here, longest first: "obras de
//! teatro" is listed as nothing, so that its "obras" is no public works. A text is walked once. No engine of regular
//! expressions: its tables would be more bytes than the rest of the rules.

mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Content, MemberId, Moment,
    circuit::Matter,
    guidance::Officer,
    policy::{Evidence, Field, Place, draft, draft::shorten, personal_data},
};

/// Something that a text speaks of, and the words that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// What.
    pub matter: Matter,
    /// Where.
    pub place: Place,
    /// The words, at most 80 characters of them; of a person's data only the end.
    pub words: String,
}

/// What somebody says of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// The text speaks of it, though nothing was found.
    Speaks,
    /// It was found, and it is not so.
    DoesNot,
}

/// What somebody said of a matter in a post, and why. It stays in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// Of what.
    pub matter: Matter,
    /// What.
    pub says: Says,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Moment,
}

/// What counts when a circuit is chosen: whatever was found, and whatever somebody added. What somebody says is not so
/// counts too: whoever would rather have fewer eyes on a text must not be the one who turns them away. They are read
/// the reason instead.
pub fn counted(found: &[Sighting], remarks: &[Remark]) -> BTreeSet<Matter> {
    let added = remarks.iter().filter(|remark| remark.says == Says::Speaks).map(|remark| remark.matter);
    found.iter().map(|sighting| sighting.matter).chain(added).collect()
}

/// So many sightings of one matter are shown: who reads them knows by then.
const ENOUGH: usize = 6;

/// Everything that a content speaks of: titles, texts, versions, alt texts, the event's place and the address.
pub fn spoken_of(content: &Content, officers: &[Officer]) -> Vec<Sighting> {
    let names: Vec<Folded> = officers.iter().map(|officer| Folded::of(&officer.name)).collect();
    let phrases = Phrases::with(&names);
    let mut found = Vec::new();
    let mut add = |matter: Matter, place: Place, words: String| {
        let known = |one: &&Sighting| one.matter == matter;
        let again = found.iter().filter(known).any(|one: &Sighting| one.words.eq_ignore_ascii_case(&words));
        if !again && found.iter().filter(known).count() < ENOUGH {
            found.push(Sighting { matter, place, words });
        }
    };
    for piece in draft::pieces(content) {
        for seen in personal_data::look(&piece) {
            if let Evidence::Datum { masked, .. } = seen.evidence {
                add(Matter::PersonalData, piece.place(seen.range), masked);
            }
        }
        for (matter, start, end) in phrases.look(piece.text) {
            add(matter, piece.place(Some((start, end))), shorten(&piece.text[start..end]));
        }
    }
    if let Some(link) = &content.link {
        for (matter, start, end) in phrases.look(link) {
            let place = Place { channel: None, language: None, field: Field::Post, range: None };
            add(matter, place, shorten(&link[start..end]));
        }
    }
    found
}

/// Whether a name has a word that can be looked for.
pub fn is_name(name: &str) -> bool {
    !Folded::of(name).words.is_empty()
}

/// A text as words: folded in one string, each with its bytes in it and in the text.
struct Folded {
    text: String,
    words: Vec<[usize; 4]>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Folded { text: String::with_capacity(text.len()), words: Vec::new() };
        let (mut open, mut low) = (false, false);
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            // A sign of money is a word of its own; a hump begins one, as in "#ObrasEnLaPlaza".
            let (sign, hump) = (is_sign(c), low && c.is_uppercase());
            let mark = matches!(c, '\u{300}'..='\u{36F}' | '\u{AD}' | '·');
            if sign || hump || !(c.is_alphanumeric() || mark) {
                open = false;
            }
            if !(sign || c.is_alphanumeric() || (mark && open)) {
                low = false;
                continue;
            }
            let from = folded.text.len();
            if !open {
                folded.words.push([from, from, at, end]);
            }
            fold(c, &mut folded.text);
            if let Some(word) = folded.words.last_mut() {
                (word[1], word[3]) = (folded.text.len(), end);
            }
            open = !sign;
            low = c.is_lowercase();
        }
        folded
    }

    fn word(&self, place: usize) -> &str {
        self.words.get(place).and_then(|word| self.text.get(word[0]..word[1])).unwrap_or_default()
    }

    fn span(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        Some((self.words.get(first)?[2], self.words.get(last)?[3]))
    }
}

const fn is_sign(c: char) -> bool {
    matches!(c, '€' | '$' | '£')
}

/// Lower case without accents: what Spanish, English, Catalan, Galician and Basque write.
pub(crate) fn fold(c: char, into: &mut String) {
    let plain = match c {
        '\u{300}'..='\u{36F}' | '\u{AD}' | '·' => return,
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'Á' | 'À' | 'Ä' | 'Â' | 'Ã' | 'ª' => 'a',
        'é' | 'è' | 'ë' | 'ê' | 'É' | 'È' | 'Ë' | 'Ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' | 'Í' | 'Ì' | 'Ï' | 'Î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' | 'Ó' | 'Ò' | 'Ö' | 'Ô' | 'Õ' | 'º' => 'o',
        'ú' | 'ù' | 'ü' | 'û' | 'Ú' | 'Ù' | 'Ü' | 'Û' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        other => return into.extend(other.to_lowercase()),
    };
    into.push(plain);
}

/// A name as it is compared: "Otoño  CULTURAL " is "otono cultural".
pub(crate) fn folded(name: &str) -> String {
    let mut into = String::with_capacity(name.len());
    for (place, word) in name.split_whitespace().enumerate() {
        if place > 0 {
            into.push(' ');
        }
        word.chars().for_each(|c| fold(c, &mut into));
    }
    into
}

/// What is looked for: phrases by their first word, the longer before the shorter.
struct Phrases<'a>(Vec<(Vec<&'a str>, Option<Matter>)>);

impl<'a> Phrases<'a> {
    fn with(names: &'a [Folded]) -> Self {
        let listed = words::LISTS.iter().flat_map(|(matter, list)| {
            list.split('|').map(move |phrase| (phrase.split(' ').collect::<Vec<&str>>(), *matter))
        });
        let named = names.iter().filter(|name| !name.words.is_empty()).map(|name| {
            let words: Vec<&str> = (0..name.words.len()).map(|place| name.word(place)).collect();
            (words, Some(Matter::OfficeHolders))
        });
        let mut phrases: Vec<_> = listed.chain(named).collect();
        phrases.sort_by(|(one, _), (other, _)| (one.first(), other.len()).cmp(&(other.first(), one.len())));
        Self(phrases)
    }

    /// What a text speaks of: the matter and the bytes.
    fn look(&self, text: &str) -> Vec<(Matter, usize, usize)> {
        let folded = Folded::of(text);
        let mut found = Vec::new();
        let mut place = 0;
        while place < folded.words.len() {
            let (matter, first, last) = self.at(text, &folded, place);
            if let Some((matter, (start, end))) = matter.zip(folded.span(first, last)) {
                found.push((matter, start, end));
            }
            place = last + 1;
        }
        found
    }

    /// What begins at a word, and from which to which it reaches.
    fn at(&self, text: &str, folded: &Folded, place: usize) -> (Option<Matter>, usize, usize) {
        if let Some((first, last)) = sum(text, folded, place) {
            return (Some(Matter::Money), first, last);
        }
        let word = folded.word(place);
        // "Menores de 30": grown up.
        if matches!(word, "menor" | "menores")
            && folded.word(place + 1) == "de"
            && let Ok(age) = folded.word(place + 2).parse::<u32>()
        {
            return ((age <= 18).then_some(Matter::Minors), place, place + 2);
        }
        let from = self.0.partition_point(|(words, _)| words.first().is_some_and(|first| *first < word));
        let candidates = self.0.iter().skip(from).take_while(|(words, _)| words.first() == Some(&word));
        for (words, matter) in candidates {
            if words.iter().enumerate().all(|(step, one)| folded.word(place + step) == *one) {
                return (*matter, place, place + words.len() - 1);
            }
        }
        (None, place, place)
    }
}

/// So many words back a sum may begin: "12.345.678,90 €".
const LONGEST_SUM: usize = 6;

/// A sum of money whose currency (or, for a sign before it, whose sign) is the word at a place.
fn sum(text: &str, folded: &Folded, place: usize) -> Option<(usize, usize)> {
    let word = folded.word(place);
    let figure = |place: usize| folded.word(place).starts_with(|c: char| c.is_ascii_digit());
    let is_code = word.starts_with(is_sign) || word == "eur";
    if !(is_code || words::CURRENCIES.contains(&word)) {
        return None;
    }
    let before = place.checked_sub(1).is_some_and(figure);
    if is_code && figure(place + 1) && !before {
        let mut last = place + 1;
        while figure(last + 1) && matches!(gap(text, folded, last), "." | ",") {
            last += 1;
        }
        return Some((place, last));
    }
    // Connecting words between the number and its currency: "3 millones de euros", "mil d'euros".
    let mut last = place.checked_sub(1)?;
    if matches!(folded.word(last), "de" | "d" | "of") {
        last = last.checked_sub(1)?;
    }
    let is_number = |place: usize| figure(place) || words::NUMBERS.contains(&folded.word(place));
    if !is_number(last) {
        return None;
    }
    // "En 2024 Euro Disney" is no sum; "300 euro" (Basque) is.
    let proper = word == "euro" && text.get(folded.words.get(place)?[2]..)?.starts_with('E');
    if proper {
        return None;
    }
    let floor = last.saturating_sub(LONGEST_SUM);
    let mut first = last;
    // One sign apart at most: "2024, 300 euros" is a year and a sum.
    while first > floor && is_number(first - 1) && gap(text, folded, first - 1).chars().count() < 2 {
        first -= 1;
    }
    Some((first, place))
}

/// What stands between a word and the next one.
fn gap<'a>(text: &'a str, folded: &Folded, place: usize) -> &'a str {
    let ends = folded.words.get(place).zip(folded.words.get(place + 1));
    ends.and_then(|(one, next)| text.get(one[3]..next[2])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{Event, Language, policy::draft::bench};

    fn officers() -> Vec<Officer> {
        let officer = |name: &str, office: &str| Officer { name: name.to_owned(), office: office.to_owned() };
        vec![officer("Vicente Blasco Ibáñez", "Alcaldía"), officer("Pío Baroja", "Concejalía de cultura")]
    }

    fn found(text: &str) -> Vec<(Matter, String)> {
        let mut content = bench::notice();
        bench::say(&mut content, "es", text);
        let all = spoken_of(&content, &officers());
        all.into_iter().map(|sighting| (sighting.matter, sighting.words)).collect()
    }

    fn speaks(text: &str, matter: Matter, words: &str) {
        assert!(found(text).contains(&(matter, words.to_owned())), "{text}: {:?}", found(text));
    }

    #[test]
    fn minors_are_found_by_their_words() {
        for (text, words) in [
            ("Un taller para niños y mayores.", "niños"),
            ("Se busca a una MENOR DE EDAD.", "MENOR DE EDAD"),
            ("Ayudas para menores de 16 años.", "menores de 16"),
            ("Un menor de 14 años.", "menor de 14"),
            ("Campamento infantil en julio.", "infantil"),
            ("A workshop for children and adults.", "children"),
            ("Free for under 18s.", "under 18s"),
            ("Taller per a nens i nenes.", "nens"),
            ("Haurrentzako tailerra.", "Haurrentzako"),
            ("Obradoiro para nenos.", "nenos"),
            ("#NiñosAlAgua", "Niños"),
        ] {
            speaks(text, Matter::Minors, words);
        }
    }

    #[test]
    fn sums_of_money_are_found_whole() {
        for (text, words) in [
            ("Cuesta 1.200,50 euros.", "1.200,50 euros"),
            ("Cuesta 300€ al mes.", "300€"),
            ("Una inversión de 3 millones de euros.", "3 millones de euros"),
            ("Sale por cincuenta euros.", "cincuenta euros"),
            ("An investment of €2m this year.", "€2m"),
            ("Tickets cost £12.50.", "£12.50"),
            ("En 2024, 300 euros.", "300 euros"),
            ("Two million euros for the library.", "Two million euros"),
            ("Una multa de 500 EUR.", "500 EUR"),
            ("1.200 euro balio du.", "1.200 euro"),
            ("Inversió de 2 milions d'euros.", "2 milions d'euros"),
            ("Entrada: 50 céntimos.", "50 céntimos"),
        ] {
            speaks(text, Matter::Money, words);
        }
    }

    #[test]
    fn works_are_found_by_their_words() {
        for (text, words) in [
            ("Comienzan las obras en la calle Mayor.", "obras"),
            ("Hace falta licencia de obra.", "licencia de obra"),
            ("Asfaltado de la travesía.", "Asfaltado"),
            ("Roadworks on the High Street.", "Roadworks"),
            ("Public works will begin on Monday.", "Public works"),
            ("Comencen les obres del carrer Major.", "obres"),
            ("Obrak hasiko dira.", "Obrak"),
        ] {
            speaks(text, Matter::Works, words);
        }
    }

    #[test]
    fn office_holders_are_found_by_their_whole_name() {
        speaks("Inaugura VICENTE BLASCO IBANEZ.", Matter::OfficeHolders, "VICENTE BLASCO IBANEZ");
        speaks("Habla Pio Baroja.", Matter::OfficeHolders, "Pio Baroja");
        speaks("Habla Pío\nBaroja.", Matter::OfficeHolders, "Pío Baroja");
        for text in ["Vicente Blasco canta.", "Pío, pío.", "Baroja Pío", "Pío Barojaren"] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not_found() {
        for text in [
            "Juicio de menor cuantía.",
            "Una obra de teatro en la plaza.",
            "Las obras de teatro del festival.",
            "Exposición de obras de arte.",
            "Obras completas de Machado.",
            "Un contrato menor, y tres contratos menores.",
            "Con menores costes y una menor afluencia.",
            "Vivienda para menores de 35 años.",
            "El parque infantil cierra.",
            "La Eurocopa 2024 en pantalla gigante.",
            "En 2024 Euro Disney abre.",
            "La zona euro y el Café Euro.",
            "Se paga en euros.",
            "El fenómeno de El Niño.",
            "El belén con su Niño Jesús.",
            "Minor roads are closed.",
            "She works at the library.",
            "A minor change to the timetable.",
            "A works of art fair.",
            "The children's playground is closed.",
            "Cinco libras de pan, 5 pounds of bread.",
            "El 12 de octubre es fiesta.",
            "Mañana no hay agua en la calle Mayor.",
            "Tomorrow there is no water in the High Street.",
            "Hay 3 millones de árboles.",
            "Vuela el dron DRN$ y la variable $x.",
            "Acoso y derribo en el campo.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn it_is_looked_for_wherever_there_are_words() {
        let mut content = bench::notice();
        content.titles.insert(Language::spanish(), "Obras".to_owned());
        content.pictures = vec![bench::picture("Una niña en la fuente")];
        content.event =
            Some(Event { start: Moment(0), end: None, place: "Sala Pío Baroja".to_owned(), cancelled: false });
        content.link = Some("https://town.example/entradas-12-euros".to_owned());
        content.texts = BTreeMap::from([(Language::spanish(), "Llame al 600 123 456.".to_owned())]);
        let found = spoken_of(&content, &officers());
        let matters: BTreeSet<Matter> = found.iter().map(|one| one.matter).collect();
        assert_eq!(matters, Matter::ALL.into());
        let picture = found.iter().find(|one| one.matter == Matter::Minors).unwrap();
        assert_eq!(picture.place.field, Field::Picture { index: 0 });
        let personal = found.iter().find(|one| one.matter == Matter::PersonalData).unwrap();
        assert_eq!(personal.words, "••• ••• •56");
    }

    #[test]
    fn the_same_words_are_said_once_and_never_endlessly() {
        assert_eq!(found("Obras, obras y más OBRAS.").len(), 1);
        let many: String = (1..40).map(|euros| format!("{euros} euros, ")).collect();
        assert_eq!(found(&many).len(), ENOUGH);
    }

    #[test]
    fn what_is_said_to_be_not_so_still_counts() {
        let place = Place { channel: None, language: None, field: Field::Text, range: None };
        let seen = |matter| Sighting { matter, place: place.clone(), words: String::new() };
        let remark = |matter, says| Remark {
            matter,
            says,
            reason: "Es el nombre de una calle.".to_owned(),
            by: MemberId::from_bits(1),
            at: Moment(0),
        };
        let remarks = [remark(Matter::Works, Says::DoesNot), remark(Matter::Minors, Says::Speaks)];
        assert_eq!(counted(&[seen(Matter::Works)], &remarks), BTreeSet::from([Matter::Works, Matter::Minors]));
    }

    #[test]
    fn every_listed_phrase_is_folded_and_stands_once() {
        let mut seen = BTreeSet::new();
        for (_, list) in words::LISTS {
            for phrase in list.split('|') {
                let folded = Folded::of(phrase);
                let words: Vec<&str> = (0..folded.words.len()).map(|place| folded.word(place)).collect();
                assert_eq!(words.join(" "), phrase, "as a text is folded");
                assert!(seen.insert(phrase), "{phrase} stands twice");
            }
        }
    }

    #[test]
    fn a_long_text_takes_no_more_than_its_length() {
        let time = |count: usize| {
            let text = "las obras de teatro de los niños cuestan 12 euros ".repeat(count);
            let names: Vec<Folded> = officers().iter().map(|officer| Folded::of(&officer.name)).collect();
            let phrases = Phrases::with(&names);
            let start = std::time::Instant::now();
            let found = phrases.look(&text).len();
            (found, start.elapsed())
        };
        let ((few, _), (many, long)) = (time(100), time(6_000));
        assert_eq!(many, few * 60);
        // Words by words that would be billions of steps; a machine that is busy does it in ten seconds all the same.
        assert!(long.as_secs() < 10, "{long:?}");
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "([0-9.,€$£ ]{1,4}|euros?|menores de |obras |ñ|🎉|\\PC){0,40}") {
            let folded = Folded::of(&text);
            for place in 0..folded.words.len() {
                let (start, end) = folded.span(place, place).unwrap();
                prop_assert!(text.get(start..end).is_some_and(|word| !word.is_empty()));
            }
            for (_, start, end) in Phrases::with(&[]).look(&text) {
                prop_assert!(text.get(start..end).is_some());
            }
        }

        #[test]
        fn case_and_accents_change_nothing(words in "(obra|obras|niño|teatro|de|12|euros|menores| ){1,12}") {
            let upper = words.to_uppercase().replace('Ñ', "N");
            let matters = |text: &str| Phrases::with(&[]).look(text).iter().map(|one| one.0).collect::<Vec<_>>();
            prop_assert_eq!(matters(&words), matters(&upper));
        }
    }
}
