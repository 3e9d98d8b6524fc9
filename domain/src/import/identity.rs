//! Which post a row becomes. Separate because it has to hold over months: whoever brings a sheet again, after a tab that was
//! closed half-way or after some rows were mended, finds what was written, and nothing is written twice.

use sha2::{Digest, Sha256};

use super::{Column, Row};
use crate::{ChannelId, OrganisationId, PostId};

/// The identity of the post that a row becomes: what its cells say by their columns, and where it goes if it names no channel. The
/// file, the number of the row and the order of the columns are no part of it: a plan is saved under another name, a row is put
/// in above, a column of notes is added. Who says that a column means something else says something else.
pub fn identity(organisation: &OrganisationId, columns: &[Option<Column>], usual: &[ChannelId], row: &Row) -> PostId {
    let cells = columns.iter().zip(&row.cells);
    let mut said: Vec<(&Column, &str)> = cells
        .filter_map(|(column, cell)| Some((column.as_ref()?, cell.trim())))
        .filter(|said| !said.1.is_empty())
        .collect();
    said.sort_unstable();
    let mut usual: Vec<&str> = usual.iter().map(ChannelId::as_str).collect();
    usual.sort_unstable();
    if said.iter().any(|(column, _)| **column == Column::Channels) {
        usual.clear();
    }
    let mut hash = Sha256::new();
    let mut take = |part: &str| {
        // Each with its length: no two rows run into the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    };
    take("pregon/import/1");
    take(organisation.as_str());
    for (column, cell) in said {
        let (name, language) = called(column);
        take(name);
        take(language);
        take(cell);
    }
    usual.into_iter().for_each(take);
    let mut bits = [0_u8; 16];
    let digest: [u8; 32] = hash.finalize().into();
    bits.iter_mut().zip(digest).for_each(|(bit, byte)| *bit = byte);
    PostId::from_bits(u128::from_be_bytes(bits))
}

/// A column by a name that stays, and its language.
fn called(column: &Column) -> (&'static str, &str) {
    match column {
        Column::Title(language) => ("title", language.as_str()),
        Column::Text(language) => ("text", language.as_str()),
        Column::Channels => ("channels", ""),
        Column::When => ("when", ""),
        Column::Day => ("day", ""),
        Column::Hour => ("hour", ""),
        Column::Kind => ("kind", ""),
        Column::Link => ("link", ""),
        Column::Campaign => ("campaign", ""),
        Column::Pillar => ("pillar", ""),
        Column::Audience => ("audience", ""),
        Column::Message => ("message", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn town() -> OrganisationId {
        OrganisationId::from_bits(1)
    }

    fn row(number: usize, cells: &[&str]) -> Row {
        Row { number, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
    }

    fn columns() -> Vec<Option<Column>> {
        vec![Some(Column::Day), Some(Column::Channels), Some(Column::Text(Language::spanish())), None]
    }

    fn usual() -> [ChannelId; 1] {
        [ChannelId::from_bits(1)]
    }

    fn of(cells: &[&str]) -> PostId {
        identity(&town(), &columns(), &usual(), &row(2, cells))
    }

    #[test]
    fn a_row_that_is_brought_again_is_the_same_post() {
        let first = of(&["24/12/2026", "", "Cerramos.", "interno"]);
        // As it was reckoned once: what was imported then is found by it.
        assert_eq!(first.as_str(), "0yy4ynpr4ekmadv1wyh072spx8");
        assert_eq!(of(&["24/12/2026", "", "Cerramos.", "otra nota"]), first);
        let below = identity(&town(), &columns(), &usual(), &row(40, &["24/12/2026", "", " Cerramos. ", ""]));
        assert_eq!(below, first, "a row was put in above it");
        let turned = [Some(Column::Text(Language::spanish())), Some(Column::Day)];
        let again = identity(&town(), &turned, &usual(), &row(2, &["Cerramos.", "24/12/2026"]));
        assert_eq!(again, first, "the columns were put in another order");
    }

    #[test]
    fn what_says_something_else_is_another_post() {
        let first = of(&["24/12/2026", "", "Cerramos.", ""]);
        assert_ne!(of(&["25/12/2026", "", "Cerramos.", ""]), first);
        assert_ne!(of(&["24/12/2026", "Bluesky", "Cerramos.", ""]), first);
        assert_ne!(of(&["", "", "24/12/2026Cerramos.", ""]), of(&["24/12/2026", "", "Cerramos.", ""]));
        let cells = row(2, &["24/12/2026", "", "Cerramos.", ""]);
        assert_ne!(identity(&OrganisationId::from_bits(2), &columns(), &usual(), &cells), first);
        let mut english = columns();
        english[2] = Some(Column::Text(Language::english()));
        assert_ne!(identity(&town(), &english, &usual(), &cells), first);
    }

    #[test]
    fn where_rows_go_that_name_no_channel_is_of_those_alone() {
        let elsewhere = [ChannelId::from_bits(2)];
        let at = |usual: &[ChannelId], cells: &[&str]| identity(&town(), &columns(), usual, &row(2, cells));
        assert_ne!(at(&usual(), &["", "", "Hola", ""]), at(&elsewhere, &["", "", "Hola", ""]));
        assert_eq!(at(&usual(), &["", "X", "Hola", ""]), at(&elsewhere, &["", "X", "Hola", ""]));
        let (one, other) =
            ([ChannelId::from_bits(1), ChannelId::from_bits(2)], [ChannelId::from_bits(2), ChannelId::from_bits(1)]);
        assert_eq!(at(&one, &["", "", "Hola", ""]), at(&other, &["", "", "Hola", ""]));
    }
}
