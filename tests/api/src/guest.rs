//! Somebody outside with a link: a browser without script that keeps its cookies, reads its mail, and fills in the forms
//! that are on the page, and only those.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Raw, Town, here, send, url};

/// A browser with one link open.
pub struct Guest<'a> {
    town: &'a Town,
    /// The address in the mail.
    pub mailbox: String,
    /// The path of the link.
    pub link: String,
    /// What the engine gave it to keep.
    pub cookies: BTreeMap<String, String>,
}

impl<'a> Guest<'a> {
    /// Opens the newest link that an address was sent.
    ///
    /// # Panics
    /// When it was sent none.
    pub fn of(town: &'a Town, mailbox: &str) -> Self {
        let link = Self::links(town, mailbox).into_iter().next().unwrap_or_else(|| panic!("{mailbox} has no link"));
        Self { town, mailbox: mailbox.to_owned(), link, cookies: BTreeMap::new() }
    }

    /// Every link that an address was sent, newest first.
    pub fn links(town: &Town, mailbox: &str) -> Vec<String> {
        let mails = town.mails(mailbox).into_iter();
        let lines = mails.flat_map(|mail| mail.text.lines().map(str::to_owned).collect::<Vec<_>>());
        lines.filter_map(|line| Some(format!("/review/{}", line.split_once("/review/")?.1.trim()))).collect()
    }

    /// The last code that the address was sent.
    ///
    /// # Panics
    /// When it was sent none.
    pub fn code(&self) -> String {
        let mails = self.town.mails(&self.mailbox).into_iter();
        let found = mails.filter_map(|mail| {
            let digits = mail.text.split_whitespace().find(|word| word.len() == 8 && word.parse::<u32>().is_ok())?;
            Some(digits.to_owned())
        });
        let code = found.take(1).next().unwrap_or_else(|| panic!("{} has no code", self.mailbox));
        crate::secrets::keep(&code);
        code
    }

    /// How many codes it was sent.
    pub fn codes(&self) -> usize {
        let is_code = |text: &str| text.split_whitespace().any(|word| word.len() == 8 && word.parse::<u32>().is_ok());
        self.town.mails(&self.mailbox).iter().filter(|mail| is_code(&mail.text)).count()
    }

    /// Loads a page of the link.
    pub fn get(&self, page: &str) -> Raw {
        self.request("GET", page, &[], "")
    }

    /// Any request, with these headers besides.
    pub fn request(&self, verb: &str, page: &str, more: &[(&str, &str)], body: &str) -> Raw {
        self.town.enter();
        let path = if page.is_empty() { self.link.clone() } else { format!("{}/{page}", self.link) };
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("cookie", cookies.as_str()), ("cf-connecting-ip", here())];
        headers.extend(more);
        send(verb, &path, &headers, body.as_bytes())
    }

    /// Fills in the form on `from` that goes to `to`, and follows where it leads. Answers the page at the end.
    ///
    /// # Panics
    /// When there is no such form.
    pub fn submit(&mut self, from: &str, to: &str, fields: &[(&str, &str)]) -> Raw {
        let page = self.get(from).text();
        let csrf = csrf_of(&page, to).unwrap_or_else(|| panic!("no form to {to} on «{from}»: {page}"));
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        let answer = self.post(to, &fields);
        if answer.status == 303 { self.follow(&answer) } else { answer }
    }

    /// Posts a form, from this very site.
    pub fn post(&mut self, to: &str, fields: &[(&str, &str)]) -> Raw {
        self.town.enter();
        let form = [("origin", url()), ("content-type", "application/x-www-form-urlencoded")];
        let answer = self.request("POST", to, &form, &encoded(fields));
        self.keep(&answer);
        answer
    }

    /// Loads what an answer leads to.
    pub fn follow(&self, answer: &Raw) -> Raw {
        let to = answer.header("location").to_owned();
        let page = to.strip_prefix(&self.link).unwrap_or_else(|| panic!("it leads away, to {to}"));
        self.get(page.trim_start_matches('/'))
    }

    fn keep(&mut self, answer: &Raw) {
        for cookie in answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            assert!(cookie.contains("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
            assert!(name.starts_with("__Host-pregon-review-"), "{cookie}");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Asks for the code, and comes in with it. Answers what is there.
    pub fn enter(&mut self) -> Raw {
        self.submit("", "code", &[]);
        let code = self.code();
        self.submit("code", "open", &[("code", &code)])
    }

    /// Chooses, and is asked for the code. Answers that page.
    pub fn choose(&mut self, choice: &str, comment: &str) -> Raw {
        self.submit("", "decision", &[("choice", choice), ("comment", comment)])
    }

    /// Decides, from choosing to the page that says so.
    pub fn decide(&mut self, choice: &str, comment: &str) -> Raw {
        self.choose(choice, comment);
        let code = self.code();
        self.submit("decision", "confirmation", &[("code", &code)])
    }

    /// The receipt, as it is downloaded.
    ///
    /// # Panics
    /// When it is none.
    pub fn receipt(&self) -> Value {
        let answer = self.get("receipt");
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
        assert!(answer.header("content-disposition").starts_with("attachment"));
        serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("no receipt: {error}"))
    }
}

/// The secret of the form that goes to a page.
pub fn csrf_of(page: &str, to: &str) -> Option<String> {
    let form = page.split("<form").find(|form| form.contains(&format!("/{to}\"")))?;
    let (_, rest) = form.split_once("name=\"csrf\" value=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

/// Fields as a form sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}
