//! Comma-separated values as RFC 4180 writes them, with the mark that tells a spreadsheet that it is UTF-8.
//! Separate because a cell that a spreadsheet would run as a formula must be disarmed in every file that we hand out, by the
//! engine or by the desk.

/// What a file begins with.
pub const BEGINNING: &str = "\u{feff}";

/// A file of these lines.
pub fn file(lines: &[Vec<String>]) -> String {
    lines.iter().fold(BEGINNING.to_owned(), |file, cells| file + &line(cells))
}

/// A line, with its end.
pub fn line(cells: &[String]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell. What begins as a formula does is preceded by an apostrophe, which spreadsheets take as "this is text"; spaces
/// before it do not hide it.
///
/// Where a comma stands in numbers, spreadsheets part a line at semicolons, and where one is told so, at tabs: within a cell too, for
/// they heed quotation marks only where a cell of theirs begins. So what comes behind one is disarmed as well.
fn cell(text: &str) -> String {
    let mut disarmed = String::with_capacity(text.len() + 1);
    for (place, piece) in text.split_inclusive([';', '\t']).enumerate() {
        let is_armed = if place == 0 {
            let begins = piece.trim_start_matches([' ', '\u{a0}']).chars().next().or(piece.chars().next());
            begins.is_some_and(|first| is_formula(first) || matches!(first, '\t' | '\r' | '\n'))
        } else {
            piece.trim_start_matches([' ', '\u{a0}', '"']).starts_with(is_formula)
        };
        if is_armed {
            disarmed.push('\'');
        }
        disarmed.push_str(piece);
    }
    if disarmed.contains(['"', ',', '\r', '\n', ';', '\t']) {
        format!("\"{}\"", disarmed.replace('"', "\"\""))
    } else {
        disarmed
    }
}

fn is_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_out_of_its_place() {
        for (text, written) in [
            ("La alcaldesa", "La alcaldesa"),
            ("=1+1", "'=1+1"),
            ("+34", "'+34"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\t=1", "\"'\t'=1\""),
            ("a;=1+1;b", "\"a;'=1+1;b\""),
            ("a; \"=A1&\"", "\"a;' \"\"=A1&\"\"\""),
            ("a\t-2", "\"a\t'-2\""),
            ("uno;\n- dos", "\"uno;\n- dos\""),
            ("a,b", "\"a,b\""),
            ("la \"jefa\"", "\"la \"\"jefa\"\"\""),
            ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
            ("dos\nlíneas", "\"dos\nlíneas\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
        let file = file(&[vec!["a".to_owned(), "b".to_owned()], vec!["1".to_owned(), "2".to_owned()]]);
        assert_eq!(file, "\u{feff}a,b\r\n1,2\r\n");
    }
}
