//! Reads a file of captions, whatever program wrote it. Separate from what a track is: only here is the input hostile.

use super::{Cue, Fault, Flaw, MOST_BYTES, MOST_CHARACTERS, MOST_CUES, MOST_FAULTS, ROUNDED, Track};

/// What stands between two times.
const ARROW: &str = "-->";

/// Reads WebVTT or SubRip, of a video that lasts so long.
///
/// # Errors
/// Every fault that is found, at most [`MOST_FAULTS`], in the order of the lines.
pub fn read(bytes: &[u8], millis: u32) -> Result<Track, Vec<Fault>> {
    let one = |flaw, line| Err(vec![Fault { flaw, line }]);
    if bytes.len() > MOST_BYTES {
        return one(Flaw::TooLarge, 1);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            return one(Flaw::NotUtf8, number(before.iter().filter(|byte| **byte == b'\n').count() + 1));
        }
    };
    // A program of Windows puts a mark in front.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let is_vtt = lines.first().and_then(|first| first.strip_prefix("WEBVTT"));
    let is_vtt = is_vtt.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let mut reading = Reading { is_vtt, millis, cues: Vec::new(), faults: Vec::new() };
    let mut at = if is_vtt { head(&lines) } else { 0 };
    while at < lines.len() && reading.faults.len() < MOST_FAULTS {
        let end = lines.iter().skip(at).position(|line| is_blank(line)).map_or(lines.len(), |length| at + length);
        reading.block(at, lines.get(at..end).unwrap_or_default());
        at = end + 1;
        if reading.cues.len() > MOST_CUES {
            return one(Flaw::TooMany, number(at));
        }
    }
    match (reading.faults.is_empty(), reading.cues.is_empty()) {
        (true, true) => one(Flaw::Empty, 1),
        (true, false) => {
            let track = Track(reading.cues);
            // What is written takes a little more than what was read: it has to be readable again.
            if track.vtt().len() > MOST_BYTES { one(Flaw::TooLarge, 1) } else { Ok(track) }
        }
        (false, _) => Err(reading.faults),
    }
}

/// Where the head of a WebVTT file ends: with a blank line, or where the first caption stands without one.
fn head(lines: &[&str]) -> usize {
    let ends = |line: &&str| is_blank(line) || line.contains(ARROW);
    lines.iter().skip(1).position(ends).map_or(lines.len(), |place| place + 1)
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

struct Reading {
    is_vtt: bool,
    millis: u32,
    cues: Vec<Cue>,
    faults: Vec<Fault>,
}

impl Reading {
    /// What stands between two blank lines, from a line on (from 0).
    fn block(&mut self, at: usize, lines: &[&str]) {
        let Some(first) = lines.first() else { return };
        // Remarks, styles and places on the screen: none of them are words.
        let is_other = ["NOTE", "STYLE", "REGION"].iter().any(|name| {
            first.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':']))
        });
        if self.is_vtt && is_other && !first.contains(ARROW) {
            return;
        }
        // A caption may have a number or a name of its own, on the line before its times.
        let Some(place) = lines.iter().take(2).position(|line| line.contains(ARROW)) else {
            return self.fault(Flaw::NoTime, at);
        };
        let words = self.words(lines.get(place + 1..).unwrap_or_default());
        let at = at + place;
        let times = lines.get(place).and_then(|line| times(line));
        let Some((from, to)) = times else { return self.fault(Flaw::BadTime, at) };
        if words.is_empty() {
            return;
        }
        let to = if to > self.millis && to - self.millis <= ROUNDED && from < self.millis { self.millis } else { to };
        let flaw = match self.cues.last() {
            _ if from >= to => Some(Flaw::Backwards),
            _ if to > self.millis => Some(Flaw::Late),
            Some(last) if from < last.from => Some(Flaw::Disordered),
            _ => None,
        };
        if let Some(flaw) = flaw {
            return self.fault(flaw, at);
        }
        if words.iter().map(|line| line.chars().count()).sum::<usize>() > MOST_CHARACTERS {
            return self.fault(Flaw::TooLong, at);
        }
        self.cues.push(Cue { from, to, lines: words });
    }

    fn fault(&mut self, flaw: Flaw, at: usize) {
        self.faults.push(Fault { flaw, line: number(at + 1) });
    }

    /// The words alone. A tag may go over several lines, so all of them are looked at together.
    fn words(&self, lines: &[&str]) -> Vec<String> {
        let bare = untagged(&lines.join("\n"));
        let bare = if self.is_vtt { unescaped(&bare) } else { bare };
        let bare: String = bare.chars().filter_map(seen).collect();
        let lines = bare.split('\n').map(|line| untold(line).trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    }
}

