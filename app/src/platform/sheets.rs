//! Files of spreadsheets as text. Separate because what letters they are written in is the browser's to know: half of the
//! town halls' programs still write Windows-1252, and say so nowhere.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, TextDecoder, TextDecoderOptions};

/// The bytes of a file, unless there are more than so many.
pub async fn bytes(file: &File, most: usize) -> Option<Vec<u8>> {
    if file.size() > most as f64 {
        return None;
    }
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// The text: in Unicode if all of it is, else in the letters of Western Europe, in which every byte is one.
pub fn decoded(bytes: &[u8]) -> String {
    let unicode = match bytes {
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        _ => "utf-8",
    };
    [unicode, "windows-1252"].into_iter().find_map(|letters| read(letters, bytes)).unwrap_or_default()
}

fn read(letters: &str, bytes: &[u8]) -> Option<String> {
    let options = TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = TextDecoder::new_with_label_and_options(letters, &options).ok()?;
    decoder.decode_with_buffer_source(&Uint8Array::from(bytes)).ok()
}
