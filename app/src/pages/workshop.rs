//! The workshop: one picture of the library, or of a post that is written, cut, turned, made smaller, framed and checked on the
//! device. What comes of it is a newer version of the same asset. A dialog and not a page: whoever writes does not leave the post.
//!
//! What is seen is a small drawing; the worker cuts what is kept from the stored file itself (`platform::pictures`).

mod checks;
mod cutting;
mod pieces;
mod stage;

use std::sync::Arc;

use domain::{
    MediaId, Picture, crop,
    crop::{Corner, Part, Ratio, Turn},
    media::Cut,
    safe_area::{self, Insets},
    story,
};
use leptos::{prelude::*, task::spawn_local};
use web_sys::Blob;
use wire::{
    Nothing, brand,
    library::{AssetView, REPLACE, Replace},
};

use super::around::Fetched;
use crate::{
    api::{self, Answer, Storing},
    parts::{ProblemNotice, Work, as_picture, store_picture},
    platform::pictures::{self, LONGEST, Laid, Layer, Shown},
    state::lang,
    ui::{Button, ConfirmDialog, ConfirmTexts, Dialog, Gravity, Notice, Skeleton, Tone},
};

/// Where a picture stands that is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the library: what comes of it is a newer version, or nothing.
    Library,
    /// In a post: it takes the picture's place there, whatever the library makes of it.
    Post,
}

/// Who asks for it: whether it is open, for which picture, and what becomes of what is kept.
#[derive(Clone, Copy)]
pub struct Bench {
    /// Whether it is.
    pub open: RwSignal<bool>,
    /// The picture, before it opens.
    pub picture: RwSignal<Option<Picture>>,
    /// Where it stands.
    pub place: Place,
    /// Takes what is kept.
    pub kept: Callback<Kept>,
}

impl Bench {
    /// Nothing on it yet.
    pub fn new(place: Place, kept: impl Fn(Kept) + Send + Sync + 'static) -> Self {
        Self { open: RwSignal::new(false), picture: RwSignal::new(None), place, kept: Callback::new(kept) }
    }

    /// Puts a picture on it.
    pub fn take(self, picture: Picture) {
        self.picture.set(Some(picture));
        self.open.set(true);
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The picture that it was.
    pub before: MediaId,
    /// The one that it is, with what was said of it, and with what must be seen at its place in it.
    pub picture: Picture,
    /// The asset, of which it is the newest version; nothing where the library did not take it as one.
    pub filed: Option<AssetView>,
    /// Whether there are letters in it, as far as somebody said so or it looks like it.
    pub letters: bool,
}

impl Kept {
    /// What is said of it, once it is kept.
    pub fn said(&self) -> &'static str {
        let lang = lang();
        match (&self.filed, self.letters) {
            (None, _) => lang.workshop_kept_alone(),
            (Some(_), true) => lang.workshop_kept_letters(),
            (Some(_), false) => lang.workshop_kept(),
        }
    }
}

/// The dialog.
#[component]
pub fn Workshop() -> AnyView {
    let Some(bench) = use_context::<Bench>() else { return ().into_any() };
    let (lang, leaving) = (lang(), Leaving { changed: RwSignal::new(false), asks: RwSignal::new(false) });
    let may_close = Callback::new(move |()| leaving.may(bench));
    let texts = Signal::stored(ConfirmTexts {
        title: lang.workshop_leave().to_owned(),
        text: lang.workshop_leave_text().to_owned(),
        act: lang.workshop_leave_do().to_owned(),
        close: lang.workshop_leave_not().to_owned(),
    });
    let leave = move || {
        leaving.asks.set(false);
        bench.open.set(false);
    };
    view! {
        <Dialog open=bench.open title=lang.workshop_title() close=lang.general_close() wide=true may_close>
            // Made with each opening, for the picture that is there then.
            {bench.picture.get_untracked().map(|picture| room(bench, leaving, picture))}
        </Dialog>
        <ConfirmDialog open=leaving.asks texts on_confirm=leave/>
    }
    .into_any()
}

/// Whether somebody who leaves loses what they did, and whether they are asked.
#[derive(Clone, Copy)]
struct Leaving {
    changed: RwSignal<bool>,
    asks: RwSignal<bool>,
}

impl Leaving {
    /// Whether it may close. Where something was done, that is asked first.
    fn may(self, bench: Bench) -> bool {
        let lost = bench.open.get_untracked() && self.changed.get_untracked();
        self.asks.set(lost);
        !lost
    }
}

/// As what a piece of the kit is laid on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    /// Into a corner.
    Crest,
    /// Over all of it, which takes its shape; so much of it stays free.
    Frame(Insets),
}

/// A piece of the kit that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chosen {
    media: MediaId,
    size: (u32, u32),
    used_as: As,
}

