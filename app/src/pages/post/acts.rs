//! What may be done with the post now, by the stage it is in and the role of whoever looks. Each act is one request
//! that answers the post as it is afterwards.

use std::{future::Future, pin::Pin};

use domain::{Act, ActId, PublicationId, Stage};
use leptos::prelude::*;
use wire::{
    posts::{self, AtVersion, PostView, Reason},
    publications::PublicationView,
};

use super::{Sheet, emergency};
use crate::{
    api::{self, Answer},
    chunks,
    pages::{
        around::{self, Fetched},
        calendar::{Movable, Moved, Mover, Places},
        repeat::Repeated,
    },
    parts::{Ceremony, ProblemNotice, Work},
    platform::time::Form,
    routes,
    state::{lang, session, toasts},
    ui::{Button, Dialog, Glyph, LinkButton, ReasonDialog, ReasonTexts, Tone},
};

/// A request that answers the post. Boxed: one runner in the binary instead of one for each act.
pub type Request = Pin<Box<dyn Future<Output = Answer<PostView>>>>;

/// What asks for a reason before it is done.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The dialog's texts.
    pub texts: ReasonTexts,
    /// How grave.
    pub tone: Tone,
    /// Does it.
    pub act: Callback<String>,
}

/// What is in a kit that somebody here publishes from, and in the one that is drawn now: a correction may have come in between.
#[derive(Debug, Clone)]
struct Drawn {
    of: ActId,
    had: String,
    now: String,
}

/// The acts of one page: what is under way, and the dialogs.
#[derive(Clone, Copy)]
pub struct Doing {
    sheet: Fetched<Sheet>,
    /// The request under way and what went wrong.
    pub work: Work,
    asked: RwSignal<Option<Asked>>,
    asking: RwSignal<bool>,
    releasing: RwSignal<bool>,
    /// Whether it is asked why it is an emergency, and the signing of that.
    pub urging: RwSignal<bool>,
    /// The signing under way.
    pub ceremony: Ceremony,
    mover: Mover,
    /// The post that is to come again, while that is chosen.
    pub repeating: RwSignal<Option<Repeated>>,
    /// Links half typed: the page is drawn anew whenever the post changes, and they must outlive that.
    typed: StoredValue<Vec<(PublicationId, String)>>,
    /// The kits that were drawn.
    kits: StoredValue<Vec<Drawn>>,
}

impl Doing {
    /// Nothing is under way.
    pub fn new(sheet: Fetched<Sheet>) -> Self {
        let mover = Mover::new(move |moved| match moved {
            Moved::Trying(..) => {}
            Moved::Done(wanted, _, slot) => {
                let text = match slot {
                    Some(at) if !wanted.agreed => lang().plan_placed(around::when(at, Form::Full)),
                    Some(at) => lang().post_placed(around::when(at, Form::Full)),
                    None => lang().post_unplaced().to_owned(),
                };
                toasts::done(text);
                sheet.again();
            }
            // Said in the dialog that asked.
            Moved::Refused(..) => sheet.again(),
        });
        Self {
            sheet,
            work: Work::new(),
            asked: RwSignal::new(None),
            asking: RwSignal::new(false),
            releasing: RwSignal::new(false),
            urging: RwSignal::new(false),
            ceremony: Ceremony::new(),
            mover,
            repeating: RwSignal::new(None),
            typed: StoredValue::new(Vec::new()),
            kits: StoredValue::new(Vec::new()),
        }
    }

    /// Runs a request and shows the post as it is afterwards.
    pub fn run(self, request: Request, done: &'static str) {
        self.work.run(request, move |view| {
            self.asking.set(false);
            self.releasing.set(false);
            put(self.sheet, view);
            toasts::done(done);
        });
    }

    /// Asks the engine for what is shown.
    pub fn again(self) {
        self.sheet.again();
    }

    /// What is shown now.
    pub fn sheet(self) -> Option<Sheet> {
        self.sheet.now()
    }

    /// Shows the post as it is after an act.
    pub fn put(self, view: PostView) {
        put(self.sheet, view);
    }

