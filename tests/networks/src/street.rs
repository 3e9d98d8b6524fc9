//! The networks as a person sees them: what readers would see on each, how each is connected, and the page on which somebody
//! agrees. For whoever tries the desk without an account anywhere; programs are sent on at once and read `/_posts`.

use axum::{
    Router,
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    APP, BOT, CHANNEL, INSTAGRAM_APP, LINKEDIN_APP, PASSWORD, Shared, THREADS_APP, TIKTOK_APP, TUMBLR_APP, X_APP,
    YOUTUBE_APP,
};

/// What says that a person agreed on the page before: for a moment, so that the next consent is asked again.
const AGREED: &str = "agreed";

/// Where networks ask people.
const CONSENT: [&str; 6] = [
    "/dialog/oauth",
    "/oauth/authorize",
    "/oauth2/authorize",
    "/oauth/v2/authorization",
    "/oauth2/v2/auth",
    "/v2/auth/authorize/",
];

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#222;background:#fff}
h2{margin:2rem 0 .25rem}code{background:#eee;padding:.1em .3em;overflow-wrap:anywhere}dl{margin:.25rem 0}dt{float:left;clear:left;margin-right:.5rem}
article{border:1px solid #bbb;border-radius:.5rem;padding:.75rem 1rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
.note{color:#555}figure{margin:.5rem 0 0;padding:.5rem;background:#eee}a.agree{display:inline-block;padding:.75rem 1.5rem;background:#1d4e89;color:#fff;border-radius:.5rem}
@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}code,figure{background:#333}.note{color:#bbb}a{color:#9cf}}";

/// Its pages.
pub fn routes() -> Router<Shared> {
    Router::new().route("/", get(street)).route("/_agree", get(agree))
}

fn page(lang: &str, title: &str, body: Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (body) } }
        }
    };
    Html(page.into_string())
}

/// Whether the browser prefers English.
fn is_english(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    text(header::ACCEPT_LANGUAGE).to_ascii_lowercase().starts_with("en")
}