/// The times of a caption. What stands behind them says where on the screen it is.
fn times(line: &str) -> Option<(u32, u32)> {
    let (from, rest) = line.split_once(ARROW)?;
    Some((time(from.trim())?, time(rest.split_whitespace().next()?)?))
}

/// `1:02:03.456`, `02:03.456`, or with a comma.
fn time(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once(['.', ','])?;
    let digits = |text: &str, least: usize, most: usize| -> Option<u32> {
        let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| fits)
    };
    let mut parts = whole.rsplit(':');
    let seconds = digits(parts.next()?, 2, 2).filter(|seconds| *seconds < 60)?;
    let minutes = digits(parts.next()?, 2, 2).filter(|minutes| *minutes < 60)?;
    let hours = parts.next().map_or(Some(0), |hours| digits(hours, 1, 3))?;
    let rest = digits(rest, 3, 3)?;
    parts.next().is_none().then(|| ((hours * 60 + minutes) * 60 + seconds) * 1_000 + rest)
}

/// Without tags. Who speaks (`<v Ana>`) is said in words: it is what somebody who hears nothing would miss.
fn untagged(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, inner)) = rest.split_once('<') {
        out += before;
        let opens = inner.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '/');
        // What is opened twice is no tag: no word is lost with it.
        let end = inner.find(['<', '>']).filter(|end| opens && inner[*end..].starts_with('>'));
        let Some(end) = end else {
            out.push('<');
            rest = inner;
            continue;
        };
        let (name, behind) = inner.split_at(end);
        let voice = name.strip_prefix('v').and_then(|rest| rest.split_once([' ', '\t', '\n']));
        let who = voice.filter(|(kind, _)| kind.is_empty() || kind.starts_with('.')).map_or("", |(_, who)| who.trim());
        if !who.is_empty() {
            out += who;
            out += ": ";
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    out + rest
}