    /// The link that was being typed for a publication.
    pub fn typed(self, id: &PublicationId) -> String {
        let found =
            |typed: &Vec<(PublicationId, String)>| typed.iter().find(|(of, _)| of == id).map(|(_, text)| text.clone());
        self.typed.with_value(found).unwrap_or_default()
    }

    /// Keeps it.
    pub fn keep_typed(self, id: PublicationId, text: String) {
        self.typed.update_value(|typed| {
            typed.retain(|(of, _)| *of != id);
            typed.push((id, text));
        });
    }

    /// What is in the kit that is published from, if one was drawn.
    pub fn kit(self, act: &ActId) -> Option<String> {
        self.kits.with_value(|kits| kits.iter().find(|drawn| drawn.of == *act).map(|drawn| drawn.had.clone()))
    }

    /// A kit is drawn: it is the one that is published from, unless an earlier one is.
    pub fn see_kit(self, act: &ActId, hash: &str) {
        self.kits.update_value(|kits| match kits.iter_mut().find(|drawn| drawn.of == *act) {
            Some(drawn) => {
                hash.clone_into(&mut drawn.now);
                if drawn.had.is_empty() {
                    hash.clone_into(&mut drawn.had);
                }
            }
            None => kits.push(Drawn { of: act.clone(), had: hash.to_owned(), now: hash.to_owned() }),
        });
    }

    /// The kit that is drawn is published from now on.
    pub fn take_kit(self, act: &ActId) {
        self.kits.update_value(|kits| {
            let its = kits.iter_mut().filter(|drawn| drawn.of == *act);
            its.for_each(|drawn| drawn.had.clone_from(&drawn.now));
        });
    }

    /// The kit that was published from is not the one of now: the one that is drawn is, or the next one that will be.
    pub fn renew_kit(self, act: &ActId) {
        self.kits.update_value(|kits| {
            for drawn in kits.iter_mut().filter(|drawn| drawn.of == *act) {
                // Until the next is drawn, what they had is no kit at all: it is refused again, and not believed.
                if drawn.had == drawn.now {
                    drawn.now.clear();
                }
                drawn.had.clone_from(&drawn.now);
            }
        });
    }

    /// Nothing was published from it.
    pub fn forget_kit(self, act: &ActId) {
        self.kits.update_value(|kits| kits.retain(|drawn| drawn.of != *act));
    }

    /// Asks why, then does it.
    pub fn ask(self, asked: Asked) {
        self.work.problem.set(None);
        self.asked.set(Some(asked));
        self.asking.set(true);
    }

    /// An act that wants a reason: the post's id and version, and the endpoint.
    fn ask_for(
        self,
        texts: ReasonTexts,
        sheet: &Sheet,
        endpoint: &'static wire::Endpoint<Reason, PostView>,
        done: &'static str,
    ) {
        let (post, version) = (sheet.view.post.id.clone(), sheet.view.post.version);
        let act = Callback::new(move |reason: String| {
            let post = post.clone();
            let request = async move { api::call(endpoint, &[post.as_str()], &Reason { version, reason }).await };
            self.run(Box::pin(request), done);
        });
        self.ask(Asked { texts, tone: Tone::Danger, act });
    }
}

fn put(sheet: Fetched<Sheet>, view: PostView) {
    if let Some(now) = sheet.now() {
        // What it is compared with may be another now: the next look brings it.
        let earlier = now.earlier.filter(|_| view.post.rounds == now.view.post.rounds);
        sheet.put(Sheet { view, channels: now.channels, earlier });
    }
}

/// The texts of a question for a reason.
pub fn reason_texts(title: &str, text: &str) -> ReasonTexts {
    let lang = lang();
    ReasonTexts {
        title: title.to_owned(),
        text: text.to_owned(),
        reason: lang.general_reason().to_owned(),
        hint: lang.general_reason_hint().to_owned(),
        act: title.to_owned(),
        close: lang.general_back().to_owned(),
    }
}

