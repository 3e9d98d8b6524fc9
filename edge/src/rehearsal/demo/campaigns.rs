//! What the town of the demo wants to be heard about, by whom and how often: two campaigns, one of them over, three
//! pillars, three audiences, what is to be understood of two of the pillars, and the promises of its plan.

use chrono::TimeDelta;
use domain::{
    Audience, AudienceId, Belonging, Campaign, CampaignId, Language, Message, MessageId, Millis, Pillar, PillarId,
    Promise, PromiseId, Refusal, Themes, json,
    promise::{self, Per},
    record::Subject,
    window::monday,
};

use super::{Town, keep as keep_entry, misread};
use crate::store::{Unit, campaigns as store, plan};

/// The word of the script, the name, the first and the last day from today, whether it is over.
const CAMPAIGNS: [(&str, &str, i64, i64, bool); 2] =
    [("recicla", "Recicla bien", -12, 40, false), ("invierno", "Villaserena en invierno", -30, -1, true)];

/// What the one that runs is for, by which power, and what it may cost in euros.
const PURPOSE: (&str, &str, u32) =
    ("Que el vidrio que acaba en la basura baje a la mitad.", "Ley 7/2022, de residuos, art. 12.5", 1_800);

const PILLARS: [(&str, &str); 3] = [
    ("servicios", "Servicios que funcionan"),
    ("cultura", "Cultura y fiestas"),
    ("limpia", "Una villa limpia y sostenible"),
];

/// The word of the script, the name, who they are, where they are, what they need.
const AUDIENCES: [(&str, &str, &str, &str, &str); 3] = [
    (
        "mayores",
        "Personas mayores",
        "Más de 65 años; una de cada tres vive sola.",
        "Tablón, WhatsApp y el centro social.",
        "Letra grande, frases cortas y un teléfono al que llamar.",
    ),
    (
        "familias",
        "Familias con niños",
        "Las de los tres colegios y la escuela infantil.",
        "Facebook y WhatsApp, a la salida del colegio.",
        "Fecha, hora y sitio en la primera línea.",
    ),
    (
        "comercio",
        "Comercio y hostelería",
        "Negocios de la calle Mayor y del mercado.",
        "Facebook, por la mañana.",
        "Que el aviso llegue antes de abrir.",
    ),
];

/// The word of the pillar, the sentence, the word of the audience that it is for, if it is for one.
const MESSAGES: [(&str, &str, &str); 3] = [
    ("limpia", "El vidrio va al contenedor verde, sin tapa y sin bolsa.", ""),
    ("limpia", "Los muebles se recogen en casa si se llama antes.", "mayores"),
    ("servicios", "El centro social abre también por las tardes.", "mayores"),
];

/// The letter of the channel, how many, in which time, the words of the pillar and of the audience.
const PROMISES: [(char, u32, Per, &str, &str); 6] = [
    ('N', 8, Per::Week, "", ""),
    ('F', 6, Per::Week, "", ""),
    ('F', 2, Per::Week, "limpia", ""),
    ('M', 2, Per::Week, "", ""),
    ('N', 1, Per::Week, "", "mayores"),
    ('W', 12, Per::Month, "", ""),
];

