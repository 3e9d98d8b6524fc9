//! A Facebook page. It speaks under its own name, which is the channel's, not the organisation's.

use super::{Shown, body};
use crate::ui::Plain;

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    body::stacked(shown, (&shown.channel.name, &shown.channel.handle), None, None)
}
