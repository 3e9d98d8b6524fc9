//! A zip of many files that the browser keeps, not we: written from parts that it may lay on its disk, read a file at a time. Separate
//! from what fits into memory (`hand`): a copy of an organisation has all its pictures.

use domain::copy::{
    Sum,
    archive::{Entry, HEAD, Writer, before, directory, listing, tail},
};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// A file of a bundle while it is written.
#[derive(Default)]
pub struct Filling {
    parts: Array,
    /// What is reckoned of it so far.
    pub sum: Sum,
}

impl Filling {
    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.sum.take(text.as_bytes());
        self.parts.push(&JsValue::from_str(text));
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.sum.take(bytes);
        self.parts.push(&Uint8Array::from(bytes));
    }
}

/// A bundle while it is written.
#[derive(Default)]
pub struct Writing {
    parts: Array,
    writer: Writer,
}

impl Writing {
    /// Adds a file; nothing where the browser has no room for it.
    pub fn add(&mut self, name: &str, file: &Filling) -> Option<()> {
        let head = self.writer.entry(name, file.sum.checksum(), file.sum.bytes())?;
        self.parts.push(&Uint8Array::from(head.as_slice()));
        // One piece of the browser's own, which it may lay on its disk: the texts and bytes are let go.
        self.parts.push(&Blob::new_with_str_sequence(&file.parts).ok()?.into());
        Some(())
    }

    /// The bundle.
    pub fn end(self) -> Option<Blob> {
        self.parts.push(&Uint8Array::from(self.writer.end().as_slice()));
        Blob::new_with_str_sequence(&self.parts).ok()
    }
}

/// A bundle that is read.
#[derive(Debug, Clone)]
pub struct Reading {
    blob: Blob,
    /// Its files.
    pub entries: Vec<Entry>,
}

impl Reading {
    /// Reads what is in it; nothing where it is none.
    pub async fn open(blob: Blob) -> Option<Self> {
        let length = blob.size() as u64;
        let end = stretch(&blob, tail(length), length).await?;
        let found = directory(&end, length)?;
        let entries = listing(&stretch(&blob, found.start, found.end).await?)?;
        Some(Self { blob, entries })
    }

    /// The file of a name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The bytes of a file.
    pub async fn read(&self, entry: &Entry) -> Option<Vec<u8>> {
        let head = stretch(&self.blob, entry.at, entry.at.checked_add(HEAD)?).await?;
        let from = entry.at.checked_add(before(&head)?)?;
        stretch(&self.blob, from, from.checked_add(entry.bytes)?).await
    }
}

/// So many bytes, and not fewer.
async fn stretch(blob: &Blob, from: u64, to: u64) -> Option<Vec<u8>> {
    let piece = blob.slice_with_f64_and_f64(from as f64, to as f64).ok()?;
    let buffer = JsFuture::from(piece.array_buffer()).await.ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    (bytes.len() as u64 == to - from).then_some(bytes)
}
