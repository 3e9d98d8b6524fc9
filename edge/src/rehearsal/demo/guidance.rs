//! What the demo's town recommends and checks, and its one unit: adopted through the rules, like everything there.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Bylaws, ItemId, Kind, Language, Millis, Refusal, UnitId,
    bylaws::Unit as Department,
    circuit::Matter,
    guidance::{Advice, Asked, Guidance, Item, Line, Officer, Scope, Tone, Way},
    json,
    policy::Rule,
    record::Subject,
};

use super::{Town, keep};
use crate::store::{Unit, bylaws as store};

fn line(es: &str, en: &str) -> Line {
    Line(BTreeMap::from([(Language::spanish(), es.to_owned()), (Language::english(), en.to_owned())]))
}

fn guidance(town: &Town<'_>) -> Guidance {
    let everywhere = Scope::default;
    let about = |matters: &[Matter]| Scope { matters: matters.iter().copied().collect(), ..Scope::default() };
    let of_kind = |kind| Scope { kinds: BTreeSet::from([kind]), ..Scope::default() };
    let advice = |tone, line, scope| Advice { tone, line, scope };
    let item = |line, asked, way, required, scope| {
        let id = ItemId::from_bits(town.app.bits());
        Item { id, line, asked, way, required, scope }
    };
    Guidance {
        version: 0,
        advice: vec![
            advice(
                Tone::Do,
                line("La fecha y el lugar, en la primera frase.", "Date and place in the first sentence."),
                everywhere(),
            ),
            advice(
                Tone::Do,
                line("Dónde preguntar: el 010 o la sede electrónica.", "Where to ask: 010 or the online office."),
                everywhere(),
            ),
            advice(
                Tone::Do,
                line("Por dónde se puede pasar mientras dure el corte.", "Which way people can go meanwhile."),
                of_kind(Kind::Service),
            ),
            advice(
                Tone::Dont,
                line("Caras de menores, salvo con permiso por escrito.", "Faces of minors without written permission."),
                about(&[Matter::Minors]),
            ),
            advice(
                Tone::Dont,
                line(
                    "Promesas, adjetivos y elogios a quien gobierna.",
                    "Promises, adjectives, praise of those in office.",
                ),
                everywhere(),
            ),
        ],
        checklist: vec![
            item(
                line("Las imágenes dicen lo que muestran.", "The pictures say what they show."),
                Asked::Both,
                Way::Rule { rule: Rule::AltText },
                true,
                everywhere(),
            ),
            item(
                line("Contrastado con el área que lo lleva.", "Checked with the department concerned."),
                Asked::Author,
                Way::Hand,
                true,
                everywhere(),
            ),
            item(
                line("La cantidad es la del expediente.", "The sum is the one in the file."),
                Asked::Both,
                Way::Hand,
                true,
                about(&[Matter::Money]),
            ),
            item(
                line("Leído en todos sus idiomas.", "Read in all of its languages."),
                Asked::Approver,
                Way::Hand,
                false,
                everywhere(),
            ),
        ],
        officers: vec![Officer { name: "Alcaldesa de Villaserena".to_owned(), office: "Alcaldía".to_owned() }],
    }
}

/// Adopts them, into the unit of work.
///
/// # Errors
/// Whatever a rule refuses: then it is a mistake of ours.
pub fn adopt(town: &Town<'_>, unit: &mut Unit) -> Result<Bylaws, Refusal> {
    let at = town.now.minus(Millis::days(17));
    let members = ["urbanismo", "tecnico"].map(|word| town.person(word).cloned());
    let members = members.into_iter().collect::<Result<Vec<_>, _>>()?;
    let works = Department { id: UnitId::from_bits(town.app.bits()), name: "Urbanismo y obras".to_owned(), members };
    let bylaws = town.bylaws.clone().group(vec![works], town.seated.colleagues.clone())?.guide(guidance(town))?;
    // The protocol of emergencies was their first version.
    store::write(unit, &town.org, 1, &bylaws, at);
    let by = town.person("secretaria")?;
    let body = json!({ "what": "units_changed", "units": bylaws.units, "by": by, "version": 2 });
    keep(town, unit, Subject::Bylaws, &body, at);
    let body = json!({ "what": "guidance_changed", "guidance": bylaws.guidance, "by": by, "version": 2 });
    keep(town, unit, Subject::Bylaws, &body, at);
    Ok(bylaws)
}
