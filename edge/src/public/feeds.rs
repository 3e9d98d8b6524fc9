//! The noticeboard as Atom (RFC 4287) and JSON Feed 1.1, with the heads of the record's last days in both.
//!
//! Only of days that are over: the head of today moves with every act in the house, and a reader that asks each hour
//! would be sent the whole feed again for nothing that it shows. Today's is on the page of the record.

use axum::{body::Body, http::Response};
use domain::{Moment, json};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    agenda,
    board::{document_path, heading, picture_path, summary, video_path},
    prose,
    site::Site,
    visit::{Trouble, Visit},
};
use crate::store::{
    notices::{self, Notice},
    records::{self, Day},
};

/// Posts in a feed: who reads it looks in more often than that many go up.
const ENTRIES: u32 = 20;
/// Days of the record in a feed.
const DAYS: u32 = 7;

/// The namespace of what is ours in Atom.
const OURS: &str = "urn:pregon:record:1";

struct Feed {
    site: Site,
    notices: Vec<Notice>,
    days: Vec<Day>,
}

async fn read(visit: &Visit) -> Result<Feed, Trouble> {
    let site = Site::open(visit).await?;
    let (db, org) = (&visit.app.db, &site.organisation.id);
    let posts = notices::page(db, org, None, ENTRIES).await?;
    let notices = posts.iter().filter_map(|post| site.choose(post)).cloned().collect();
    let today = site.civil(site.now).date().to_string();
    let days = records::days(db, org, &today, DAYS).await?;
    Ok(Feed { site, notices, days })
}

/// The Atom feed.
pub async fn atom(visit: Visit) -> Result<Response<Body>, Trouble> {
    let Feed { site, notices, days } = read(&visit).await?;
    Ok(visit.feed("application/atom+xml; charset=utf-8", atom_text(&site, &notices, &days)))
}

fn atom_text(site: &Site, notices: &[Notice], days: &[Day]) -> String {
    let organisation = &site.organisation;
    // A feed without entries was last changed when nothing was: the epoch is as true as any other moment.
    let updated = notices.iter().map(Notice::changed).max().unwrap_or(Moment(0));
    let lang = xml(site.language.as_str());
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:record=\"{OURS}\" xml:lang=\"{lang}\">\n\
         <id>urn:uuid:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
         <author><name>{}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        uuid(organisation.id.as_str()),
        xml(&site.lang.public_board_named(&organisation.name)),
        updated.to_rfc3339(),
        xml(&organisation.name),
        xml(&format!("{}{}", site.origin, site.path("feed.atom"))),
        xml(&format!("{}{}", site.origin, site.path(""))),
    );
    for Day { day, seq, chain } in days {
        feed.push_str(&format!("<record:head day=\"{}\" seq=\"{seq}\" chain=\"{}\"/>\n", xml(day), xml(chain)));
    }
    for notice in notices {
        let rendition = &notice.rendition;
        feed.push_str(&format!(
            "<entry xml:lang=\"{}\">\n<id>urn:uuid:{}</id>\n<title>{}</title>\n<published>{}</published>\n\
             <updated>{}</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
             <summary>{}</summary>\n<content type=\"html\">{}</content>\n</entry>\n",
            xml(rendition.language.as_str()),
            uuid(notice.post.as_str()),
            xml(&heading(rendition)),
            notice.published.to_rfc3339(),
            notice.changed().to_rfc3339(),
            xml(&site.address(&format!("posts/{}", notice.post))),
            xml(&summary(&rendition.text)),
            xml(&content(site, notice).into_string()),
        ));
    }
    feed.push_str("</feed>\n");
    feed
}

/// The JSON feed.
pub async fn json(visit: Visit) -> Result<Response<Body>, Trouble> {
    let Feed { site, notices, days } = read(&visit).await?;
    let organisation = &site.organisation;
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.lang.public_board_named(&organisation.name),
        "description": site.lang.public_board_lead(),
        "home_page_url": format!("{}{}", site.origin, site.path("")),
        "feed_url": format!("{}{}", site.origin, site.path("feed.json")),
        "language": site.language,
        "authors": [json!({ "name": organisation.name, "url": site.address("") })],
        "items": notices.iter().map(|notice| item(&site, notice)).collect::<Vec<_>>(),
        // An extension begins with an underscore (JSON Feed 1.1, "Extensions").
        "_pregon_record": json!({ "about": site.address("record"), "heads": days }),
    });
    Ok(visit.feed("application/feed+json; charset=utf-8", feed.to_string()))
}

