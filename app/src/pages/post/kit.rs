//! The kit of what is published by hand: the text, the pictures with their alt texts, and the way back with the link.

use domain::{
    ActId, Focus, MediaId, Network, PublicationId,
    kit::{self, Size},
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    publications::{self, Kit},
};

use super::{
    acts::Doing,
    outcome::{ByHand, FromKit},
};
use crate::{
    api,
    pages::around::{self, Fetched},
    platform::{hand, pictures, time::Form},
    state::{lang, toasts},
    ui::{Button, Glyph, Gravity, Icon, Tone, unique},
};

/// The kit, fetched when it is needed.
#[component]
pub fn KitBox(doing: Doing, id: PublicationId, act: ActId, network: Network) -> AnyView {
    let fetched = {
        let id = id.clone();
        Fetched::new(move || {
            let id = id.clone();
            async move { api::call(&publications::KIT, &[id.as_str()], &Nothing {}).await }
        })
    };
    let of = act.clone();
    let shown = move |kit: Kit| {
        let act = of.clone();
        doing.see_kit(&act, &kit.hash);
        draw(kit, Callback::new(move |()| doing.take_kit(&act)))
    };
    // Something else is to be put there than was: it is shown, below the refusal that says so.
    let kit = FromKit { act, renewed: Callback::new(move |()| fetched.again()) };
    view! {
        <div class="kit">
            {fetched.draw(shown)}
            <ByHand doing id network kit />
        </div>
    }
    .into_any()
}

/// Copies, and says so.
pub fn copy(text: String, said: &'static str) {
    spawn_local(async move {
        let lang = lang();
        if hand::copy(&text).await { toasts::done(said) } else { toasts::say(Gravity::Warn, lang.post_copy_failed()) }
    });
}

