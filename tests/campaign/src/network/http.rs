//! As much of HTTP/1.1 as a misbehaving server needs: one request a connection, and full control of how it ends.
//! Separate because a real server library would be too well-behaved.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The query as it came.
    pub query: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads one.
    pub fn read(stream: &TcpStream) -> Result<Self> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new(stream);
        let first = line(&mut reader)?;
        let mut words = first.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().context("no target")?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (path, query) = (path.to_owned(), query.to_owned());
        let mut headers = Vec::new();
        loop {
            let line = line(&mut reader)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("no header")?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self { method, path, query, headers, body: Vec::new() };
        if request.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            loop {
                let size = usize::from_str_radix(line(&mut reader)?.trim(), 16)?;
                let start = request.body.len();
                request.body.resize(start + size, 0);
                reader.read_exact(&mut request.body[start..])?;
                line(&mut reader)?;
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = request.header("content-length") {
            request.body = vec![0; length.parse()?];
            reader.read_exact(&mut request.body)?;
        }
        Ok(request)
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(named, _)| named == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A value of the query. Ours have nothing to unescape but colons.
    pub fn asked(&self, name: &str) -> String {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(named, _)| *named == name).map(|(_, value)| value.replace("%3A", ":")).next().unwrap_or_default()
    }
}

impl Request {
    /// A field of a form; empty if there is none.
    pub fn field(&self, name: &str) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(named, _)| *named == name).map(|(_, value)| unescaped(value)).unwrap_or_default()
    }
}

impl Request {
    /// A field of a form with files; empty if there is none.
    pub fn part(&self, name: &str) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let behind = body.split_once(&format!("name=\"{name}\"")).and_then(|(_, behind)| behind.split_once("\r\n\r\n"));
        // Its text ends where the line of the next boundary begins.
        behind.and_then(|(_, text)| text.split_once("\r\n--")).map(|(text, _)| text.to_owned()).unwrap_or_default()
    }
}

fn unescaped(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).unwrap_or(b'?')
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        bail!("the connection ended");
    }
    Ok(line.trim_end().to_owned())
}

/// Answers.
pub fn answer(mut stream: &TcpStream, status: u16, headers: &[(&str, String)], body: &str) -> Result<()> {
    let mut head = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    head.push_str("content-type: application/json\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    stream.flush()?;
    let _ = stream.shutdown(Shutdown::Write);
    Ok(())
}

/// Breaks an answer off in the middle of its body.
pub fn break_off(mut stream: &TcpStream) -> Result<()> {
    stream.write_all(b"HTTP/1.1 200 Said\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"id\":")?;
    stream.flush()?;
    let _ = stream.shutdown(Shutdown::Both);
    Ok(())
}

/// Ends a connection without a word.
pub fn drop_it(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Both);
}