fn item(site: &Site, notice: &Notice) -> Value {
    let rendition = &notice.rendition;
    let mut item = json!({
        "id": format!("urn:uuid:{}", uuid(notice.post.as_str())),
        "url": site.address(&format!("posts/{}", notice.post)),
        "title": heading(rendition),
        "content_html": content(site, notice).into_string(),
        "content_text": rendition.text,
        "language": rendition.language,
        "date_published": notice.published.to_rfc3339(),
        "date_modified": notice.changed().to_rfc3339(),
    });
    if let (Some(picture), Some(fields)) = (rendition.pictures.first(), item.as_object_mut()) {
        fields.insert("image".to_owned(), format!("{}{}", site.origin, picture_path(site, picture)).into());
    }
    let mut attached = Vec::new();
    if let Some(video) = &rendition.video {
        let url = format!("{}{}", site.origin, video_path(site, video));
        let (mime, seconds) = (video.mime.mime(), video.millis.div_ceil(1_000));
        attached.push(json!({
            "url": url, "mime_type": mime, "size_in_bytes": video.bytes, "duration_in_seconds": seconds,
        }));
    }
    if let Some(document) = &rendition.document {
        let url = format!("{}{}", site.origin, document_path(site, document));
        let (mime, bytes) = (domain::document::MIME, document.bytes);
        attached.push(json!({ "url": url, "mime_type": mime, "title": document.title, "size_in_bytes": bytes }));
    }
    if let Some(fields) = item.as_object_mut().filter(|_| !attached.is_empty()) {
        fields.insert("attachments".to_owned(), attached.into());
    }
    if let (Some(link), Some(fields)) = (&rendition.link, item.as_object_mut()) {
        fields.insert("external_url".to_owned(), link.as_str().into());
    }
    item
}

fn content(site: &Site, notice: &Notice) -> Markup {
    let rendition = &notice.rendition;
    html! {
        @if let Some(at) = notice.corrected { p { em { (site.lang.public_corrected(site.written(at))) } } }
        @if let Some(event) = &rendition.event { (agenda::facts_in_line(site, event)) }
        (prose::whole(&rendition.text))
        @for picture in &rendition.pictures {
            p { img src={ (site.origin) (picture_path(site, picture)) } alt=(picture.alt) width=(picture.width) height=(picture.height); }
        }
        @if let Some(video) = &rendition.video {
            p { a href={ (site.origin) (video_path(site, video)) } { (site.lang.video_title()) ": " (video.alt) } }
        }
        @if let Some(document) = &rendition.document {
            p { a href={ (site.origin) (document_path(site, document)) } {
                (document.title) " (" (words::document_facts(site.lang, document.pages, document.bytes)) ")"
            } }
        }
        @if let Some(link) = &rendition.link { p { a href=(link) { (prose::shown(link)) } } }
    }
}

/// Text for XML: escaped, and without the characters that XML 1.0 cannot carry at all.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

/// The 128 bits of one of our identities, as a UUID: an identifier that stays if the town moves to another host.
pub fn uuid(id: &str) -> String {
    const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    let bits = id.chars().fold(0_u128, |bits, c| (bits << 5) | ALPHABET.find(c).unwrap_or_default() as u128);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_xml_cannot_carry_gets_in() {
        assert_eq!(xml("a\u{b}<b> & \"c\"\u{ffff}\n"), "a&lt;b&gt; &amp; &quot;c&quot;\n");
    }

    #[test]
    fn an_identity_is_the_same_bits_as_a_uuid() {
        let id = domain::PostId::from_bits(0x0123_4567_89ab_cdef_0011_2233_4455_6677);
        assert_eq!(uuid(id.as_str()), "01234567-89ab-cdef-0011-223344556677");
    }
}