/// Keeps them.
///
/// # Errors
/// Whatever a rule refuses: then the names are wrong.
pub fn keep(town: &mut Town<'_>, unit: &mut Unit) -> Result<(), Refusal> {
    let at = town.now.minus(Millis::days(18));
    let by = town.person("secretaria")?.clone();
    let today = town.zone.civil(town.now).date();
    let day = |days: i64| today.checked_add_signed(TimeDelta::days(days)).ok_or_else(|| misread("day"));
    let (themes, mut kept) = (Themes::default(), Themes::default());
    for (word, name, first, last, archived) in CAMPAIGNS {
        let id = CampaignId::from_bits(town.app.bits());
        let (first, last) = (Some(day(first)?), Some(day(last)?));
        let (goal, basis, budget) = if archived { ("", "", None) } else { (PURPOSE.0, PURPOSE.1, Some(PURPOSE.2)) };
        let (goal, basis, name) = (goal.to_owned(), basis.to_owned(), name.to_owned());
        let wanted =
            Campaign { id: id.clone(), version: 0, name: name.clone(), first, last, goal, basis, budget, archived };
        let campaign = themes.campaign(wanted)?;
        store::keep_campaign(unit, &town.org, &campaign, at);
        let body = json!({ "what": "campaign_kept", "campaign": campaign, "name": name, "by": by });
        keep_entry(town, unit, Subject::Policy, &body, at);
        town.campaigns.push((word, id));
    }
    for (word, name) in PILLARS {
        let id = PillarId::from_bits(town.app.bits());
        let pillar = themes.pillar(Pillar { id: id.clone(), version: 0, name: name.to_owned(), archived: false })?;
        store::keep_pillar(unit, &town.org, &pillar, at);
        let body = json!({ "what": "pillar_kept", "pillar": pillar, "name": name, "by": by });
        keep_entry(town, unit, Subject::Policy, &body, at);
        town.pillars.push((word, id));
        kept.pillars.push(pillar);
    }
    for (word, name, who, found, needs) in AUDIENCES {
        let id = AudienceId::from_bits(town.app.bits());
        let audience = themes.audience(Audience {
            id: id.clone(),
            version: 0,
            name: name.to_owned(),
            who: who.to_owned(),
            found: found.to_owned(),
            languages: vec![Language::spanish()],
            needs: needs.to_owned(),
            archived: false,
        })?;
        store::keep_audience(unit, &town.org, &audience, at);
        let body = json!({ "what": "audience_kept", "audience": audience, "name": name, "by": by });
        keep_entry(town, unit, Subject::Policy, &body, at);
        town.audiences.push((word, id));
        kept.audiences.push(audience);
    }
    for (pillar, name, audience) in MESSAGES {
        let Belonging { pillar, audience, .. } = of(town, &["", pillar, audience].map(str::to_owned))?;
        let wanted = Message {
            id: MessageId::from_bits(town.app.bits()),
            version: 0,
            pillar: pillar.ok_or_else(|| misread(name))?,
            name: name.to_owned(),
            audiences: audience.into_iter().collect(),
            first: None,
            last: None,
            archived: false,
        };
        let message = kept.message(wanted)?;
        store::keep_message(unit, &town.org, &message, at);
        let body = json!({ "what": "message_kept", "message": message, "name": name, "by": by });
        keep_entry(town, unit, Subject::Policy, &body, at);
        kept.messages.push(message);
    }
    let mut promises = Vec::new();
    // From a Monday on, for some months now.
    let first = monday(day(-90)?);
    for (letter, count, per, pillar, audience) in PROMISES {
        let Belonging { pillar, audience, .. } = of(town, &["", pillar, audience].map(str::to_owned))?;
        let (id, channel) = (PromiseId::from_bits(town.app.bits()), town.channel(letter)?.id.clone());
        let wanted = Promise { id, version: 0, channel, count, per, pillar, audience, first, last: None };
        let promise = promise::keep(&promises, &kept, &town.channels, wanted)?;
        plan::keep(unit, &town.org, &promise, at);
        let body = json!({
            "what": "promise_kept", "promise": promise, "channel": promise.channel, "count": count, "per": per, "by": by,
        });
        keep_entry(town, unit, Subject::Policy, &body, at);
        promises.push(promise);
    }
    Ok(())
}

/// What a scene is filed under.
///
/// # Errors
/// `Malformed` for a word that nothing is called by.
pub fn of(town: &Town<'_>, [campaign, pillar, audience]: &[String; 3]) -> Result<Belonging, Refusal> {
    fn found<T: Clone>(all: &[(&str, T)], word: &str) -> Result<Option<T>, Refusal> {
        if word.is_empty() {
            return Ok(None);
        }
        let one = all.iter().find(|(known, _)| *known == word).ok_or_else(|| misread(word))?;
        Ok(Some(one.1.clone()))
    }
    Ok(Belonging {
        campaign: found(&town.campaigns, campaign)?,
        pillar: found(&town.pillars, pillar)?,
        audience: found(&town.audiences, audience)?,
        message: None,
    })
}