/// Draws a kit. `taken`: it is what is published from.
fn draw(kit: Kit, taken: Callback<()>) -> AnyView {
    let lang = lang();
    let text_id = unique("kit");
    let text = kit.text.clone();
    let copy_text = {
        let text = text.clone();
        move || {
            taken.run(());
            copy(text.clone(), lang.post_copied_text());
        }
    };
    let share = hand::can_share().then(|| {
        let text = text.clone();
        let share = move || {
            let text = text.clone();
            taken.run(());
            spawn_local(async move {
                // Closing the sheet is no failure: nothing is said.
                let _ = hand::share(&text).await;
            });
        };
        view! { <Button glyph=Glyph::Out on_press=share>{lang.general_share()}</Button> }
    });
    let open = kit.address.clone().map(|address| {
        view! {
            <a class="button" href=address target="_blank" rel="noopener noreferrer">
                <Icon glyph=Glyph::Out />{lang.post_open_account()}
            </a>
        }
    });
    let pictures = kit.rendition.pictures.iter().enumerate().map(|(index, picture)| {
        let address = api::picture_address(&picture.media);
        let name = format!("{}.{}", index + 1, picture.mime.mime().trim_start_matches("image/"));
        let alt = picture.alt.clone();
        let copy_alt = {
            let alt = alt.clone();
            move || copy(alt.clone(), lang.post_copied_alt())
        };
        let measures = (picture.width, picture.height);
        let fitting =
            kit::size(kit.network).map(|size| fitted((picture.media.clone(), index), size, measures, picture.focus));
        let printed = (kit.network == Network::Paper).then(|| {
            let (across, down) = kit::printed(measures);
            view! { <p class="hint">{lang.kit_printed(across, down)}</p> }
        });
        view! {
            <li class="kit-picture">
                <img src=address.clone() alt=alt.clone() loading="lazy" />
                <p>{alt}</p>
                {printed}
                {fitting}
                <div class="actions">
                    <a class="button" href=address download=name>{lang.general_download()}</a>
                    <Button glyph=Glyph::Copy on_press=copy_alt>{lang.post_copy_alt()}</Button>
                </div>
            </li>
        }
    });
    let video = kit.rendition.video.as_ref().map(|video| {
        let address = api::video_address(&video.media);
        let alt = video.alt.clone();
        let copy_alt = {
            let alt = alt.clone();
            move || copy(alt.clone(), lang.post_copied_alt())
        };
        let poster = video.poster.as_ref().map(|poster| api::picture_address(&poster.media));
        let own_poster = poster.clone().map(|to| {
            view! { <a class="button" href=to download="portada.jpg">{lang.video_poster_by_hand()}</a> }
        });
        let (width, height) = (video.width.to_string(), video.height.to_string());
        let tag = kit.rendition.language.to_string();
        let file = video.captioned().map(|name| api::captions_address(&name));
        let by_hand = file.is_some().then(|| view! { <p class="hint">{lang.video_captions_by_hand()}</p> });
        let captions = file.map(|vtt| {
            [("vtt", vtt.clone()), ("srt", [&vtt, "?kind=srt"].concat())].map(|(kind, to)| {
                let name = ["subtitulos.", &tag, ".", kind].concat();
                view! { <a class="button" href=to download=name>{lang.video_captions_as(kind)}</a> }
            })
        });
        view! {
            <li class="kit-picture">
                <video controls preload="metadata" src=address.clone() poster=poster width=width height=height aria-label=alt.clone()></video>
                <p>{alt}</p>
                <div class="actions">
                    <a class="button" href=address download="video.mp4">{lang.video_by_hand()}</a>
                    <Button glyph=Glyph::Copy on_press=copy_alt>{lang.post_copy_alt()}</Button>
                    {captions}
                    {own_poster}
                </div>
                {by_hand}
            </li>
        }
    });
    let document = kit.rendition.document.as_ref().map(|document| {
        let (address, name) = (api::document_address(&document.media), domain::document::sent_name(&document.title));
        let facts = words::document_facts(lang, document.pages, document.bytes);
        view! {
            <li class="kit-picture">
                <p>{document.title.clone()}" ("{facts}")"</p>
                <div class="actions">
                    <a class="button" href=address download=name>{lang.document_by_hand()}</a>
                </div>
            </li>
        }
    });
    let replies = (!kit.rendition.replies.is_open()).then(|| {
        let who = words::replies(lang, kit.rendition.replies);
        view! { <p class="notice" data-hue="warn">{lang.replies_kit()}" "<b>{who}</b></p> }
    });
    let topic = kit.rendition.topic.as_ref().map(|topic| view! { <p>{lang.topic_said(topic.as_str())}</p> });
    let poll = kit.rendition.poll.as_ref().map(|poll| {
        let answer = |answer: &String| {
            let (text, said) = (answer.clone(), answer.clone());
            let copy_answer = move || copy(text.clone(), lang.post_copied_text());
            let label = [lang.post_copy_text(), ": ", answer].concat();
            view! {
                <li>{said}" "<Button tone=Tone::Quiet glyph=Glyph::Copy bare=true label=label on_press=copy_answer /></li>
            }
        };
        let answers = poll.answers.iter().map(answer).collect::<Vec<_>>();
        let terms = words::poll_terms(lang, poll.minutes, poll.several, poll.hidden);
        view! {
            <p class="notice" data-hue="warn">{lang.poll_kit()}</p>
            <ol lang=kit.rendition.language.to_string()>{answers}</ol>
            <p>{terms}</p>
        }
    });
    let story = kit.rendition.is_story(kit.network).then(|| {
        view! { <p class="notice" data-hue="warn">{lang.story_kit()}</p> }
    });
    let reel = (kit.rendition.guise(kit.network) == domain::Guise::Reel).then(|| {
        view! { <p class="notice" data-hue="warn">{lang.reel_kit()}</p> }
    });
    let pin = (kit.rendition.pin && domain::pin::is_offered(kit.network)).then(|| view! { <p>{lang.pin_kit()}</p> });
    let invited = kit.rendition.collaborators.as_ref();
    let invited = invited.map(|all| view! { <p>{lang.collaborators_said(all.written())}</p> });
    let mentioned = kit.rendition.mentioned(kit.network).map(|names| view! { <p>{lang.mentions_kit(names)}</p> });
    let comment = kit.comment.clone().map(|comment| {
        let tag = kit.rendition.language.to_string();
        view! { <p>{lang.comment_by_hand_later()}</p><blockquote lang=tag>{comment}</blockquote> }
    });
    let below = kit.is_comment.then(|| {
        let above = kit.above.clone().map(|address| {
            view! {
                <a class="outcome-link" href=address target="_blank" rel="noopener noreferrer">
                    {lang.comment_above()}<Icon glyph=Glyph::Out />
                </a>
            }
        });
        view! { <p><b>{lang.comment_title()}</b>" "{lang.comment_by_hand()}" "{above}</p> }
    });
    let rows = text.lines().count().clamp(3, 14).to_string();
    let part = kit.part.map(|(part, of)| {
        let above = kit.above.clone().map(|address| {
            view! {
                <a class="outcome-link" href=address target="_blank" rel="noopener noreferrer">
                    {lang.chain_kit_above()}<Icon glyph=Glyph::Out />
                </a>
            }
        });
        let answers = (part > 1).then(|| lang.chain_kit());
        view! { <p><b>{lang.chain_part(part, of)}</b>" "{answers}" "{above}</p> }
    });
    let rules = words::place_rules(lang, kit.network).map(|rules| view! { <p class="hint">{rules}</p> });
    // What nobody follows has no account that says who speaks: it has a heading.
    let heading = kit.rendition.title.clone().filter(|_| !kit.network.is_online() && !kit.is_comment).map(|heading| {
        let said = heading.clone();
        let copy_heading = move || copy(said.clone(), lang.kit_copied_heading());
        let tag = kit.rendition.language.to_string();
        let label = [lang.post_copy_text(), ": ", &heading].concat();
        view! {
            <p>
                {lang.kit_heading()}": "<b lang=tag>{heading}</b>" "
                <Button tone=Tone::Quiet glyph=Glyph::Copy bare=true label=label on_press=copy_heading />
            </p>
        }
    });
    let hangs = (kit.network == Network::Screen).then(|| {
        let over = match kit::over(&kit.rendition) {
            Some(over) => lang.kit_over(around::when(over, Form::Full)),
            None => lang.kit_over_unknown().to_owned(),
        };
        view! { <p class="notice" data-hue="warn">{over}</p> }
    });
    view! {
        <p>{lang.post_kit(around::when(kit.since, Form::Full))}</p>
        {rules}
        {hangs}
        {part}
        {below}
        {story}
        {reel}
        {replies}
        {topic}
        {pin}
        {invited}
        {mentioned}
        {heading}
        <div class="field">
            <label for=text_id.clone()>{lang.post_kit_text()}</label>
            <textarea id=text_id class="input" readonly rows=rows lang=kit.rendition.language.to_string()
                prop:value=text on:copy=move |_| taken.run(())></textarea>
        </div>
        <div class="actions">
            <Button tone=Tone::Primary glyph=Glyph::Copy on_press=copy_text>{lang.post_copy_text()}</Button>
            {share}
            {open}
        </div>
        {poll}
        <ul class="kit-pictures">{document}{video}{pictures.collect::<Vec<_>>()}</ul>
        {comment}
    }
    .into_any()
}

