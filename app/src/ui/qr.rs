//! A QR code as one SVG path: for a link that is handed over in person. Dark on light in every theme, or a camera
//! cannot read it.

use fast_qr::{ECL, QRBuilder};
use leptos::prelude::*;

/// Light modules around the code that the standard asks for.
const QUIET: usize = 4;

/// From this many bytes on, smaller modules cost more readings than a higher correction saves.
const LONG: usize = 300;

/// The dark modules of a code, row by row, as an SVG path; nothing for a text that does not fit.
fn path(text: &str) -> Option<(usize, String)> {
    let level = if text.len() < LONG { ECL::M } else { ECL::L };
    let code = QRBuilder::new(text).ecl(level).build().ok()?;
    let mut path = String::new();
    for row in 0..code.size {
        for (column, module) in code[row].iter().enumerate().take(code.size) {
            if module.value() {
                for piece in ["M", &(column + QUIET).to_string(), " ", &(row + QUIET).to_string(), "h1v1h-1z"] {
                    path.push_str(piece);
                }
            }
        }
    }
    Some((code.size + 2 * QUIET, path))
}

/// A QR code; `label` says what it holds.
#[component]
pub fn Qr(
    /// What it holds.
    #[prop(into)]
    text: String,
    /// What it is, for who cannot see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    path(&text)
        .map(|(size, path)| {
            let size = size.to_string();
            let view_box = ["0 0 ", size.as_str(), " ", size.as_str()].concat();
            view! {
                <svg class="qr" viewBox=view_box role="img" aria-label=label>
                    <rect width=size.clone() height=size fill="#fff"></rect>
                    <path d=path fill="#000"></path>
                </svg>
            }
        })
        .into_any()
}
