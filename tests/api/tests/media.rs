//! Pictures: stored once, inspected, stripped of what is hidden; what is none is refused.

use std::collections::BTreeMap;

use api_journeys::{Member, Raw, Town, send, url};
use domain::{Language, Picture, Refusal, delivery::PublicationState};
use wire::{Method, media::Stored, posts};

/// A whole PNG of one colour, made by hand: stored (uncompressed) deflate blocks need no library.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let shade = (width * 31 + height * 17) as u8;
    let row = [vec![0], vec![shade; 3 * width as usize]].concat();
    let pixels = row.repeat(height as usize);
    let length = u16::try_from(pixels.len()).expect("a small picture");
    let mut data = vec![0x78, 0x01, 0x01];
    data.extend(length.to_le_bytes());
    data.extend((!length).to_le_bytes());
    data.extend(&pixels);
    data.extend(adler(&pixels).to_be_bytes());
    for (name, body) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        chunk(&mut png, name, &body);
    }
    png
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    png.extend((body.len() as u32).to_be_bytes());
    let from = png.len();
    png.extend(name);
    png.extend(body);
    let sum = crc(&png[from..]);
    png.extend(sum.to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(!0_u32, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

fn adler(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    (b << 16) | a
}

/// A whole JPEG of one grey, made by hand: with tables in which every block is two bits, it needs no library. `shade` makes it
/// another file.
pub fn jpeg(width: u16, height: u16, shade: u8) -> Vec<u8> {
    let mut jpeg = vec![0xff, 0xd8];
    let mut segment = |marker: u8, body: &[u8]| {
        jpeg.extend([0xff, marker]);
        jpeg.extend((body.len() as u16 + 2).to_be_bytes());
        jpeg.extend(body);
    };
    segment(0xdb, &[[0].as_slice(), &[shade.max(1); 64]].concat());
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    segment(0xc0, &[[8].as_slice(), &size, &[1, 1, 0x11, 0]].concat());
    // One code of one bit for each table: no difference, and nothing else in the block.
    let mut table = vec![0; 18];
    table[1] = 1;
    segment(0xc4, &table);
    table[0] = 0x10;
    segment(0xc4, &table);
    segment(0xda, &[1, 1, 0, 0, 63, 0]);
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    jpeg.extend(vec![0; (blocks * 2).div_ceil(8)]);
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

/// Sends bytes as a picture.
pub fn send_picture(member: &Member, mime: &str, hash: Option<&str>, bytes: &[u8]) -> Raw {
    let cookie = format!("__Host-pregon={}", member.session);
    let mut headers = vec![
        ("origin", url()),
        ("x-pregon", "1"),
        ("cookie", &cookie),
        ("content-type", mime),
        ("x-pregon-name", "cartel.png"),
    ];
    if let Some(hash) = hash {
        headers.push(("x-pregon-sha256", hash));
    }
    send("POST", "/api/media", &headers, bytes)
}

/// Stores a PNG.
pub fn stored(member: &Member, bytes: &[u8]) -> Stored {
    send_picture(member, "image/png", None, bytes).read("storing").unwrap()
}

/// Stores a JPEG.
pub fn stored_jpeg(member: &Member, bytes: &[u8]) -> Stored {
    send_picture(member, "image/jpeg", None, bytes).read("storing").unwrap()
}

/// A stored picture as it stands in a content.
pub fn picture(stored: &Stored, alt: &str) -> Picture {
    Picture {
        media: stored.id.clone(),
        hash: stored.hash.clone(),
        mime: stored.mime,
        bytes: stored.bytes,
        width: stored.width,
        height: stored.height,
        file_name: "cartel.png".to_owned(),
        alt: BTreeMap::from([(Language::spanish(), alt.to_owned())]),
        focus: None,
    }
}

fn refused(raw: &Raw) -> Refusal {
    raw.read::<Stored>("storing").unwrap_err().into()
}

#[test]
fn a_picture_is_stored_once_and_shown_again_without_rights() {
    let town = Town::found("Villa de la Foto");
    let author = town.author();
    let bytes = png(8, 5);
    let first = stored(&author, &bytes);
    assert_eq!((first.width, first.height, first.bytes as usize, first.stripped), (8, 5, bytes.len(), false));
    assert_eq!(first.hash, domain::record::sha256_hex(&bytes));
    let again: Stored = send_picture(&author, "image/png", Some(&first.hash), &bytes).read("again").unwrap();
    assert_eq!(again.id, first.id);

    let shown = author.raw(Method::Get, &format!("/api/media/{}", first.id), b"");
    assert_eq!((shown.status, shown.body), (200, bytes));
    assert_eq!(shown.headers["content-type"], "image/png");
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");
    assert_eq!(shown.headers["content-security-policy"], "default-src 'none'; sandbox");
    let cookie = format!("__Host-pregon={}", author.session);
    let tag = shown.headers["etag"].to_str().unwrap();
    let fresh = send("GET", &format!("/api/media/{}", first.id), &[("cookie", &cookie), ("if-none-match", tag)], b"");
    assert_eq!((fresh.status, fresh.body.len()), (304, 0));
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_calls_itself() {
    let town = Town::found("Villa de los Disfraces");
    let author = town.author();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let html = b"<!doctype html><script>alert(1)</script>";
    let cut = &png(8, 8)[..40];
    for (mime, bytes) in
        [("image/svg+xml", &svg[..]), ("image/png", svg), ("image/png", html), ("image/png", cut), ("image/png", b"")]
    {
        assert_eq!(refused(&send_picture(&author, mime, None, bytes)), Refusal::NotAPicture, "{mime}");
    }
    assert_eq!(
        refused(&send_picture(&author, "image/jpeg", None, &png(2, 2))),
        Refusal::NotAPicture,
        "a PNG that says JPEG"
    );
    let other = domain::record::sha256_hex(b"other bytes");
    assert!(matches!(
        refused(&send_picture(&author, "image/png", Some(&other), &png(2, 3))),
        Refusal::Malformed { .. }
    ));
    assert!(matches!(refused(&send_picture(&author, "image/png", Some("zz"), &png(2, 3))), Refusal::Malformed { .. }));
}

#[test]
fn a_bomb_is_refused_by_what_its_header_declares() {
    let town = Town::found("Villa de la Bomba");
    let author = town.author();
    let mut bomb = png(2, 2);
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let sum = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(
        refused(&send_picture(&author, "image/png", None, &bomb)),
        Refusal::TooManyPixels { limit: wire::media::MOST_PIXELS, pixels: 1 << 32 }
    );
    let heavy = send_picture(&author, "image/png", None, &vec![0; 10_000_001]);
    assert_eq!(heavy.status, 413);
}

#[test]
fn hidden_words_in_a_picture_are_left_out_and_it_is_said() {
    let town = Town::found("Villa Discreta");
    let author = town.author();
    let clean = png(6, 4);
    let mut telling = clean[..33].to_vec();
    chunk(&mut telling, b"tEXt", b"Comment\0calle del Pozo 3");
    telling.extend(&clean[33..]);
    let kept: Stored = send_picture(&author, "image/png", None, &telling).read("storing").unwrap();
    assert!(kept.stripped);
    let shown = author.raw(Method::Get, &format!("/api/media/{}", kept.id), b"");
    assert!(!shown.text().contains("calle del Pozo"));
    assert_eq!(kept.hash, domain::record::sha256_hex(&shown.body));
}

#[test]
fn a_picture_goes_out_with_its_alt_text_and_not_without() {
    let town = Town::found("Villa con Alternativa");
    let (author, mayor) = (town.author(), town.mayor());
    let cartel = stored(&author, &png(12, 9));
    let mut content = town.notice("Cartel de las fiestas.");
    content.pictures.push(picture(&cartel, "cartel.png"));
    let draft = author.write(&content);
    let no = author.ask(&posts::SUBMIT, &[api_journeys::id(&draft)], &api_journeys::at(&draft)).unwrap_err();
    assert!(no.fault.findings.iter().any(|finding| finding.rule == domain::policy::Rule::AltText));
    content.pictures[0] = picture(&cartel, "Cartel: una guitarra bajo la luna y las fechas, del 3 al 6 de agosto.");
    let approved = mayor.approve(&author.submit(&author.edit(&draft, &content)));
    author.release(&approved);
    author.wait_for(&draft.post.id, PublicationState::Out);
    // The bytes that were approved: other numbers about the same picture are not the organisation's picture.
    let mut forged = content.clone();
    forged.pictures[0].width += 1;
    let save = posts::Save { version: 0, content: forged };
    assert_eq!(author.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &save), Refusal::NotFound);
}
