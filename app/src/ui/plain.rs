//! Elements with nothing to press, all of one type. Separate from `view!`, which makes a type of every element with all
//! that stands in it, and code for each: that is worth it where somebody acts, and for sheets that are only read it was a
//! third of what a phone had to fetch for them.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::{
            Rndr,
            types::{Element, Node, Text},
        },
        view::{Mountable, Position, PositionState, Render, RenderHtml, add_attr::AddAnyAttr, any_view::AnyViewState},
    },
};
use serde_json::{Map, Value};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element. What stands in it may change by itself where it is a view of its own.
pub struct Plain {
    name: &'static str,
    space: Option<&'static str>,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Inside>,
}

/// What stands in an element.
pub enum Inside {
    /// A text.
    Text(String),
    /// Another of its kind.
    Plain(Plain),
    /// Anything else.
    View(AnyView),
}

impl Inside {
    /// As a view by itself.
    pub fn into_view(self) -> AnyView {
        match self {
            Inside::Text(text) => text.into_any(),
            Inside::Plain(plain) => plain.into_any(),
            Inside::View(view) => view,
        }
    }
}

/// What can be put into an element.
pub trait Put {
    /// Puts it there.
    fn put(self, inside: &mut Vec<Inside>);
}

/// An element of HTML; `class` may be empty.
pub fn el(name: &'static str, class: &'static str) -> Plain {
    let mut made = Plain { name, space: None, attributes: Vec::new(), inside: Vec::new() };
    if !class.is_empty() {
        made.attributes.push(("class", class.to_owned()));
    }
    made
}

/// An element of SVG; `class` may be empty.
pub fn svg(name: &'static str, class: &'static str) -> Plain {
    Plain { space: Some(SVG), ..el(name, class) }
}

/// A view that is drawn anew when what it asks changes. One type for all of them, as `Plain` is.
pub fn live(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    fn boxed(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || draw()).into_any()
    }
    boxed(Box::new(draw))
}

impl Plain {
    /// With an attribute.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With something in it, behind what is there already.
    pub fn put(mut self, what: impl Put) -> Self {
        what.put(&mut self.inside);
        self
    }

    /// All of it as JSON, for who draws it where this program is not: `[name, attributes, inside …]`, a text as a text.
    /// What changes by itself is not in it.
    pub fn written(&self) -> Value {
        // One by one: to collect them is to sort them first, and that is 3 KB.
        let mut attributes = Map::new();
        for (name, value) in &self.attributes {
            attributes.insert((*name).to_owned(), value.as_str().into());
        }
        let inside = self.inside.iter().filter_map(|inside| match inside {
            Inside::Text(text) => Some(text.as_str().into()),
            Inside::Plain(plain) => Some(plain.written()),
            Inside::View(_) => None,
        });
        [self.name.into(), Value::Object(attributes)].into_iter().chain(inside).collect()
    }

    fn grow(self) -> Grown {
        let Plain { name, space, attributes, inside } = self;
        let element = Rndr::create_element(name, space);
        for (name, value) in &attributes {
            Rndr::set_attribute(&element, name, value);
        }
        let grow = |inside| match inside {
            Inside::Text(text) => {
                let node = Rndr::create_text_node(&text);
                Rndr::insert_node(&element, &node, None);
                Held::Text(node, text)
            }
            Inside::Plain(plain) => {
                let mut grown = plain.grow();
                grown.mount(&element, None);
                Held::Plain(grown)
            }
            Inside::View(view) => {
                let mut state = view.build();
                state.mount(&element, None);
                Held::View(state)
            }
        };
        let inside = inside.into_iter().map(grow).collect();
        Grown { element, name, attributes, inside }
    }
}

impl Put for Plain {
    fn put(self, inside: &mut Vec<Inside>) {
        inside.push(Inside::Plain(self));
    }
}

impl Put for Inside {
    fn put(self, inside: &mut Vec<Inside>) {
        inside.push(self);
    }
}

impl Put for AnyView {
    fn put(self, inside: &mut Vec<Inside>) {
        inside.push(Inside::View(self));
    }
}

impl Put for String {
    fn put(self, inside: &mut Vec<Inside>) {
        inside.push(Inside::Text(self));
    }
}

impl Put for &str {
    fn put(self, inside: &mut Vec<Inside>) {
        inside.push(Inside::Text(self.to_owned()));
    }
}

impl<P: Put> Put for Option<P> {
    fn put(self, inside: &mut Vec<Inside>) {
        if let Some(one) = self {
            one.put(inside);
        }
    }
}

impl<P: Put> Put for Vec<P> {
    fn put(self, inside: &mut Vec<Inside>) {
        self.into_iter().for_each(|one| one.put(inside));
    }
}

/// An element in the page, as it was made, with what in it lives.
pub struct Grown {
    element: Element,
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Held>,
}

enum Held {
    Text(Text, String),
    Plain(Grown),
    View(AnyViewState),
}

impl Grown {
    /// Whether it can become the other one without being made anew.
    fn is_like(&self, other: &Plain) -> bool {
        let named = self.attributes.iter().map(|(name, _)| name).eq(other.attributes.iter().map(|(name, _)| name));
        let same = |(held, inside): (&Held, &Inside)| {
            matches!(
                (held, inside),
                (Held::Text(..), Inside::Text(_))
                    | (Held::Plain(_), Inside::Plain(_))
                    | (Held::View(_), Inside::View(_))
            )
        };
        let alike = self.inside.len() == other.inside.len() && self.inside.iter().zip(&other.inside).all(same);
        self.name == other.name && named && alike
    }
}

impl Mountable for Grown {
    fn unmount(&mut self) {
        self.element.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.element.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.element.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}

impl Render for Plain {
    type State = Grown;

    fn build(self) -> Grown {
        self.grow()
    }

    // In place where it can be: a picture is not to flicker, nor what was opened to close, at every key that is pressed.
    fn rebuild(self, state: &mut Grown) {
        if !state.is_like(&self) {
            let mut new = self.grow();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        for ((name, value), (_, old)) in self.attributes.into_iter().zip(&mut state.attributes) {
            if value != *old {
                Rndr::set_attribute(&state.element, name, &value);
                *old = value;
            }
        }
        for (inside, held) in self.inside.into_iter().zip(&mut state.inside) {
            match (inside, held) {
                (Inside::Text(text), Held::Text(node, old)) if text != *old => {
                    Rndr::set_text(node, &text);
                    *old = text;
                }
                (Inside::Plain(plain), Held::Plain(grown)) => plain.rebuild(grown),
                (Inside::View(view), Held::View(state)) => view.rebuild(state),
                _ => {}
            }
        }
    }
}

impl AddAnyAttr for Plain {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, _: New) -> Self {
        self
    }
}

// Nothing of the desk is drawn on a server: this is only what a view has to have.
impl RenderHtml for Plain {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Grown {
        self.grow()
    }

    fn into_owned(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_it_is_drawn() {
        let made = el("p", "hint").with("lang", "es").put("Así ").put(el("b", "").put("es")).put(None::<Plain>);
        assert_eq!(made.written().to_string(), r#"["p",{"class":"hint","lang":"es"},"Así ",["b",{},"es"]]"#);
    }
}
