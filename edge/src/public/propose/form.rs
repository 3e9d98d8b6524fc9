//! A form with a file, as a browser without a script sends it (RFC 7578). The file is its last field: its bytes, megabytes,
//! are taken as they lie, and nobody looks through them for where it ends.

use std::collections::HashMap;

/// What stands before the bytes of a part, at most.
const MOST_HEAD: usize = 2_000;
/// A field of words, at most.
const MOST_FIELD: usize = 16_000;

/// A form that was taken apart.
#[derive(Debug, PartialEq)]
pub struct Form<'a> {
    fields: HashMap<String, String>,
    /// The file; nothing where none was chosen.
    pub file: Option<&'a [u8]>,
}

impl<'a> Form<'a> {
    /// A field, empty where there is none.
    pub fn field(&self, name: &str) -> String {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    /// Takes one apart; nothing where it is none of ours. Of one whose end was cut off, what stands before its file.
    pub fn read(kind: &str, body: &'a [u8], cut: bool) -> Option<Self> {
        let boundary = kind.strip_prefix("multipart/form-data")?.split("boundary=").nth(1)?;
        let boundary = boundary.split(';').next()?.trim().trim_matches('"');
        if boundary.is_empty() || boundary.len() > 100 {
            return None;
        }
        let line = ["--", boundary].concat();
        let between = ["\r\n", &line].concat();
        let mut form = Form { fields: HashMap::new(), file: None };
        let mut rest = body.strip_prefix(line.as_bytes())?;
        // Four fields and the file; whoever sends more did not come from the page.
        for _ in 0..8 {
            if rest.starts_with(b"--") {
                return Some(form);
            }
            rest = rest.strip_prefix(b"\r\n")?;
            let end = find(rest.get(..MOST_HEAD.min(rest.len()))?, b"\r\n\r\n")?;
            let head = str::from_utf8(rest.get(..end)?).ok()?;
            rest = rest.get(end + 4..)?;
            let name = quoted(head, " name=\"")?;
            if quoted(head, "filename=\"").is_some() {
                if cut {
                    return Some(form);
                }
                let end = [&between, "--"].concat();
                let file = rest.strip_suffix(b"\r\n").unwrap_or(rest).strip_suffix(end.as_bytes())?;
                form.file = Some(file).filter(|file| !file.is_empty());
                return Some(form);
            }
            let end = find(rest.get(..MOST_FIELD.min(rest.len()))?, between.as_bytes())?;
            form.fields.insert(name.to_owned(), String::from_utf8(rest.get(..end)?.to_vec()).ok()?);
            rest = rest.get(end + between.len()..)?;
        }
        None
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn quoted<'a>(head: &'a str, mark: &str) -> Option<&'a str> {
    head.split_once(mark)?.1.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=----b0";

    fn part(head: &str, value: &str) -> String {
        format!("------b0\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
    }

    fn whole(parts: &[String]) -> Vec<u8> {
        [parts.concat().as_bytes(), b"------b0--\r\n"].concat()
    }

    #[test]
    fn words_and_a_file_are_told_apart_and_the_file_is_taken_as_it_lies() {
        let photo = "a\r\n------b\r\nb\u{0}";
        let body = whole(&[
            part("name=\"line\"", "Una línea.\r\nY otra."),
            part("name=\"name\"", ""),
            part("name=\"photo\"; filename=\"f.jpg\"\r\nContent-Type: image/jpeg", photo),
        ]);
        let form = Form::read(KIND, &body, false).unwrap();
        assert_eq!(form.field("line"), "Una línea.\r\nY otra.");
        assert_eq!((form.field("name"), form.field("email")), (String::new(), String::new()));
        assert_eq!(form.file, Some(photo.as_bytes()));
        // Of one that is too large, what was typed is kept.
        let form = Form::read(KIND, &body[..body.len() - 20], true).unwrap();
        assert_eq!((form.field("line").as_str(), form.file), ("Una línea.\r\nY otra.", None));
    }

    #[test]
    fn where_no_file_was_chosen_there_is_none() {
        let body = whole(&[part("name=\"line\"", "Una"), part("name=\"photo\"; filename=\"\"", "")]);
        assert_eq!(Form::read("multipart/form-data; boundary=\"----b0\"", &body, false).unwrap().file, None);
        let bare = whole(&[part("name=\"line\"", "Una")]);
        assert_eq!(Form::read(KIND, &bare, false).unwrap().field("line"), "Una");
    }

    #[test]
    fn what_is_cut_or_no_form_is_none() {
        let body = whole(&[part("name=\"line\"", "Una"), part("name=\"photo\"; filename=\"f\"", "abc")]);
        for length in 0..body.len() - 2 {
            assert_eq!(Form::read(KIND, &body[..length], false), None, "{length}");
        }
        for kind in ["text/plain", "multipart/form-data", "multipart/form-data; boundary="] {
            assert_eq!(Form::read(kind, &body, false), None, "{kind}");
        }
        let many: Vec<String> = (0..9).map(|n| part(&format!("name=\"n{n}\""), "")).collect();
        assert_eq!(Form::read(KIND, &whole(&many), false), None);
    }
}