/// The dialogs of the page, and what went wrong with the last act.
#[component]
pub fn Dialogs(doing: Doing) -> AnyView {
    let lang = lang();
    let release = move || {
        let Some(sheet) = doing.sheet.now() else { return };
        let at = AtVersion { version: sheet.view.post.version };
        let post = sheet.view.post.id;
        let request = async move { api::call(&posts::RELEASE, &[post.as_str()], &at).await };
        doing.run(Box::pin(request), lang.post_released());
    };
    view! {
        <ProblemNotice problem=doing.work.problem />
        {move || doing.asked.get().map(|asked| {
            // The same question twice is a new dialog each time: the reason of the last one is not offered again.
            view! { <ReasonDialog open=doing.asking texts=asked.texts tone=asked.tone busy=doing.work.busy on_reason=asked.act /> }
        })}
        <Dialog open=doing.releasing title=lang.post_release() close=lang.general_cancel()>
            <p>{lang.post_release_text()}</p>
            <ProblemNotice problem=doing.work.problem />
            <div class="actions end">
                <Button on_press=move || doing.releasing.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary busy=doing.work.busy on_press=release>{lang.post_release_do()}</Button>
            </div>
        </Dialog>
        <emergency::AskDialog doing />
        <Places placing=doing.mover />
        {move || doing.repeating.with(Option::is_some).then(chunks::repeat)}
    }
    .into_any()
}

/// Taking down what is out, or correcting it, for who may: what a disowned emergency asks for.
pub fn mend(sheet: &Sheet, doing: Doing) -> Vec<AnyView> {
    let may = |act: Act| session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, act)));
    let is_out = sheet.view.publications.iter().any(|one| one.state == domain::delivery::PublicationState::Out);
    let correcting = matches!(&sheet.view.post.stage, Stage::Out { correction: Some(_), .. });
    let mut acts = Vec::new();
    if sheet.view.publications.iter().any(PublicationView::is_seen) && may(Act::TakeDown) {
        acts.push(take_down(sheet, doing));
    }
    if is_out && may(Act::Correct) && !correcting {
        acts.push(correct(sheet));
    }
    acts
}

fn correct(sheet: &Sheet) -> AnyView {
    let href = format!("{}?act=correct", routes::edit(&sheet.view.post.id));
    view! { <LinkButton href glyph=Glyph::Pencil>{lang().post_correct()}</LinkButton> }.into_any()
}

fn take_down(sheet: &Sheet, doing: Doing) -> AnyView {
    let (lang, sheet) = (lang(), sheet.clone());
    let ask = move || {
        let texts = reason_texts(lang.post_take_down(), lang.post_take_down_text());
        doing.ask_for(texts, &sheet, &posts::TAKE_DOWN, lang.post_taken_down());
    };
    view! { <Button tone=Tone::Danger on_press=ask>{lang.post_take_down()}</Button> }.into_any()
}

