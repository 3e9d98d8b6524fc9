//! What the town of the demo has written beforehand: the ready templates, a standard reply that is agreed to and one that waits
//! for it.

use std::collections::BTreeMap;

use domain::{
    Language, Millis, Refusal, ReplyId, Template, TemplateId, json,
    record::Subject,
    reply::{self, Reply},
    template::{keep as checked, ready},
};

use super::{Town, keep as keep_entry};
use crate::store::{Unit, texts as store};

struct Said {
    situation: &'static str,
    es: &'static str,
    en: &'static str,
    dos: &'static str,
    donts: &'static str,
    source: &'static str,
    topics: &'static [&'static str],
}

const AGREED: Said = Said {
    situation: "¿Qué día se recogen los muebles viejos?",
    es: "Los recogemos el primer lunes de cada mes. Avise antes en el 900 000 000 y déjelos junto a su puerta la noche anterior.",
    en: "We collect them on the first Monday of each month. Call 900 000 000 first and leave them at your door the night before.",
    dos: "Dar el teléfono también a quien no ha preguntado por él.",
    donts: "No prometer otro día.",
    source: "Ordenanza municipal de limpieza, art. 31",
    topics: &["residuos", "recogida"],
};
const DRAFT: Said = Said {
    situation: "Un comentario insulta a una persona del Ayuntamiento",
    es: "Lamentamos su malestar. Cuéntenos qué ha pasado por los cauces de quejas y le responderemos; los insultos no los contestamos.",
    en: "We are sorry that you are upset. Tell us what happened through the complaints channel and we will answer; we do not answer insults.",
    dos: "Guardar el comentario antes de nada.",
    donts: "No ocultarlo porque sea crítico: solo si incumple las normas publicadas.",
    source: "Normas de participación de la entidad",
    topics: &["moderación"],
};

/// Keeps them.
///
/// # Errors
/// Whatever a rule refuses: then the texts are wrong.
pub fn keep(town: &Town<'_>, unit: &mut Unit) -> Result<(), Refusal> {
    let at = town.now.minus(Millis::days(16));
    let (writer, mayor) = (town.person("tecnico")?.clone(), town.person("alcaldesa")?.clone());
    let languages = [Language::spanish(), Language::english()];
    let mut templates: Vec<Template> = Vec::new();
    for body in ready(&languages, &writer) {
        let id = TemplateId::from_bits(town.app.bits());
        templates.push(checked(&templates, Template { id, version: 0, body })?);
    }
    store::add_templates(unit, &town.org, &templates, at);
    let names: Vec<&str> = templates.iter().map(|one| one.body.name.as_str()).collect();
    let body = json!({ "what": "templates_added", "count": names.len() as u64, "names": names, "by": writer });
    keep_entry(town, unit, Subject::Policy, &body, at);
    for (said, is_agreed) in [(AGREED, true), (DRAFT, false)] {
        let texts =
            BTreeMap::from([(languages[0].clone(), said.es.to_owned()), (languages[1].clone(), said.en.to_owned())]);
        let body = reply::Body {
            situation: said.situation.to_owned(),
            texts,
            dos: said.dos.to_owned(),
            donts: said.donts.to_owned(),
            source: said.source.to_owned(),
            topics: said.topics.iter().map(|topic| (*topic).to_owned()).collect(),
            owner: writer.clone(),
            until: None,
        };
        let mut reply = Reply::write(None, ReplyId::from_bits(town.app.bits()), 0, body, &writer)?;
        let kept = json!({ "what": "reply_kept", "reply": reply, "name": reply.body.situation, "by": writer });
        keep_entry(town, unit, Subject::Policy, &kept, at);
        store::keep_reply(unit, &town.org, &reply, at);
        if is_agreed {
            let version = reply.version;
            reply = reply.agree(version, &mayor, at)?;
            let kept = json!({ "what": "reply_agreed", "reply": reply, "name": reply.body.situation, "by": mayor });
            keep_entry(town, unit, Subject::Policy, &kept, at);
            store::keep_reply(unit, &town.org, &reply, at);
        }
    }
    Ok(())
}
