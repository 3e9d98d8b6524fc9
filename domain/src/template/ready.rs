//! Templates that an organisation may begin with: what a town hall has to say again and again, written plainly, each with
//! what entitles it to say so. They are taken over and from then on are its own.
//! Here and not in `words`: they are data of an organisation, in the languages that it publishes in, and no text of the desk.

use std::collections::BTreeMap;

use super::{Blank, Body, Takes};
use crate::{Belonging, Kind, Language, MemberId, guidance::Line};

/// One language of a ready template: name, heading, text, legal basis.
type Said = [&'static str; 4];

/// A blank: its name, what it takes, whether it is required, what it is called in Spanish and in English.
type Open = (&'static str, Takes, bool, &'static str, &'static str);

struct Ready {
    kind: Kind,
    es: Said,
    en: Said,
    blanks: &'static [Open],
}

const CALLE: Open = ("calle", Takes::Place, true, "Calle o tramo", "Street or stretch");
const LUGAR: Open = ("lugar", Takes::Place, true, "Lugar", "Place");
const FECHA: Open = ("fecha", Takes::Date, true, "Fecha", "Date");
const HORA: Open = ("hora", Takes::Time, true, "Hora", "Time");
const DESDE: Open = ("desde", Takes::Date, true, "Primer día", "First day");
const HASTA: Open = ("hasta", Takes::Date, true, "Último día", "Last day");
const ENLACE: Open = ("enlace", Takes::Link, false, "Enlace con más información", "Link with more");
const TELEFONO: Open = ("telefono", Takes::Place, false, "Teléfono", "Phone");

const ALL: [Ready; 10] = [
    Ready {
        kind: Kind::Service,
        es: [
            "Aviso de obras",
            "Obras en {calle}",
            "Del {desde} al {hasta} hay obras en {calle}.\n\nQué cambia: {cambios}.\nDesvío: {desvio}.\nEl acceso de \
             vecinos, garajes y emergencias se mantiene.\n\nDudas: {telefono}.\nMás información: {enlace}",
            "Ley 7/1985, de Bases del Régimen Local, art. 25.2.d y g (vías públicas y tráfico); ordenanza municipal de tráfico.",
        ],
        en: [
            "Notice of works",
            "Works in {calle}",
            "From {desde} to {hasta} there are works in {calle}.\n\nWhat changes: {cambios}.\nDiversion: {desvio}.\n\
             Residents, garages and emergency services keep their access.\n\nQuestions: {telefono}.\nMore: {enlace}",
            "Spanish Local Government Act 7/1985, art. 25.2.d and g (public roads and traffic); municipal traffic bylaw.",
        ],
        blanks: &[
            CALLE,
            DESDE,
            HASTA,
            ("cambios", Takes::Text, true, "Qué cambia para quien pasa", "What changes for who passes"),
            ("desvio", Takes::Text, false, "Por dónde se va", "The way round"),
            TELEFONO,
            ENLACE,
        ],
    },
    Ready {
        kind: Kind::Event,
        es: [
            "Acto o actividad",
            "{acto}",
            "{acto}: el {fecha}, en {lugar}.\nHora: {hora}.\n\n{descripcion}\n\nEntrada: {entrada}.\nAccesibilidad: \
             {accesibilidad}.\nInscripción e información: {enlace}",
            "Ley 7/1985, de Bases del Régimen Local, art. 25.2.m (promoción de la cultura).",
        ],
        en: [
            "Event or activity",
            "{acto}",
            "{acto}: on {fecha}, at {lugar}.\nTime: {hora}.\n\n{descripcion}\n\nAdmission: {entrada}.\nAccessibility: \
             {accesibilidad}.\nBooking and information: {enlace}",
            "Spanish Local Government Act 7/1985, art. 25.2.m (promotion of culture).",
        ],
        blanks: &[
            ("acto", Takes::Text, true, "Qué se celebra", "What it is"),
            FECHA,
            HORA,
            LUGAR,
            ("descripcion", Takes::Text, false, "En dos frases", "In two sentences"),
            (
                "entrada",
                Takes::Text,
                false,
                "Entrada (gratuita, precio, invitación)",
                "Admission (free, price, by invitation)",
            ),
            (
                "accesibilidad",
                Takes::Text,
                false,
                "Accesibilidad (rampa, bucle, intérprete)",
                "Accessibility (ramp, loop, interpreter)",
            ),
            ENLACE,
        ],
    },
    Ready {
        kind: Kind::Legal,
        es: [
            "Bando",
            "Bando de la Alcaldía: {asunto}",
            "La Alcaldía hace saber:\n\n{disposicion}\n\nSe aplica desde el {fecha}.\nBando n.º {referencia}.\nTexto íntegro: {enlace}",
            "Ley 7/1985, de Bases del Régimen Local, art. 21.1.e (la Alcaldía dicta bandos).",
        ],
        en: [
            "Mayor's proclamation",
            "Proclamation of the Mayor: {asunto}",
            "The Mayor makes known:\n\n{disposicion}\n\nIt applies from {fecha}.\nProclamation no. {referencia}.\nFull text: {enlace}",
            "Spanish Local Government Act 7/1985, art. 21.1.e (the Mayor issues proclamations).",
        ],
        blanks: &[
            ("asunto", Takes::Text, true, "Asunto", "Subject"),
            (
                "disposicion",
                Takes::Text,
                true,
                "Lo que se dispone, tal como se firmó",
                "What is ordered, as it was signed",
            ),
            FECHA,
            ("referencia", Takes::Place, false, "Número del bando", "Number of the proclamation"),
            ("enlace", Takes::Link, true, "Enlace al texto firmado", "Link to the signed text"),
        ],
    },
    Ready {
        kind: Kind::Sensitive,
        es: [
            "Pésame",
            "Pésame por el fallecimiento de {nombre}",
            "El Ayuntamiento lamenta el fallecimiento de {nombre}, {quien}.\n\nAcompañamos en el dolor a su familia y a sus \
             allegados.\n\nLuto oficial: {luto}.\nLa despedida será el {fecha}, en {lugar}.\nHora de la despedida: {hora}.",
            "Reglamento de protocolo, honores y distinciones. Con el consentimiento de la familia.",
        ],
        en: [
            "Condolence",
            "Condolences on the death of {nombre}",
            "The Town Hall regrets the death of {nombre}, {quien}.\n\nOur thoughts are with the family and those close to \
             them.\n\nOfficial mourning: {luto}.\nThe farewell is on {fecha}, at {lugar}.\nTime of the farewell: {hora}.",
            "Regulation of protocol, honours and distinctions. With the family's consent.",
        ],
        blanks: &[
            ("nombre", Takes::Place, true, "Nombre de la persona", "Name of the person"),
            ("quien", Takes::Text, true, "Quién era para el municipio", "Who they were for the town"),
            ("luto", Takes::Text, false, "Luto oficial (días y gestos)", "Official mourning (days, gestures)"),
            ("fecha", Takes::Date, false, "Día de la despedida", "Day of the farewell"),
            ("hora", Takes::Time, false, "Hora de la despedida", "Time of the farewell"),
            ("lugar", Takes::Place, false, "Lugar de la despedida", "Place of the farewell"),
        ],
    },
    Ready {
        kind: Kind::Legal,
        es: [
            "Convocatoria de empleo",
            "Convocatoria: {puesto}",
            "Se convoca {sistema} para cubrir {plazas} de {puesto}.\n\nRequisitos: {requisitos}.\nLas solicitudes se presentan \
             del {desde} al {hasta}, en la sede electrónica o en el Registro.\n\nBases: {enlace}",
            "Constitución, art. 103.3; Real Decreto Legislativo 5/2015 (EBEP), art. 55; Ley 7/1985, art. 91.2.",
        ],
        en: [
            "Call for job applications",
            "Call for applications: {puesto}",
            "{plazas} of {puesto} to be filled by {sistema}.\n\nRequirements: {requisitos}.\nApplications from {desde} to \
             {hasta}, at the electronic office or at the Registry.\n\nTerms: {enlace}",
            "Spanish Constitution, art. 103.3; Royal Legislative Decree 5/2015, art. 55; Act 7/1985, art. 91.2.",
        ],
        blanks: &[
            ("puesto", Takes::Text, true, "Puesto", "Post"),
            ("plazas", Takes::Text, true, "Cuántas («2 plazas»)", "How many (\"2 vacancies\")"),
            ("sistema", Takes::Text, true, "Sistema («concurso-oposición»)", "System (\"competitive examination\")"),
            ("requisitos", Takes::Text, false, "Requisitos en una frase", "Requirements in a sentence"),
            ("desde", Takes::Date, true, "Primer día para presentarlas", "First day for applications"),
            ("hasta", Takes::Date, true, "Último día para presentarlas", "Last day for applications"),
            ("enlace", Takes::Link, true, "Enlace a las bases", "Link to the terms"),
        ],
    },
    Ready {
        kind: Kind::Service,
        es: [
            "Corte de suministro",
            "Corte de {suministro} el {fecha}",
            "El {fecha}, de {hora} a {fin} horas, hay un corte de {suministro} en {zona}.\n\nMotivo: {motivo}.\n\
             Mientras tanto: {alternativa}.\nSi pasada esa hora no ha vuelto, llame al {telefono}.",
            "Ley 7/1985, de Bases del Régimen Local, art. 26.1.a (abastecimiento de agua y alumbrado público, servicios \
             mínimos); reglamento del servicio.",
        ],
        en: [
            "Service cut",
            "{suministro} cut on {fecha}",
            "On {fecha}, from {hora} to {fin}, there is no {suministro} in {zona}.\n\nReason: {motivo}.\nMeanwhile: \
             {alternativa}.\nIf it is not back by then, call {telefono}.",
            "Spanish Local Government Act 7/1985, art. 26.1.a (water supply and street lighting, compulsory minimum \
             services); rules of the service.",
        ],
        blanks: &[
            (
                "suministro",
                Takes::Text,
                true,
                "Qué se corta (agua, alumbrado público)",
                "What is cut (water, street lighting)",
            ),
            FECHA,
            ("hora", Takes::Time, true, "Desde qué hora", "From what time"),
            ("fin", Takes::Time, true, "Hasta qué hora", "Until what time"),
            ("zona", Takes::Place, true, "Calles o barrio", "Streets or district"),
            ("motivo", Takes::Text, false, "Motivo", "Reason"),
            (
                "alternativa",
                Takes::Text,
                false,
                "Qué hay mientras (cubas, fuentes)",
                "What there is meanwhile (tankers, fountains)",
            ),
            TELEFONO,
        ],
    },
    Ready {
        kind: Kind::Service,
        es: [
            "Aviso meteorológico",
            "Aviso {nivel} por {fenomeno}",
            "La AEMET mantiene aviso {nivel} por {fenomeno}.\n\nDesde: {fecha}, {hora} horas.\nHasta: {hasta}, {fin} horas.\n\n\
             Qué hacer: {consejos}.\nSe cierran o suspenden: {cierres}.\n\nEmergencias: 112.\nAviso completo: {enlace}",
            "Ley 17/2015, del Sistema Nacional de Protección Civil (derecho a la información); plan territorial municipal.",
        ],
        en: [
            "Weather warning",
            "{nivel} warning for {fenomeno}",
            "AEMET keeps a {nivel} warning for {fenomeno}.\n\nFrom: {fecha}, {hora}.\nUntil: {hasta}, {fin}.\n\nWhat to do: \
             {consejos}.\nClosed or called off: {cierres}.\n\nEmergencies: 112.\nFull warning: {enlace}",
            "Spanish Civil Protection System Act 17/2015 (right to information); municipal emergency plan.",
        ],
        blanks: &[
            ("nivel", Takes::Text, true, "Nivel (amarillo, naranja, rojo)", "Level (yellow, amber, red)"),
            ("fenomeno", Takes::Text, true, "Fenómeno (viento, lluvia, nieve)", "Phenomenon (wind, rain, snow)"),
            ("fecha", Takes::Date, true, "Día en que empieza", "Day on which it begins"),
            ("hora", Takes::Time, true, "Desde qué hora", "From what time"),
            ("hasta", Takes::Date, true, "Día en que acaba", "Day on which it ends"),
            ("fin", Takes::Time, true, "Hasta qué hora", "Until what time"),
            ("consejos", Takes::Text, true, "Dos o tres consejos", "Two or three pieces of advice"),
            ("cierres", Takes::Text, false, "Parques, actos o servicios", "Parks, events or services"),
            ("enlace", Takes::Link, true, "Enlace al aviso oficial", "Link to the official warning"),
        ],
    },
    Ready {
        kind: Kind::Legal,
        es: [
            "Pleno municipal",
            "Sesión {caracter} del Pleno: {fecha}",
            "El Pleno celebra sesión {caracter} el {fecha}, en {lugar}.\nHora: {hora}.\n\nEn el orden del día: {puntos}.\n\nLa \
             sesión es pública.\nEn directo: {directo}\nOrden del día completo: {enlace}",
            "Ley 7/1985, de Bases del Régimen Local, art. 70.1 (las sesiones del Pleno son públicas); ROF, art. 88.",
        ],
        en: [
            "Council meeting",
            "Council meeting ({caracter}): {fecha}",
            "The Council holds its {caracter} meeting on {fecha}, at {lugar}.\nTime: {hora}.\n\nOn the agenda: {puntos}.\n\nThe \
             meeting is public.\nLive: {directo}\nFull agenda: {enlace}",
            "Spanish Local Government Act 7/1985, art. 70.1 (council meetings are public).",
        ],
        blanks: &[
            ("caracter", Takes::Text, true, "Carácter (ordinaria, extraordinaria)", "Kind (ordinary, extraordinary)"),
            FECHA,
            HORA,
            LUGAR,
            ("puntos", Takes::Text, false, "Los puntos que más interesan", "The items of most interest"),
            ("directo", Takes::Link, false, "Enlace a la emisión", "Link to the broadcast"),
            ENLACE,
        ],
    },
    Ready {
        kind: Kind::Service,
        es: [
            "Ola de calor",
            "Calor intenso del {desde} al {hasta}",
            "Del {desde} al {hasta} se esperan hasta {grados} grados.\n\nBeba agua aunque no tenga sed, evite la calle en las \
             horas centrales y llame a quien viva solo.\n\nEspacios frescos abiertos: {espacios}.\nTeléfono para personas \
             mayores: {telefono}.\nEmergencias: 112.",
            "Ley 33/2011, General de Salud Pública; plan de actuaciones preventivas por altas temperaturas.",
        ],
        en: [
            "Heat wave",
            "Great heat from {desde} to {hasta}",
            "From {desde} to {hasta} up to {grados} degrees are expected.\n\nDrink water before you are thirsty, stay in during \
             the middle of the day and call whoever lives alone.\n\nCool places that are open: {espacios}.\nPhone for older \
             people: {telefono}.\nEmergencies: 112.",
            "Spanish General Public Health Act 33/2011; plan of preventive action against high temperatures.",
        ],
        blanks: &[
            DESDE,
            HASTA,
            ("grados", Takes::Number, true, "Máxima prevista, en grados", "Highest expected, in degrees"),
            (
                "espacios",
                Takes::Text,
                false,
                "Bibliotecas, centros sociales y sus horarios",
                "Libraries, social centres and their hours",
            ),
            TELEFONO,
        ],
    },
    Ready {
        kind: Kind::Legal,
        es: [
            "Plazo de ayudas",
            "Abierto el plazo: {ayuda}",
            "Ya se puede pedir {ayuda}.\n\nQuién puede pedirla: {quien}.\nCuantía: hasta {cuantia} euros.\nPlazo: del {desde} \
             al {hasta}.\nDónde: {lugar}.\n\nBases y formulario: {enlace}",
            "Ley 38/2003, General de Subvenciones, art. 18 (publicidad); Ley 39/2015, art. 45.",
        ],
        en: [
            "Deadline for grants",
            "Now open: {ayuda}",
            "You can now apply for {ayuda}.\n\nWho may apply: {quien}.\nAmount: up to {cuantia} euros.\nFrom {desde} to \
             {hasta}.\nWhere: {lugar}.\n\nTerms and form: {enlace}",
            "Spanish General Grants Act 38/2003, art. 18 (publicity); Act 39/2015, art. 45.",
        ],
        blanks: &[
            (
                "ayuda",
                Takes::Text,
                true,
                "Qué ayuda («la beca de comedor»)",
                "Which grant (\"the school meals grant\")",
            ),
            ("quien", Takes::Text, true, "Quién puede pedirla", "Who may apply"),
            ("cuantia", Takes::Number, false, "Cuantía máxima, en euros", "Highest amount, in euros"),
            DESDE,
            HASTA,
            ("lugar", Takes::Text, true, "Dónde se pide", "Where to apply"),
            ("enlace", Takes::Link, true, "Enlace a las bases", "Link to the terms"),
        ],
    },
];

/// The ready templates in the languages of an organisation, its main one first; for one that publishes in neither of
/// ours, in Spanish, to be translated. `owner` answers for them from then on.
pub fn ready(languages: &[Language], owner: &MemberId) -> Vec<Body> {
    let ours = |language: &&Language| matches!(language.primary(), "es" | "en");
    let mut taken: Vec<Language> = languages.iter().filter(ours).cloned().collect();
    if taken.is_empty() {
        taken.push(Language::spanish());
    }
    let is_english = |language: &Language| language.primary() == "en";
    let main = taken.first().is_some_and(is_english);
    let one = |ready: &Ready| {
        let of = |language: &Language| if is_english(language) { &ready.en } else { &ready.es };
        let by_language = |place: usize| {
            taken.iter().map(|language| (language.clone(), of(language)[place].to_owned())).collect::<BTreeMap<_, _>>()
        };
        let [name, _, _, basis] = if main { ready.en } else { ready.es };
        Body {
            name: name.to_owned(),
            kind: ready.kind,
            titles: by_language(1),
            texts: by_language(2),
            blanks: ready.blanks.iter().map(blank).collect(),
            basis: basis.to_owned(),
            channels: Vec::new(),
            belongs: Belonging::default(),
            first: None,
            last: None,
            owner: owner.clone(),
        }
    };
    ALL.iter().map(one).collect()
}

fn blank((name, takes, required, es, en): &Open) -> Blank {
    // In both languages, whatever the organisation publishes in: it is the desk that speaks here.
    let label = [(Language::spanish(), (*es).to_owned()), (Language::english(), (*en).to_owned())];
    let (name, label) = ((*name).to_owned(), Line(BTreeMap::from(label)));
    Blank { name, takes: *takes, label, hint: Line::default(), required: *required }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        TemplateId,
        template::{Template, Value, Values, keep},
    };

    fn all(tags: &[&str]) -> Vec<Body> {
        let languages: Vec<Language> = tags.iter().map(|tag| tag.parse().unwrap()).collect();
        ready(&languages, &MemberId::from_bits(1))
    }

    #[test]
    fn each_passes_the_rules_beside_the_others_and_can_be_filled_in_whole_and_with_the_least() {
        let mut kept: Vec<Template> = Vec::new();
        for (number, body) in all(&["es", "en"]).into_iter().enumerate() {
            let wanted = Template { id: TemplateId::from_bits(number as u128 + 1), version: 0, body: body.clone() };
            kept.push(keep(&kept, wanted).unwrap());
            let values = |only_required: bool| -> Values {
                let asked = body.blanks.iter().filter(|blank| blank.required || !only_required);
                let given = asked.map(|blank| {
                    let given = match blank.takes {
                        Takes::Date => "2026-12-01",
                        Takes::Time => "10:00",
                        Takes::Number => "42",
                        Takes::Link => "https://villa.example/aviso",
                        Takes::Text | Takes::Place => "algo",
                    };
                    (blank.name.clone(), Value::Same(given.to_owned()))
                });
                given.collect()
            };
            for only_required in [false, true] {
                let filled = body.fill(&values(only_required), "2026-11-28".parse().unwrap()).unwrap();
                for language in [Language::spanish(), Language::english()] {
                    let (title, text) = (&filled.titles[&language], &filled.texts[&language]);
                    assert!(!title.contains('{') && !text.contains('{') && text.len() > 30, "{title}: {text}");
                }
            }
        }
        assert_eq!(kept.len(), 10);
    }

    #[test]
    fn an_organisation_gets_them_in_the_languages_that_it_publishes_in() {
        let tags = |bodies: &[Body]| -> Vec<String> { bodies[0].texts.keys().map(ToString::to_string).collect() };
        assert_eq!(tags(&all(&["es", "ca", "en"])), ["en", "es"]);
        assert_eq!(tags(&all(&["eu"])), ["es"]);
        assert_eq!(
            (all(&["en", "es"])[0].name.as_str(), all(&["es"])[0].name.as_str()),
            ("Notice of works", "Aviso de obras")
        );
    }

    #[test]
    fn every_word_is_said_in_spanish_and_in_english_with_the_same_blanks() {
        for ready in &ALL {
            for (es, en) in ready.es.iter().zip(&ready.en) {
                let sorted = |text: &str| {
                    let mut names = super::super::blanks_of(text);
                    names.sort();
                    names
                };
                assert!(!es.is_empty() && !en.is_empty());
                assert_eq!(sorted(es), sorted(en), "{es}");
                assert!(!es.contains("las {"), "at one o'clock it is «la»: {es}");
            }
        }
    }
}