/// What stands for a sign, in WebVTT.
fn unescaped(text: &str) -> String {
    let names =
        [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", "\u{200E}"), ("&rlm;", "\u{200F}"), ("&amp;", "&")];
    // The last one last: what it makes is not read again.
    names.into_iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

/// A sign as it is kept. `<` and `>` become others that look like them: SubRip has no way to write them that is not a tag.
fn seen(sign: char) -> Option<char> {
    match sign {
        '<' => Some('‹'),
        '>' => Some('›'),
        '\n' => Some('\n'),
        '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        // What turns the direction of the text, and marks of the order of bytes.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        sign if sign.is_control() => None,
        sign => Some(sign),
    }
}

/// Without what another format, whose files are called the same, says of places (`{\an8}`). Nothing of the kind is left, nor
/// made by what is left.
fn untold(line: &str) -> String {
    let last = line.rfind('}');
    let mut out = String::new();
    let mut signs = line.char_indices();
    while let Some((at, sign)) = signs.next() {
        if sign != '\\' || !out.ends_with('{') {
            out.push(sign);
        } else if last.is_some_and(|last| at < last) {
            out.pop();
            signs.by_ref().find(|(_, sign)| *sign == '}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u32 = 60_000;

    fn words(text: &str) -> Vec<String> {
        let track = read(text.as_bytes(), MINUTE).unwrap_or_else(|faults| panic!("{faults:?}: {text}"));
        track.cues().iter().map(|cue| cue.lines.join("|")).collect()
    }

    fn faults(text: &str) -> Vec<(Flaw, u32)> {
        read(text.as_bytes(), MINUTE).unwrap_err().into_iter().map(|fault| (fault.flaw, fault.line)).collect()
    }

    #[test]
    fn a_file_is_read_as_programs_write_it() {
        let srt = "\u{FEFF}1\r\n00:00:01,000 --> 00:00:02,500\r\n¡Buenos días!\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000 X1:0\r\nÁrbol\r\nÑu\r\n";
        assert_eq!(words(srt), ["¡Buenos días!", "Árbol|Ñu"]);
        let vtt = "WEBVTT - Pleno\nKind: captions\n\nNOTE de la casa\nnada\n\nSTYLE\n::cue { background: url(https://evil.example) }\n\nintro\n00:01.000 --> 00:02.000 align:start position:0%\nHola\n\n01:00:00.000 --> 01:00:01.000\n<i></i>\n";
        assert_eq!(words(vtt), ["Hola"], "a caption without words is none");
        assert_eq!(words("WEBVTT\n00:01.000 --> 00:02.000\nSin línea en blanco"), ["Sin línea en blanco"]);
        assert_eq!(words("00:00:01,000 --> 00:00:02,000\nSin número"), ["Sin número"]);
    }

    #[test]
    fn words_stay_and_tags_do_not() {
        let of = |text: &str| words(&format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{text}")).concat();
        assert_eq!(of("<b>Hola</b> <c.rojo>a</c> <00:01.500>todos"), "Hola a todos");
        assert_eq!(of("<script>alert(1)</script>"), "alert(1)");
        assert_eq!(of("<font color=\"red\">Aviso</font>"), "Aviso");
        assert_eq!(of("<v Alcaldesa>Se abre la sesión"), "Alcaldesa: Se abre la sesión");
        assert_eq!(of("<v.grave  Ana María >Sí"), "Ana María: Sí");
        assert_eq!(of("3 &lt; 4 &amp;lt; 5 > 2"), "3 ‹ 4 &lt; 5 › 2");
        assert_eq!(of("&lt;script&gt;x"), "‹script›x");
        assert_eq!(of("{\\an8}Arriba {no tanto}"), "Arriba {no tanto}");
        assert_eq!(of("a\u{202E}b\u{0}c\u{7}d"), "abcd");
        assert_eq!(
            words("1\n00:00:01,000 --> 00:00:02,000\nPan &amp; vino"),
            ["Pan &amp; vino"],
            "SubRip has no names"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(faults(""), [(Flaw::Empty, 1)]);
        assert_eq!(faults("WEBVTT\n\n"), [(Flaw::Empty, 1)]);
        assert_eq!(faults("<html><body>no</body></html>"), [(Flaw::NoTime, 1)]);
        let of = |times: &str| faults(&format!("1\n{times}\nHola"));
        assert_eq!(of("00:00:02,000 --> 00:00:01,000"), [(Flaw::Backwards, 2)]);
        assert_eq!(of("00:00:02,000 --> 00:00:02,000"), [(Flaw::Backwards, 2)]);
        assert_eq!(of("00:00:59,000 --> 00:01:01,001"), [(Flaw::Late, 2)]);
        assert_eq!(of("00:01:00,000 --> 00:01:01,000"), [(Flaw::Late, 2)]);
        for odd in
            ["0:60,000 --> 1:00,000", "00:00:01 --> 00:00:02", "a --> b", "00:00:01,0000 --> 00:00:02,000", "-->"]
        {
            assert_eq!(of(odd), [(Flaw::BadTime, 2)], "{odd}");
        }
        let long = "a".repeat(MOST_CHARACTERS + 1);
        assert_eq!(faults(&format!("00:01.000 --> 00:02.000\n{long}")), [(Flaw::TooLong, 1)]);
        let several = "1\n00:00:05,000 --> 00:00:06,000\nA\n\nsuelto\n\n3\n00:00:01,000 --> 00:00:02,000\nB";
        assert_eq!(faults(several), [(Flaw::NoTime, 5), (Flaw::Disordered, 8)]);
        assert_eq!(faults(&"suelto\n\n".repeat(MOST_FAULTS + 5)).len(), MOST_FAULTS);
    }

    #[test]
    fn another_way_to_write_accents_is_named_and_not_guessed() {
        let latin = b"1\n00:00:01,000 --> 00:00:02,000\nMa\xF1ana\n";
        assert_eq!(read(latin, MINUTE), Err(vec![Fault { flaw: Flaw::NotUtf8, line: 3 }]));
        let wide = b"\xFF\xFE1\0\n\0";
        assert_eq!(read(wide, MINUTE), Err(vec![Fault { flaw: Flaw::NotUtf8, line: 1 }]));
    }

    #[test]
    fn exactly_the_limit_is_taken_and_one_more_is_not() {
        let rounded = "00:59.000 --> 01:01.000\nFin";
        assert_eq!(read(rounded.as_bytes(), MINUTE).unwrap().until(), MINUTE, "cut off at the end of the video");
        let many = |count: usize| "00:01.000 --> 00:02.000\na\n\n".repeat(count);
        assert_eq!(read(many(MOST_CUES).as_bytes(), MINUTE).unwrap().cues().len(), MOST_CUES);
        assert_eq!(faults(&many(MOST_CUES + 1))[0].0, Flaw::TooMany);
        let padded = |bytes: usize| format!("{rounded}{}", "\n".repeat(bytes - rounded.len()));
        assert!(read(padded(MOST_BYTES).as_bytes(), MINUTE).is_ok());
        assert_eq!(faults(&padded(MOST_BYTES + 1)), [(Flaw::TooLarge, 1)]);
    }
}
