//! The words by which a matter is found, folded (lower case, no accents), and those that only look like them.
//! Separate because this is what grows: a false alarm or a miss is mended here, with a line in the tests beside the rule.

use crate::circuit::Matter;

/// Phrases, divided by bars: of which matter, or of none though a shorter one inside it would be.
pub(super) const LISTS: [(Option<Matter>, &str); 8] = [
    // Spanish.
    (
        Some(Matter::Minors),
        "menor de edad|menores|interes del menor|interes superior del menor|\
         proteccion del menor|defensor del menor|menor tutelado|menor tutelada|menor desaparecido|menor desaparecida|\
         menor herido|menor herida|menor fallecido|menor fallecida|menor extranjero|nino|nina|ninos|ninas|infancia|\
         infantil|infantiles|adolescente|adolescentes|adolescencia|recien nacido|recien nacida|recien nacidos|\
         alumnado de primaria|alumnos de primaria|los escolares|las escolares",
    ),
    (
        Some(Matter::Works),
        "obras|obra publica|obra civil|obra menor|obra mayor|licencia de obra|asfaltado|asfaltar|asfaltara|asfaltaran|\
         reasfaltado|pavimentacion|repavimentacion|zanja|zanjas|derribo|demolicion|reurbanizacion|remodelacion",
    ),
    // English.
    (
        Some(Matter::Minors),
        "child|children|schoolchildren|minors|underage|teenager|teenagers|toddler|toddlers|baby|babies|kid|kids|pupils|\
         under 16|under 16s|under 18|under 18s",
    ),
    (
        Some(Matter::Works),
        "roadworks|roadwork|road works|public works|construction works|construction work|building works|building work|\
         street works|improvement works|repair works|maintenance works|engineering works|drainage works|resurfacing|\
         repaving|demolition",
    ),
    // Catalan, Galician, Basque: the commonest, where they are not Spanish words too.
    (
        Some(Matter::Minors),
        "nen|nens|nena|nenes|neno|nenos|nenas|menors|infants|adolescents|haur|haurra|haurrak|haurren|haurrei|haurrentzat|\
         haurrentzako|adingabe|adingabea|adingabeak|adingabeen|nerabe|nerabeak|nerabeen",
    ),
    (Some(Matter::Works), "obres|asfaltatge|pavimentacio|enderroc|derrubamento|obrak|obren|obretan|obrengatik"),
    // What only looks like it.
    (
        None,
        "contratos menores|gastos menores|danos menores|asuntos menores|menores costes|menores ingresos|menores gastos|\
         menores precios|menores emisiones|menores riesgos|menores tiempos|nino jesus|\
         fenomeno de el nino|fenomeno del nino|fenomeno el nino|parque infantil|parques infantiles|area infantil|\
         areas infantiles|zona infantil|zonas infantiles|juegos infantiles|children s playground|\
         children s play area|baby boom",
    ),
    (
        None,
        "obras de teatro|obras teatrales|obras de arte|obras maestras|obras completas|obras literarias|obras musicales|\
         obras pictoricas|obras plasticas|obras artisticas|obras sociales|obras beneficas|obras de misericordia|\
         obras de caridad|obras de ficcion|obras de consulta|obras finalistas|obras ganadoras|obras premiadas|\
         obras presentadas|obras expuestas|obras seleccionadas|obras ineditas|obras cinematograficas|\
         obras audiovisuales|obras escenicas|exposicion de obras|concurso de obras|sus obras|acoso y derribo|\
         public works of art|obres de teatre|obres teatrals|obres d art|obres mestres|obres completes|\
         obres literaries|obres socials|obres premiades",
    ),
];

/// What is counted in a sum. Pounds are left out: they weigh as often as they pay; their sign is enough.
pub(super) const CURRENCIES: [&str; 9] =
    ["euro", "euros", "dolares", "dollars", "centimos", "centims", "cents", "usd", "gbp"];

/// Numbers in words, where a sum is written out.
pub(super) const NUMBERS: [&str; 56] = [
    "un",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "doce",
    "quince",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
    "cien",
    "ciento",
    "cientos",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "mil",
    "miles",
    "millon",
    "millones",
    "medio",
    "milio",
    "milions",
    "milloi",
    "millons",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "ten",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "hundred",
    "thousand",
    "million",
    "billion",
    "half",
    "dues",
    "cinc",
    "deu",
    "vint",
];
