//! The pictures of the demo, drawn for it: on the shelves of the library, described, and in the posts that name them.

use std::collections::BTreeMap;

use domain::{
    Language, MediaId, Millis, Picture, Refusal,
    consent::Shows,
    library::{Asset, Licence, Said},
    media::inspect,
    record,
};
use wire::media::MOST_PIXELS;

use super::Town;
use crate::{
    http::media::put,
    store::{Unit, library, media},
};

/// A picture: the word that the script uses, its bytes, what it shows in Spanish and in English, tags, and the folder it is in.
struct Drawn {
    word: &'static str,
    bytes: &'static [u8],
    alt: [&'static str; 2],
    tags: &'static [&'static str],
    folder: &'static str,
}

const DRAWN: [Drawn; 6] = [
    Drawn {
        word: "mercado",
        bytes: include_bytes!("pictures/mercado.jpg"),
        alt: [
            "Tres puestos con toldos de rayas y fruta en la plaza Mayor, delante de la torre del reloj.",
            "Three stalls with striped awnings and fruit in Plaza Mayor, in front of the clock tower.",
        ],
        tags: &["mercado", "plaza"],
        folder: "Fiestas y mercados",
    },
    Drawn {
        word: "molinos",
        bytes: include_bytes!("pictures/molinos.jpg"),
        alt: [
            "Un molino de viento blanco junto al río, entre colinas verdes.",
            "A white windmill by the river, among green hills.",
        ],
        tags: &["río", "turismo"],
        folder: "La villa",
    },
    Drawn {
        word: "biblioteca",
        bytes: include_bytes!("pictures/biblioteca.jpg"),
        alt: [
            "Tres baldas de libros de colores y un libro abierto sobre la mesa.",
            "Three shelves of coloured books and an open book on the table.",
        ],
        tags: &["biblioteca", "libros"],
        folder: "La villa",
    },
    Drawn {
        word: "obras",
        bytes: include_bytes!("pictures/obras.jpg"),
        alt: [
            "Una máquina amarilla y tres conos en una calle cortada por obras.",
            "A yellow machine and three cones in a street closed for works.",
        ],
        tags: &["obras", "tráfico"],
        folder: "Avisos",
    },
    Drawn {
        word: "castaña",
        bytes: include_bytes!("pictures/castana.jpg"),
        alt: [
            "Castañas humeantes en un asador, en un parque en otoño.",
            "Steaming chestnuts on a roaster, in a park in autumn.",
        ],
        tags: &["fiesta", "otoño"],
        folder: "Fiestas y mercados",
    },
    Drawn {
        word: "reciclaje",
        bytes: include_bytes!("pictures/reciclaje.jpg"),
        alt: [
            "Cuatro contenedores de reciclaje en fila: amarillo, azul, verde y marrón.",
            "Four recycling containers in a row: yellow, blue, green and brown.",
        ],
        tags: &["reciclaje", "residuos"],
        folder: "Avisos",
    },
];

/// Puts them on the shelves, and answers them by their words. The objects come first, as for everybody.
///
/// # Errors
/// `Unavailable`.
pub async fn bring(town: &Town<'_>, unit: &mut Unit) -> Result<Vec<(&'static str, Picture)>, Refusal> {
    let by = town.person("diseno")?;
    let mut brought = Vec::new();
    let at = town.now.minus(Millis::days(40));
    for drawn in &DRAWN {
        let found = inspect(drawn.bytes, MOST_PIXELS)?;
        let (id, hash, name) =
            (MediaId::from_bits(town.app.bits()), record::sha256_hex(drawn.bytes), format!("{}.jpg", drawn.word));
        let (bytes, width, height) = (drawn.bytes.len() as u32, found.width, found.height);
        put(town.app, media::key(&town.org, &id), &hash, drawn.bytes.to_vec()).await?;
        let stored = media::Media { id: id.clone(), hash: hash.clone(), mime: found.mime, bytes, width, height };
        media::add(unit, &town.org, &stored, &name, by, at);
        let new = library::New { media: &id, hash: &hash, video: false, file_name: &name, made_of: None, by, at };
        library::file(unit, &town.org, &new);
        let alt = BTreeMap::from([
            (Language::spanish(), drawn.alt[0].to_owned()),
            (Language::english(), drawn.alt[1].to_owned()),
        ]);
        let said = Said {
            name: name.clone(),
            alt: alt.clone(),
            tags: drawn.tags.iter().map(|&tag| tag.to_owned()).collect(),
            folder: drawn.folder.to_owned(),
            author: "Ayuntamiento de Villaserena".to_owned(),
            licence: Licence::Own,
            shows: Shows::Nobody,
            ..Said::default()
        };
        library::describe(unit, &town.org, &Asset { media: id.clone(), version: 2, said });
        let mime = found.mime;
        let picture = Picture { media: id, hash, mime, bytes, width, height, file_name: name, alt, focus: None };
        brought.push((drawn.word, picture));
    }
    Ok(brought)
}
