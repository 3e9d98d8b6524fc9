//! Elements that stay as they were made, all of one type. Separate from `view!`, which makes a type of every element with
//! all that stands in it, and code for each: that is worth it where something changes in place, and a sheet that is only
//! read was half of what a phone had to fetch for it.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::{
            Rndr,
            types::{Element, Node},
        },
        view::{Mountable, Position, PositionState, Render, RenderHtml, add_attr::AddAnyAttr, any_view::AnyViewState},
    },
};

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

    fn grow(self) -> Grown {
        let element = Rndr::create_element(self.name, self.space);
        for (name, value) in &self.attributes {
            Rndr::set_attribute(&element, name, value);
        }
        let mut views = Vec::new();
        for inside in self.inside {
            match inside {
                Inside::Text(text) => Rndr::insert_node(&element, &Rndr::create_text_node(&text), None),
                Inside::Plain(plain) => {
                    let mut grown = plain.grow();
                    grown.mount(&element, None);
                    views.append(&mut grown.views);
                }
                Inside::View(view) => {
                    let mut state = view.build();
                    state.mount(&element, None);
                    views.push(state);
                }
            }
        }
        Grown { element, views }
    }
}

impl Put for Plain {
    fn put(self, inside: &mut Vec<Inside>) {
        inside.push(Inside::Plain(self));
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

/// An element in the page, with what in it lives.
pub struct Grown {
    element: Element,
    views: Vec<AnyViewState>,
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

    fn rebuild(self, state: &mut Grown) {
        let mut new = self.grow();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
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