/// What the parts share.
#[derive(Clone, Copy)]
struct Desk {
    /// The size of the picture as it is stored.
    size: (u32, u32),
    turn: RwSignal<Turn>,
    /// In which ratio somebody wants it.
    wanted: RwSignal<Option<Ratio>>,
    /// In which it is kept: a frame has its own.
    ratio: Memo<Option<Ratio>>,
    /// What is kept, of the picture as it is turned.
    part: RwSignal<Part>,
    longest: RwSignal<Option<u32>>,
    chosen: RwSignal<Option<Chosen>>,
    corner: RwSignal<Corner>,
    /// The app whose signs are shown, by its place in `safe_area::PLACES`.
    screen: RwSignal<Option<usize>>,
    /// Whether there are letters in it, once somebody has said.
    letters: RwSignal<Option<bool>>,
    kit: Fetched<brand::View>,
    /// The file of the picture.
    file: StoredValue<Option<Blob>, LocalStorage>,
    shown: RwSignal<Option<Arc<Shown>>>,
    /// Whether it cannot be shown.
    unseen: RwSignal<bool>,
}

impl Desk {
    fn new(picture: &Picture) -> Self {
        let size = (picture.width, picture.height);
        let (wanted, chosen) = (RwSignal::new(None::<Ratio>), RwSignal::new(None::<Chosen>));
        let ratio = Memo::new(move |_| {
            let framed = chosen.with(|chosen| match chosen {
                Some(Chosen { size, used_as: As::Frame(_), .. }) => Some(Ratio::new(size.0, size.1)),
                _ => None,
            });
            framed.or_else(|| wanted.get())
        });
        let desk = Self {
            size,
            turn: RwSignal::new(Turn::Upright),
            wanted,
            ratio,
            part: RwSignal::new(Part::whole(size)),
            longest: RwSignal::new(None),
            chosen,
            corner: RwSignal::new(Corner::TopLeft),
            screen: RwSignal::new(None),
            letters: RwSignal::new(None),
            kit: Fetched::new(|| async { api::call(&brand::READ, &[], &Nothing {}).await }),
            file: StoredValue::new_local(None),
            shown: RwSignal::new(None),
            unseen: RwSignal::new(false),
        };
        Effect::watch(
            move || ratio.get(),
            move |ratio, _, _| {
                let (size, ratio) = (desk.now(), *ratio);
                desk.part.update(|part| *part = part.around(size, ratio));
            },
            false,
        );
        desk
    }

    /// The size of the picture as it is turned. Not tracked: it is drawn anew for each turn.
    fn now(self) -> (u32, u32) {
        self.turn.get_untracked().size(self.size)
    }

    /// The size in which it is kept. Tracked.
    fn drawn(self) -> (u32, u32) {
        self.part.get().drawn(self.ratio.get(), self.longest.get().unwrap_or(LONGEST).min(LONGEST))
    }

    /// What the app's own signs cover, where it fills a screen. Tracked.
    fn covered(self) -> Option<Insets> {
        let (network, guise) = *safe_area::PLACES.get(self.screen.get()?)?;
        let (across, down) = self.drawn();
        let covered = safe_area::covered(network, guise)?;
        story::fills(across, down).then_some(covered.insets)
    }

    /// Where the chosen piece lies, in pixels of what is drawn. Tracked.
    fn laid(self) -> Option<Part> {
        let (chosen, drawn) = (self.chosen.get()?, self.drawn());
        Some(match chosen.used_as {
            As::Frame(_) => Part::whole(drawn),
            As::Crest => crop::crest(chosen.size, self.corner.get(), self.covered().unwrap_or_default().free(drawn)),
        })
    }

    /// Whether anything is otherwise than it was. Tracked.
    fn is_changed(self) -> bool {
        let whole = Part::whole(self.size);
        let turned = self.turn.get() != Turn::Upright || self.part.get() != whole;
        turned || self.drawn() != self.size || self.chosen.with(Option::is_some)
    }

    /// Whether it is to be taken for one with letters. Tracked.
    fn has_letters(self) -> bool {
        self.letters.get().unwrap_or_else(|| self.seems_lettered())
    }

    /// Whether it looks like one with letters. Tracked.
    fn seems_lettered(self) -> bool {
        self.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.has_letters))
    }

    /// Turns it by a quarter.
    fn turn(self) {
        let (before, ratio) = (self.now(), self.ratio.get_untracked());
        self.turn.update(|turn| *turn = turn.next());
        let size = self.now();
        self.part.update(|part| *part = Turn::further(*part, before).around(size, ratio));
    }
}

/// Has it drawn small, as it is turned now. Fetched once.
fn look(desk: Desk, picture: &Picture) {
    let (address, mime, turn) = (api::picture_address(&picture.media), picture.mime, desk.turn.get_untracked());
    desk.shown.set(None);
    desk.unseen.set(false);
    spawn_local(async move {
        let seen = async {
            let file = match desk.file.try_get_value()? {
                Some(file) => file,
                None => pictures::fetched(&address).await?,
            };
            desk.file.try_update_value(|kept| *kept = Some(file.clone()))?;
            pictures::shown(&file, mime, turn).await
        };
        let seen = seen.await;
        // It may be closed, or turned on, meanwhile.
        if desk.turn.try_get_untracked() != Some(turn) {
            return;
        }
        desk.unseen.set(seen.is_none());
        desk.shown.set(seen.map(Arc::new));
    });
}

