//! The handler of `wire::webpages`: what a page that somebody names says of itself. Nothing of it is kept: it becomes somebody's words when
//! they put it into a draft.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Millis, Refusal,
    media::inspect,
    webpage::{self, ADDRESS, Flaw, Page},
};
use wire::webpages::{READ_PAGE, ReadPage};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    outbound::{self, Address, Answer, Call, Trouble},
    store::throttle::{self, PAGES},
};

/// The most bytes of a picture that are shown: it comes within the answer, and to write it there takes time that is counted.
const MOST_SHOWN: usize = 400_000;
/// The most pixels that a picture may declare: a device draws it.
const MOST_PIXELS: u64 = 25_000_000;
/// A picture is waited for so long: whoever waits has asked for the words.
const FOR_A_PICTURE: Millis = Millis::seconds(4);

/// Mounts it.
pub fn mount_all(api: Api) -> Api {
    mount(api, &READ_PAGE, read)
}

async fn read(ask: Ask<ReadPage>) -> Result<Page, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let address = Address::parse(&webpage::address(&ask.body.address)?)?;
    throttle::count(app, PAGES, caller.member.as_str()).await?;
    let call = Call::get(address).header("accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1");
    let answer = outbound::send(app, call).await.map_err(refusal)?;
    let said = said(&answer).map_err(Refusal::from)?;
    let address = home(answer.at(), said.canonical.as_deref());
    let picture = match said.picture.and_then(|link| answer.at().join(&link).ok()) {
        Some(at) => picture(app, at).await,
        None => None,
    };
    let (title, description, site) = (said.title, said.description, said.site);
    Ok(Page { address, title, description, site, language: said.language, published: said.published, picture })
}

fn refusal(trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::Forbidden => Refusal::ForbiddenAddress,
        Trouble::TooLong => Flaw::TooLarge.into(),
        Trouble::NotSent(_) | Trouble::NoAnswer(_) => Flaw::Unreached.into(),
    }
}

fn said(answer: &Answer) -> Result<webpage::Said, Flaw> {
    match answer.status {
        404 | 410 => return Err(Flaw::Missing),
        _ if answer.is_success() => {}
        status => return Err(Flaw::Says { status }),
    }
    let mime = answer.header("content-type");
    webpage::judge(mime.as_deref(), answer.bytes())?;
    webpage::read(&webpage::decoded(mime.as_deref(), answer.bytes()))
}

/// Where a page is. It is believed of its own site alone: another's address would be a link that nobody typed.
fn home(at: &Address, canonical: Option<&str>) -> String {
    let site = |address: &Address| address.host().trim_start_matches("www.").to_owned();
    let said = canonical.and_then(|link| at.join(link).ok()).filter(|said| site(said) == site(at));
    let said = said.filter(|said| said.as_str().len() <= ADDRESS);
    said.as_ref().unwrap_or(at).as_str().to_owned()
}

/// A picture to be shown, if it is one, and small. Whatever is wrong with it, the page is what was asked for.
async fn picture(app: &App, at: Address) -> Option<String> {
    let call = Call::get(at).header("accept", "image/webp, image/jpeg, image/png").briefly(FOR_A_PICTURE);
    let answer = outbound::send(app, call).await.ok()?;
    let bytes = answer.bytes();
    if !answer.is_success() || bytes.len() > MOST_SHOWN {
        return None;
    }
    let found = inspect(bytes, MOST_PIXELS).ok()?;
    let shown = found.clean.as_deref().unwrap_or(bytes);
    Some(["data:", found.mime.mime(), ";base64,", &STANDARD.encode(shown)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_believed_about_its_own_site_alone() {
        let at = Address::parse("https://www.villa.es/noticias?id=7&utm_source=x").unwrap();
        let home = |said| home(&at, said);
        assert_eq!(home(Some("/noticias/obras")), "https://www.villa.es/noticias/obras");
        assert_eq!(home(Some("https://villa.es/obras")), "https://villa.es/obras");
        for other in [None, Some("https://otra.es/obras"), Some("http://villa.es/"), Some("https://10.0.0.1/")] {
            assert_eq!(home(other), at.as_str(), "{other:?}");
        }
        let long = format!("/{}", "x".repeat(ADDRESS));
        assert_eq!(home(Some(long.as_str())), at.as_str());
    }
}
