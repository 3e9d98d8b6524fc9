//! Somebody else's web server on this machine, that says what it is told to: a calendar, pages, a no, a way on, an answer without
//! end.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// What it says to whoever asks for anything.
#[derive(Debug, Clone)]
pub enum Says {
    /// A text, and what it calls that: who names it again is told that nothing changed.
    Text(String, Option<String>),
    /// What stands at each path, with its type; elsewhere is nothing.
    Pages(Vec<(&'static str, &'static str, Vec<u8>)>),
    /// Only a status.
    Status(u16),
    /// That it is elsewhere.
    SendsOn(String),
    /// More and more, as fast as it is taken.
    Floods,
    /// A little now and then, and no end.
    Drips,
}

#[derive(Debug)]
struct State {
    says: Says,
    /// What each request named as known, the oldest first; empty where it named nothing.
    known: Vec<String>,
}

/// The server.
#[derive(Clone)]
pub struct Elsewhere {
    origin: String,
    state: Arc<Mutex<State>>,
}

impl Elsewhere {
    /// Starts one that says this; it lives as long as the process.
    pub fn saying(says: Says) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap_or_else(|error| panic!("no port: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("no address: {error}"));
        let state = Arc::new(Mutex::new(State { says, known: Vec::new() }));
        let server = Self { origin: format!("http://{address}"), state };
        let own = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                // Each by itself: one that never ends keeps no other waiting.
                thread::spawn(move || own.serve(stream));
            }
        });
        server
    }

    /// An address of it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// From now on it says this.
    pub fn say(&self, says: Says) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).says = says;
    }

    /// What each request named as known.
    pub fn known(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).known.clone()
    }

    /// Whoever goes away in the middle has heard enough.
    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let (mut known, mut line) = (String::new(), String::new());
        reader.read_line(&mut line).ok()?;
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        line.clear();
        while reader.read_line(&mut line).ok()? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("if-none-match")
            {
                known = value.trim().to_owned();
            }
            line.clear();
        }
        let mut stream = reader.into_inner();
        let says = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.known.push(known.clone());
            state.says.clone()
        };
        let head = |status: u16, more: &str| format!("HTTP/1.1 {status} Said\r\nconnection: close\r\n{more}\r\n");
        let none = "content-length: 0\r\n";
        match says {
            Says::Text(_, Some(tag)) if tag == known => write!(stream, "{}", head(304, "")).ok(),
            Says::Text(text, tag) => {
                let tag = tag.map(|tag| format!("etag: {tag}\r\n")).unwrap_or_default();
                let more = format!("content-type: text/calendar\r\ncontent-length: {}\r\n{tag}", text.len());
                write!(stream, "{}{text}", head(200, &more)).ok()
            }
            Says::Pages(pages) => match pages.iter().find(|(at, ..)| *at == path) {
                Some((_, mime, body)) => {
                    let more = format!("content-type: {mime}\r\ncontent-length: {}\r\n", body.len());
                    write!(stream, "{}", head(200, &more)).ok()?;
                    stream.write_all(body).ok()
                }
                None => write!(stream, "{}", head(404, none)).ok(),
            },
            Says::Status(status) => write!(stream, "{}", head(status, none)).ok(),
            Says::SendsOn(to) => write!(stream, "{}", head(302, &format!("location: {to}\r\n{none}"))).ok(),
            Says::Floods => {
                write!(stream, "{}BEGIN:VCALENDAR\r\n", head(200, "")).ok()?;
                loop {
                    stream.write_all(&[b'x'; 65_536]).ok()?;
                }
            }
            Says::Drips => {
                write!(stream, "{}BEGIN:VCALENDAR\r\n", head(200, "")).ok()?;
                loop {
                    thread::sleep(Duration::from_millis(200));
                    stream.write_all(b"X-NOTHING:\r\n").ok()?;
                }
            }
        }
    }
}