/// What is to be made, as it stands when somebody says so.
struct Plan {
    file: Blob,
    turn: Turn,
    cut: Cut,
    part: Part,
    over: Option<(MediaId, Part)>,
    letters: bool,
}

impl Plan {
    fn of(desk: Desk) -> Option<Self> {
        let (turn, part) = (desk.turn.get_untracked(), desk.part.get_untracked());
        let stored = turn.back(part, desk.size);
        let (drawn, laid, letters) = untrack(|| (desk.drawn(), desk.laid(), desk.has_letters()));
        let media = desk.chosen.with_untracked(|chosen| chosen.as_ref().map(|chosen| chosen.media.clone()));
        Some(Self {
            file: desk.file.get_value()?,
            turn,
            cut: Cut { from: (stored.left, stored.top), part: (stored.across, stored.down), drawn },
            part,
            over: media.zip(laid),
            letters,
        })
    }

    async fn drawn(&self, picture: &Picture) -> Option<pictures::Ready> {
        let mut over = Vec::new();
        if let Some((media, at)) = &self.over {
            over.push(Layer { file: pictures::fetched(&api::picture_address(media)).await?, at: *at });
        }
        let laid = Laid { turn: self.turn, over };
        pictures::worked(&self.file, picture.mime, self.cut, &laid, picture.file_name.clone()).await
    }

    /// Draws it, stores it by the way of every picture, and has the library take it as the newest version. Nothing, if the browser cannot
    /// draw it.
    async fn keep(self, picture: Picture, place: Place) -> Answer<Option<Kept>> {
        let Some(ready) = self.drawn(&picture).await else { return Ok(None) };
        let stored = store_picture(&ready, Storing::CutFrom(&picture.media)).await?.stored;
        let replace = Replace { by: stored.id.clone() };
        let filed = match (api::call(&REPLACE, &[picture.media.as_str()], &replace).await, place) {
            (Err(problem), Place::Library) => return Err(problem),
            // What the post has may be an older version, or cut for one network: it is the post's own then.
            (filed, _) => filed.ok(),
        };
        let focus = crop::focus(picture.focus, (picture.width, picture.height), self.turn, self.part);
        let Picture { media: before, file_name, alt, .. } = picture;
        let picture = Picture { focus, ..as_picture(stored, file_name, alt) };
        Ok(Some(Kept { before, picture, filed, letters: self.letters }))
    }
}

fn room(bench: Bench, leaving: Leaving, picture: Picture) -> AnyView {
    let (lang, work, failed) = (lang(), Work::new(), RwSignal::new(false));
    let desk = Desk::new(&picture);
    leaving.changed.set(false);
    Effect::watch(move || desk.is_changed(), move |changed, _, _| leaving.changed.set(*changed), false);
    let picture = StoredValue::new(picture);
    let see = move || picture.with_value(|picture| look(desk, picture));
    see();
    let turn = Callback::new(move |()| {
        desk.turn();
        see();
    });
    let alt = picture.with_value(|picture| picture.alt.values().next().cloned().unwrap_or_default());
    let seen = move || match (desk.shown.get(), desk.unseen.get()) {
        (Some(shown), _) => stage::stage(desk, &shown, &alt),
        (None, false) => view! { <Skeleton label=lang.general_loading() lines=6/> }.into_any(),
        (None, true) => view! {
            <Notice gravity=Gravity::Bad spoken=true title=lang.workshop_unseen()>
                <Button on_press=see>{lang.general_retry()}</Button>
            </Notice>
        }
        .into_any(),
    };
    let keep = move || {
        let Some(plan) = Plan::of(desk) else { return };
        failed.set(false);
        work.run(plan.keep(picture.get_value(), bench.place), move |kept| match kept {
            None => failed.set(true),
            Some(kept) => {
                leaving.asks.set(false);
                bench.open.set(false);
                let _ = bench.kept.try_run(kept);
            }
        });
    };
    let drawn = Memo::new(move |_| desk.drawn());
    let idle = Signal::derive(move || desk.shown.with(Option::is_none) || !desk.is_changed());
    let after = match bench.place {
        Place::Library => lang.workshop_after_library(),
        Place::Post => lang.workshop_after_post(),
    };
    let cancel = move || {
        if leaving.may(bench) {
            bench.open.set(false);
        }
    };
    view! {
        <div class="workshop">
            <p class="hint">{lang.workshop_lead()}</p>
            {seen}
            <p class="workshop-size" role="status">{move || lang.workshop_result(drawn.get().0, drawn.get().1)}</p>
            {cutting::section(desk, turn)}
            {pieces::section(desk)}
            {checks::section(desk, bench.place)}
            <ProblemNotice problem=work.problem/>
            <div role="alert">
                {move || failed.get().then(|| view! { <Notice gravity=Gravity::Bad title=lang.workshop_failed()/> })}
            </div>
            <p class="hint">{after}</p>
            <div class="actions end">
                <Button on_press=cancel>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary busy=work.busy disabled=idle on_press=keep>{lang.workshop_keep()}</Button>
            </div>
        </div>
    }
    .into_any()
}