/// The acts that are allowed now.
pub fn bar(sheet: &Sheet, doing: Doing) -> AnyView {
    let lang = lang();
    let post = &sheet.view.post;
    let may = |act: Act| session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, act)));
    let own = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()));
    let mut bar: Vec<AnyView> = Vec::new();
    let edit = |tone: Tone| {
        let name = if may(Act::Write) { lang.general_edit() } else { lang.post_contribute() };
        view! { <LinkButton href=routes::edit(&post.id) tone glyph=Glyph::Pencil>{name}</LinkButton> }.into_any()
    };
    let place = |tone: Tone| {
        let wanted = Movable {
            post: post.id.clone(),
            version: post.version,
            heading: post.content.heading(),
            now_at: post.slot().map(|slot| slot.at),
            agreed: !matches!(post.stage, Stage::Draft { .. } | Stage::InReview { .. }),
        };
        let name = match (wanted.now_at.is_some(), wanted.agreed) {
            (true, true) => lang.calendar_move(),
            (false, true) => lang.calendar_place(),
            (true, false) => lang.plan_move(),
            (false, false) => lang.plan_place(),
        };
        view! { <Button tone glyph=Glyph::Clock on_press=move || doing.mover.ask(wanted.clone())>{name}</Button> }
            .into_any()
    };
    let release =
        || view! { <Button on_press=move || doing.releasing.set(true)>{lang.post_release()}</Button> }.into_any();
    let cancel = || {
        let sheet = sheet.clone();
        let ask = move || {
            let texts = reason_texts(lang.post_cancel(), lang.post_cancel_text());
            doing.ask_for(texts, &sheet, &posts::CANCEL, lang.post_cancelled());
        };
        view! { <Button tone=Tone::Danger on_press=ask>{lang.post_cancel()}</Button> }.into_any()
    };
    let at_version =
        |endpoint: &'static wire::Endpoint<AtVersion, PostView>, name: &'static str, done: &'static str| {
            let (id, version) = (post.id.clone(), post.version);
            let act = move || {
                let id = id.clone();
                let request = async move { api::call(endpoint, &[id.as_str()], &AtVersion { version }).await };
                doing.run(Box::pin(request), done);
            };
            view! { <Button busy=doing.work.busy on_press=act>{name}</Button> }.into_any()
        };
    match &post.stage {
        Stage::Draft { .. } => {
            if may(Act::Contribute) {
                bar.push(edit(Tone::Primary));
            }
            if may(Act::Publish) {
                bar.push(place(Tone::Plain));
            }
            if may(Act::Write) {
                bar.push(cancel());
            }
            bar.extend(emergency::button(sheet, doing));
        }
        Stage::InReview { round } => {
            let decides = may(Act::Decide) && own.as_ref() != Some(&post.author) && own.as_ref() != Some(&round.by);
            if decides {
                let href = format!("{}?post={}", routes::APPROVALS, post.id);
                bar.push(
                    view! { <LinkButton href tone=Tone::Primary glyph=Glyph::Check>{lang.post_decide()}</LinkButton> }
                        .into_any(),
                );
            }
            if may(Act::Submit) {
                bar.push(at_version(&posts::WITHDRAW, lang.post_withdraw(), lang.post_withdrawn()));
            }
            if may(Act::Publish) {
                bar.push(place(Tone::Plain));
            }
            if may(Act::Write) {
                bar.push(edit(Tone::Plain));
                bar.push(cancel());
            }
            bar.extend(emergency::button(sheet, doing));
        }
        Stage::Approved { .. } | Stage::Placed { .. } => {
            let placed = post.stage.slot().is_some();
            if sheet.publishes() {
                bar.push(place(if placed { Tone::Plain } else { Tone::Primary }));
                if placed {
                    bar.push(at_version(&posts::UNPLACE, lang.calendar_unplace(), lang.post_unplaced()));
                }
                bar.push(release());
            }
            if may(Act::Write) {
                bar.push(edit(Tone::Plain));
                bar.push(cancel());
            }
        }
        Stage::Out { correction, .. } => {
            let is_out = sheet.view.publications.iter().any(|one| one.state == domain::delivery::PublicationState::Out);
            match correction {
                Some(correction)
                    if may(Act::Decide)
                        && own.as_ref() != Some(&post.author)
                        && own.as_ref() != Some(&correction.round.by) =>
                {
                    let href = format!("{}?post={}", routes::APPROVALS, post.id);
                    let decide = view! { <LinkButton href tone=Tone::Primary glyph=Glyph::Check>{lang.post_decide()}</LinkButton> };
                    bar.push(decide.into_any());
                }
                None if is_out && may(Act::Correct) => {
                    bar.push(correct(sheet));
                }
                _ => {}
            }
            if sheet.view.publications.iter().any(PublicationView::is_seen) && may(Act::TakeDown) {
                bar.push(take_down(sheet, doing));
            }
        }
        Stage::Cancelled { .. } => {}
    }
    if may(Act::Publish) {
        let of =
            Repeated { post: post.id.clone(), heading: post.content.heading(), at: post.slot().map(|slot| slot.at) };
        let ask = move || doing.repeating.set(Some(of.clone()));
        bar.push(view! { <Button tone=Tone::Quiet on_press=ask>{lang.series_open()}</Button> }.into_any());
    }
    if may(Act::Task) {
        let href = format!("{}?about={}", routes::TASKS, post.id);
        bar.push(
            view! { <LinkButton href tone=Tone::Quiet glyph=Glyph::List>{lang.task_new()}</LinkButton> }.into_any(),
        );
    }
    view! { <div class="actions">{bar}</div> }.into_any()
}