/// A network of the street: its name, what its dialog asks for, and where its posts stand in `/_posts`.
struct House {
    name: &'static str,
    asks: Vec<(&'static str, String)>,
    posts: &'static str,
}

async fn street(State(world): State<Shared>, headers: HeaderMap) -> Html<String> {
    let english = is_english(&headers);
    let say = |spanish: &'static str, in_english: &'static str| if english { in_english } else { spanish };
    let app = |(id, secret): (&str, &str), [one, other]: [&'static str; 2]| {
        vec![(one, id.to_owned()), (other, secret.to_owned())]
    };
    let keys = [say("Identificador", "Identity"), say("Clave secreta", "Secret")];
    let server = || (say("Servidor", "Server"), world.origin.clone());
    let houses = [
        House { name: "Mastodon", asks: vec![server()], posts: "mastodon" },
        House {
            name: "Bluesky",
            asks: vec![
                server(),
                (say("Cuenta", "Account"), "villaserena.example".to_owned()),
                // It has no page to sign in at: that is proven on the network's own server.
                (say("Cómo", "How"), say("Con una contraseña de aplicación", "With an app password").to_owned()),
                (say("Contraseña de aplicación", "App password"), PASSWORD.to_owned()),
            ],
            posts: "bluesky",
        },
        House { name: "Facebook", asks: app(APP, keys), posts: "facebook" },
        House { name: "Instagram", asks: app(APP, keys), posts: "instagram" },
        House {
            name: say("Instagram, por su acceso propio", "Instagram, by its own login"),
            asks: app(INSTAGRAM_APP, keys),
            posts: "instagram",
        },
        House { name: "Threads", asks: app(THREADS_APP, keys), posts: "threads" },
        House { name: "X", asks: app(X_APP, keys), posts: "x" },
        House { name: "LinkedIn", asks: app(LINKEDIN_APP, keys), posts: "linkedin" },
        House { name: "Tumblr", asks: app(TUMBLR_APP, keys), posts: "tumblr" },
        House { name: "YouTube", asks: app(YOUTUBE_APP, keys), posts: "youtube" },
        House { name: "TikTok", asks: app(TIKTOK_APP, keys), posts: "tiktok" },
        House {
            name: "Telegram",
            asks: vec![
                server(),
                (say("Canal", "Channel"), ["@", CHANNEL].concat()),
                (say("Token del bot", "Bot token"), BOT.to_owned()),
            ],
            posts: "telegram",
        },
    ];
    let all = crate::visible(&world);
    let body = html! {
        p.note { (say(
            "Nada de esto sale de esta máquina: son imitaciones para probar Pregón. En Pregón, en Canales, conecte la red con estos datos; lo que publique se verá aquí.",
            "Nothing of this leaves this machine: these are imitations, to try Pregón with. In Pregón, under Channels, connect a network with these; what you publish is seen here.",
        )) }
        p { a href="/" { (say("Mirar otra vez", "Look again")) } }
        @for House { name, asks, posts } in houses {
            section {
                h2 { (name) }
                dl { @for (what, value) in asks { dt { (what) ":" } dd { code { (value) } } } }
                @let shown = all[posts].as_array().map(Vec::as_slice).unwrap_or_default();
                @for post in shown.iter().rev() { (article(post)) }
                @if shown.is_empty() { p.note { (say("Todavía nada.", "Nothing yet.")) } }
            }
        }
    };
    page(say("es", "en"), say("Redes de prueba", "Networks to try"), body)
}

/// A post, whatever its network calls its parts.
fn article(post: &Value) -> Markup {
    let within = if post["record"].is_object() { &post["record"] } else { post };
    let text = ["text", "message", "caption", "source", "content"].iter().find_map(|name| within[name].as_str());
    let pictures = ["pictures", "media_attachments"].iter().find_map(|name| within[name].as_array());
    let embedded = within["embed"]["images"].as_array();
    let alts = pictures.or(embedded).into_iter().flatten();
    let alts = alts.map(|one| one["alt"].as_str().or(one["description"].as_str()).unwrap_or_default());
    html! {
        article {
            (text.unwrap_or_default())
            @for alt in alts { figure { "🖼 " (alt) } }
        }
    }
}

/// Asks a person who came with a browser, as the network would; a program is sent on.
pub async fn consent(request: Request, next: Next) -> Response {
    match asked(request.headers(), request.uri()) {
        Some(page) => page.into_response(),
        None => next.run(request).await,
    }
}

fn asked(headers: &HeaderMap, uri: &Uri) -> Option<Html<String>> {
    let is_person = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    let has_agreed = cookies.is_some_and(|cookies| cookies.contains(AGREED));
    if !is_person || has_agreed || !CONSENT.iter().any(|asks| uri.path().ends_with(asks)) {
        return None;
    }
    let english = is_english(headers);
    let say = |spanish: &'static str, in_english: &'static str| if english { in_english } else { spanish };
    let to: String = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let to: String = to.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let body = html! {
        p { (say(
            "Pregón pide permiso para publicar en nombre de esta cuenta de prueba. Quien no quiera darlo vuelve atrás.",
            "Pregón asks for permission to publish in the name of this account, which is here to try with. Whoever does not want to give it goes back.",
        )) }
        p { a.agree href=(["/_agree?to=", &to].concat()) { (say("Dar permiso", "Agree")) } }
    };
    Some(page(say("es", "en"), say("Una red de prueba", "A network to try"), body))
}

#[derive(Deserialize)]
struct Agreed {
    to: String,
}

async fn agree(Query(Agreed { to }): Query<Agreed>) -> Response {
    // Of this very server: `//elsewhere` would be another.
    if !to.starts_with('/') || to.starts_with("//") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let cookie = format!("{AGREED}=1; Max-Age=5; Path=/; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_and_descriptions_are_found_under_any_name_and_escaped() {
        let shown = |post: Value| article(&post).into_string();
        assert!(shown(json!({ "message": "<b>Hola" })).contains("&lt;b&gt;Hola"));
        let of_bluesky = json!({ "record": { "text": "Hola", "embed": { "images": [{ "alt": "La plaza" }] } } });
        assert!(shown(of_bluesky).contains("La plaza"));
        assert!(shown(json!({ "caption": "x", "pictures": [{ "alt": "Una valla" }] })).contains("Una valla"));
    }
}
