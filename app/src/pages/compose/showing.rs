//! How a video is shown on a channel whose network wants that said: who sees it, whether it is made for children, what else is
//! declared. Nothing is chosen beforehand; until both questions are answered nothing of it enters the content, and the rule
//! says what is missing.

use domain::{
    Channel, ChannelId, Showing,
    showing::{Audience, audiences, is_asked_of_children},
};
use leptos::prelude::*;
use words::audience_name;

use super::editor::Editor;
use crate::ui::{Checkbox, Select};

/// What stands in the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fields {
    audience: RwSignal<String>,
    children: RwSignal<String>,
    synthetic: RwSignal<bool>,
    paid: RwSignal<bool>,
}

const YES: &str = "yes";
const NO: &str = "no";

impl Fields {
    fn of(said: Option<Showing>, is_asked: bool) -> Self {
        let word = said.map_or("", |said| said.audience.word());
        // Where it is not asked, it is answered.
        let unasked = if is_asked { "" } else { NO };
        let children = said.map_or(unasked, |said| if said.children { YES } else { NO });
        Self {
            audience: RwSignal::new(word.to_owned()),
            children: RwSignal::new(children.to_owned()),
            synthetic: RwSignal::new(said.is_some_and(|said| said.synthetic)),
            paid: RwSignal::new(said.is_some_and(|said| said.paid)),
        }
    }

    /// What they say, once both questions are answered.
    fn said(self) -> Option<Showing> {
        let audience = self.audience.with(|word| Audience::ALL.into_iter().find(|one| one.word() == word))?;
        let children = self.children.with(|word| match word.as_str() {
            YES => Some(true),
            NO => Some(false),
            _ => None,
        })?;
        Some(Showing { audience, children, synthetic: self.synthetic.get(), paid: self.paid.get() })
    }
}

/// The fields of a channel.
pub fn fields(editor: Editor, channel: &Channel, locked: bool) -> AnyView {
    let lang = editor.lang;
    let (id, network) = (StoredValue::new(channel.id.clone()), channel.network);
    let stored = Memo::new(move |_| id.with_value(|id| editor.seen.with(|content| said_of(&content.targets, id))));
    let is_asked = is_asked_of_children(network);
    let fields = Fields::of(stored.get_untracked(), is_asked);
    // What is written goes into the content.
    Effect::new(move |before: Option<Option<Showing>>| {
        let said = fields.said();
        if before.is_some_and(|before| before != said) && stored.get_untracked() != said {
            editor.content.update(|content| {
                let target = content.targets.iter_mut().find(|one| id.with_value(|id| one.channel == *id));
                target.into_iter().for_each(|target| target.showing = said);
            });
        }
        said
    });
    // What came into the content otherwise (a conflict, a restored draft) stands in the fields.
    Effect::new(move |_| {
        let stored = stored.get();
        if let Some(said) = stored.filter(|_| untrack(|| fields.said()) != stored) {
            fields.audience.set(said.audience.word().to_owned());
            fields.children.set(if said.children { YES } else { NO }.to_owned());
            fields.synthetic.set(said.synthetic);
            fields.paid.set(said.paid);
        }
    });
    let choose = || (String::new(), lang.showing_choose().to_owned());
    let audience = audiences(network).iter().map(|one| (one.word().to_owned(), audience_name(lang, *one).to_owned()));
    let audience: Vec<_> = std::iter::once(choose()).chain(audience).collect();
    let answers = [(NO, lang.showing_adults()), (YES, lang.showing_children())];
    let answers = answers.map(|(value, name)| (value.to_owned(), name.to_owned()));
    let children: Vec<_> = std::iter::once(choose()).chain(answers).collect();
    view! {
        <fieldset class="target-showing stack small" disabled=locked>
            <legend>{lang.showing_title()}</legend>
            <Select label=lang.showing_audience() value=fields.audience options=audience/>
            {is_asked
                .then(|| {
                    view! {
                        <Select
                            label=lang.showing_for_children()
                            hint=lang.showing_for_children_hint()
                            value=fields.children
                            options=children
                        />
                    }
                })}
            <Checkbox
                label=lang.showing_synthetic()
                checked=fields.synthetic
                on_change=move |is_so: bool| fields.synthetic.set(is_so)
            />
            <Checkbox label=lang.showing_paid() checked=fields.paid on_change=move |is_so: bool| fields.paid.set(is_so)/>
        </fieldset>
    }
    .into_any()
}

fn said_of(targets: &[domain::Target], channel: &ChannelId) -> Option<Showing> {
    targets.iter().find(|target| target.channel == *channel).and_then(|target| target.showing)
}