/// A picture in the size of the place: cut where the page is, around what must be seen, and downloaded.
fn fitted((media, index): (MediaId, usize), size: Size, measures: (u32, u32), focus: Option<Focus>) -> AnyView {
    let lang = lang();
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(false));
    let named = [size.across.to_string(), size.down.to_string()].join(" × ");
    let said = StoredValue::new(named.clone());
    let make = move || {
        let (address, name) =
            (api::picture_address(&media), format!("{}-{}x{}.jpg", index + 1, size.across, size.down));
        busy.set(true);
        failed.set(false);
        spawn_local(async move {
            let kept = move |measures| size.cut(measures, focus);
            let made = pictures::fitted(&address, kept, u32::MAX, name.clone()).await;
            let is_there = made.is_some_and(|ready| hand::download_bytes(&name, &ready.bytes));
            // Somebody may have left meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            failed.set(!is_there);
            if is_there {
                toasts::done(said.with_value(|named| lang.kit_cut_done(named)));
            }
        });
    };
    let coarse = size.is_coarse(measures).then(|| view! { <p class="hint">{lang.kit_coarse(&named)}</p> });
    let label =
        move || if busy.get() { lang.kit_cutting().to_owned() } else { said.with_value(|named| lang.kit_cut(named)) };
    let fault = move || {
        failed.get().then(|| {
            let fault = said.with_value(|named| lang.kit_cut_failed(named));
            view! { <p class="notice" data-hue="bad" role="alert">{fault}</p> }
        })
    };
    view! {
        <div class="actions"><Button busy=busy on_press=make>{label}</Button></div>
        {coarse}
        {fault}
    }
    .into_any()
}
