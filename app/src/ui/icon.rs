//! The pictures beside words, as paths in the page: no font, no request. They say nothing alone, so they are hidden
//! from screen readers.

use leptos::prelude::*;

use super::plain::{Plain, svg};

/// A picture of 24 × 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A crier's horn: our mark.
    Horn,
    /// A house.
    Home,
    /// A bell.
    Bell,
    /// A calendar.
    Calendar,
    /// A tick.
    Check,
    /// A list with ticks.
    List,
    /// Lines of writing.
    Lines,
    /// A pencil.
    Pencil,
    /// A plus.
    Plus,
    /// A bound book.
    Book,
    /// Waves from a mast.
    Waves,
    /// Two people.
    People,
    /// A town hall.
    Hall,
    /// A key.
    Key,
    /// Two bars.
    Pause,
    /// A triangle.
    Play,
    /// Three dots.
    Dots,
    /// A cross.
    Cross,
    /// A triangle with an exclamation mark.
    Alert,
    /// An i.
    Info,
    /// A door with an arrow.
    Leave,
    /// Two sheets.
    Copy,
    /// A sun and moon.
    Theme,
    /// A chain's link.
    Link,
    /// A clock.
    Clock,
    /// An arrow to the left.
    Before,
    /// An arrow to the right.
    After,
    /// A bin.
    Bin,
    /// An arrow out of a box.
    Out,
    /// A circle of arrows.
    Again,
    /// A way from one box to the next.
    Way,
    /// A lens.
    Search,
    /// A face that smiles.
    Smile,
}

impl Glyph {
    /// Every picture.
    pub const ALL: [Glyph; 33] = [
        Glyph::Horn,
        Glyph::Home,
        Glyph::Bell,
        Glyph::Calendar,
        Glyph::Check,
        Glyph::List,
        Glyph::Lines,
        Glyph::Pencil,
        Glyph::Plus,
        Glyph::Book,
        Glyph::Waves,
        Glyph::People,
        Glyph::Hall,
        Glyph::Key,
        Glyph::Pause,
        Glyph::Play,
        Glyph::Dots,
        Glyph::Cross,
        Glyph::Alert,
        Glyph::Info,
        Glyph::Leave,
        Glyph::Copy,
        Glyph::Theme,
        Glyph::Link,
        Glyph::Clock,
        Glyph::Before,
        Glyph::After,
        Glyph::Bin,
        Glyph::Out,
        Glyph::Again,
        Glyph::Way,
        Glyph::Search,
        Glyph::Smile,
    ];

    const fn path(self) -> &'static str {
        match self {
            Glyph::Horn => "M3 10v4M6 9v6M6 9l11-5v16L6 15M9 16v3a2 2 0 0 0 4 0v-1M20.5 9.5a4 4 0 0 1 0 5",
            Glyph::Home => "M3 11l9-8 9 8M5 9.5V21h14V9.5M10 21v-6h4v6",
            Glyph::Bell => "M5 17h14l-2-3v-4a5 5 0 0 0-10 0v4zM10 20a2 2 0 0 0 4 0",
            Glyph::Calendar => "M4 5h16v16H4zM4 10h16M8 3v4M16 3v4",
            Glyph::Way => "M4 4h5v5H4zM15 15h5v5h-5zM9 6.5h5.5a3 3 0 0 1 3 3V15",
            Glyph::Check => "M4 12.5l5.5 5.5L20 7",
            Glyph::List => "M3 6l1.5 1.5L7.5 4.5M3 12.5L4.5 14l3-3M3 19l1.5 1.5 3-3M11 6h10M11 12.5h10M11 19h10",
            Glyph::Lines => "M4 5h16M4 10h16M4 15h16M4 20h9",
            Glyph::Pencil => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
            Glyph::Plus => "M12 5v14M5 12h14",
            Glyph::Book => "M6 3h13v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM4 18a2 2 0 0 1 2-2h13M9 7h6",
            Glyph::Waves => "M12 12v9M9 21h6M8.5 15.5a5 5 0 1 1 7 0M5.6 18.4a9 9 0 1 1 12.8 0",
            Glyph::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6"
            }
            Glyph::Hall => "M3 21h18M4 9l8-6 8 6zM6 9v9M10 9v9M14 9v9M18 9v9M4 18h16",
            Glyph::Key => "M8 19a5 5 0 1 1 0-10 5 5 0 0 1 0 10zM11.5 10.5L20 2M16 6l3 3M8 14v.01",
            Glyph::Pause => "M8 4v16M16 4v16",
            Glyph::Play => "M7 4l13 8-13 8z",
            Glyph::Dots => "M5 12h.01M12 12h.01M19 12h.01",
            Glyph::Cross => "M5 5l14 14M19 5L5 19",
            Glyph::Alert => "M12 3l10 18H2zM12 10v5M12 18v.01",
            Glyph::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7v.01",
            Glyph::Leave => "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
            Glyph::Copy => "M8 8h12v13H8zM16 8V3H4v13h4",
            Glyph::Theme => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 7l6.5-1M12 12h9M12 17l6.5 1",
            Glyph::Link => {
                "M10 14a4 4 0 0 0 6 .5l4-4a4.2 4.2 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6-.5l-4 4a4.2 4.2 0 0 0 6 6l1.5-1.5"
            }
            Glyph::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
            Glyph::Before => "M15 5l-7 7 7 7",
            Glyph::After => "M9 5l7 7-7 7",
            Glyph::Bin => "M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 10v7M14 10v7",
            Glyph::Out => "M10 4H4v16h16v-6M14 4h6v6M20 4l-9 9",
            Glyph::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21",
            Glyph::Smile => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 14a4.5 4.5 0 0 0 8 0M9 9.5v.01M15 9.5v.01",
            Glyph::Again => "M20 12a8 8 0 1 1-2.5-5.8L20 8.5M20 3v5.5h-5.5",
        }
    }
}

/// A picture beside a word.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    icon(glyph).into_any()
}

/// The same, to be put into another.
pub fn icon(glyph: Glyph) -> Plain {
    let path = svg("path", "").with("d", glyph.path());
    svg("svg", "icon").with("viewBox", "0 0 24 24").with("aria-hidden", "true").put(path)
}
