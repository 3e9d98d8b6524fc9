//! The local mailbox: where a rehearsal's mails end up, as data for tests and as a page for people.

use axum::{
    body::Body,
    http::{Response, header},
    response::IntoResponse,
    routing::get,
};
use domain::Moment;
use serde::Deserialize;
use wire::{Nothing, rehearsal};
use words::Lang;
use worker::send::SendFuture;

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    binds, mail,
    store::StoreError,
};

/// Mounts it.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &rehearsal::MAILBOX, mailbox);
    let shown = |axum::extract::State(app): axum::extract::State<App>| SendFuture::new(page(app));
    api.route("/api/rehearsal/mailbox.html", get(shown))
}

/// Looking into the mailbox delivers first: nobody waits for a tick.
async fn letters(app: &App) -> Result<Vec<rehearsal::Mail>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        address: String,
        subject: String,
        text: String,
        created_at: f64,
    }
    mail::send_due(app).await?;
    let sql = "SELECT address, subject, text, created_at FROM mail ORDER BY created_at DESC, rowid DESC LIMIT 1000";
    let rows: Vec<Row> = app.db.all(sql, binds![]).await?;
    let letter = |row: Row| rehearsal::Mail {
        to: row.address,
        subject: row.subject,
        text: row.text,
        at: Moment(row.created_at as i64),
    };
    Ok(rows.into_iter().map(letter).collect())
}

async fn mailbox(ask: Ask<Nothing>) -> Result<Vec<rehearsal::Mail>, Refused> {
    Ok(letters(&ask.app).await?)
}

async fn page(app: App) -> Response<Body> {
    let letters = match letters(&app).await {
        Ok(letters) => letters,
        Err(error) => return Refused::from(error).into_response(),
    };
    let l = Lang::Es;
    let title = l.mail_mailbox_title();
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><h1>{title}</h1><p>{}</p>",
        l.tag(),
        l.mail_mailbox_about()
    );
    if letters.is_empty() {
        html.push_str(&format!("<p>{}</p>", l.mail_mailbox_empty()));
    }
    for letter in letters {
        html.push_str(&format!(
            "<hr><h2>{}</h2><p>{} · {}</p><pre style=\"white-space: pre-wrap\">{}</pre>",
            escaped(&letter.subject),
            escaped(&letter.to),
            letter.at.to_rfc3339(),
            linked(&escaped(&letter.text))
        ));
    }
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    (headers, html).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Lines that are an address of ours become links. What is given is escaped already.
fn linked(text: &str) -> String {
    let line = |line: &str| {
        let is_address = line.starts_with("http://") || line.starts_with("https://");
        if is_address { format!("<a href=\"{line}\">{line}</a>") } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
