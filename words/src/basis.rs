//! By what right a post says what it says, in words.

use domain::basis::Basis;

use crate::Lang;

/// The basis, and the template that it was begun with.
pub fn basis(lang: Lang, basis: &Basis) -> String {
    let text = basis.text.trim();
    let said = (!text.is_empty()).then(|| lang.basis_said(text.trim_end_matches('.')));
    let from = basis.from.as_ref().map(|from| lang.basis_from(&from.name, from.version));
    said.into_iter().chain(from).collect::<Vec<_>>().join(" ")
}

/// What changes of it.
pub fn basis_changed(lang: Lang, before: Option<&Basis>, after: Option<&Basis>) -> String {
    let said = |one: Option<&Basis>| {
        let text = one.map(|one| one.text.trim().to_owned()).unwrap_or_default();
        if text.is_empty() { lang.difference_none().to_owned() } else { text }
    };
    let from = |one: Option<&Basis>| one.and_then(|one| one.from.clone());
    let text = lang.basis_changed(said(after), said(before));
    match from(after).filter(|now| from(before).as_ref() != Some(now)) {
        Some(now) => [text, lang.basis_from(now.name, now.version)].join(" "),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use domain::{TemplateId, basis::Origin};

    use super::*;

    #[test]
    fn it_reads_as_a_sentence_and_says_where_it_comes_from() {
        let from = Origin { template: TemplateId::from_bits(1), version: 2, name: "Corte de agua".to_owned() };
        let of = |text: &str, from: Option<Origin>| Basis { text: text.to_owned(), from };
        let said = |one: &Basis| basis(Lang::Es, one);
        assert_eq!(said(&of("Ley 7/2022.", None)), "Base legal: Ley 7/2022.");
        let begun = "Empezada con el modelo «Corte de agua», versión 2.";
        assert_eq!(said(&of("", Some(from.clone()))), begun);
        assert_eq!(said(&of("Ley 7/2022", Some(from.clone()))), ["Base legal: Ley 7/2022.", begun].join(" "));
        let changed = basis_changed(Lang::Es, None, Some(&of("Ley 7/2022", None)));
        assert_eq!(changed, "Base legal: antes «ninguno», ahora «Ley 7/2022».");
        let other = basis_changed(Lang::Es, Some(&of("Ley 7/2022", None)), Some(&of("Ley 7/2022", Some(from))));
        assert!(other.ends_with(begun), "{other}");
    }
}
