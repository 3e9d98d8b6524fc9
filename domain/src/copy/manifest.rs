//! What a copy says of itself: whose it is and from when, where its record stands, and the sums of its files. Separate from the list of
//! tables, which is of this version and not of one copy.

use serde::{Deserialize, Serialize};

use super::{LEVEL, Object, TABLES, Table};
use crate::{Moment, Organisation};

/// What a copy is called.
pub const FORMAT: &str = "pregon/organisation/1";

/// The file that says what the others are.
pub const MANIFEST: &str = "manifest.json";

/// The head of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the last entry.
    pub seq: u64,
    /// The chain's value after it.
    pub chain: String,
}

/// A file of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// How many rows it has, each a line.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
    /// SHA-256 of them.
    pub hash: String,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`LEVEL`].
    pub level: String,
    /// When it was begun.
    pub at: Moment,
    /// Whose it is, with its settings.
    pub organisation: Organisation,
    /// Where its record stands, if anything is kept.
    pub head: Option<Head>,
    /// How many entries of the record had no seal yet: they are not in it.
    pub unsealed: u64,
    /// Its files of rows, in the order of [`TABLES`], and those that are for people.
    pub files: Vec<File>,
    /// How many pictures, parts of videos and documents are in it.
    pub objects: u64,
    /// What a row names and the store did not have any more.
    pub missing: Vec<Object>,
}

/// Why a file is no copy that can be brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is something else, or was unpacked and packed again.
    Other,
    /// It is of another version of Pregón.
    Level,
    /// A file is not there.
    Lacks {
        /// Its name.
        name: String,
    },
    /// A file is not what it was, or nobody knows it.
    Altered {
        /// Its name.
        name: String,
    },
}

impl Manifest {
    /// Reads what a copy says of itself.
    ///
    /// # Errors
    /// `Other`, `Level`, `Lacks`.
    pub fn read(bytes: &[u8]) -> Result<Self, Flaw> {
        /// What every version of it says.
        #[derive(Deserialize)]
        struct Beginning {
            format: String,
            level: String,
        }
        let beginning: Beginning = serde_json::from_slice(bytes).map_err(|_| Flaw::Other)?;
        if beginning.format != FORMAT {
            return Err(Flaw::Other);
        }
        if beginning.level != LEVEL {
            return Err(Flaw::Level);
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|_| Flaw::Other)?;
        let lacks = TABLES.iter().map(Table::file).find(|name| manifest.files.iter().all(|file| file.name != *name));
        match lacks {
            Some(name) => Err(Flaw::Lacks { name }),
            None => Ok(manifest),
        }
    }

    /// How many rows of a table it has.
    pub fn rows(&self, table: &Table) -> u64 {
        let name = table.file();
        self.files.iter().find(|file| file.name == name).map_or(0, |file| file.rows)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::of_name, *};
    use crate::record;

    /// Of a town with one post and one picture.
    pub fn manifest() -> Manifest {
        let organisation = Organisation {
            id: crate::OrganisationId::from_bits(1),
            slug: "villa".to_owned().try_into().unwrap(),
            name: "Villa".to_owned(),
            kind: crate::BodyKind::Municipality,
            zone: "Europe/Madrid".to_owned(),
            languages: vec![crate::Language::spanish()],
            colour: crate::Colour::DEFAULT,
            crest: None,
            policy: crate::Policy::default(),
            pause: None,
            version: 1,
        };
        let files = TABLES.iter().map(|table| {
            let (bytes, rows) = if table.name == "post" { ("{\"id\":\"a\"}\n", 1) } else { ("", 0) };
            let hash = record::sha256_hex(bytes.as_bytes());
            File { name: table.file(), rows, bytes: bytes.len() as u64, hash }
        });
        Manifest {
            format: FORMAT.to_owned(),
            level: LEVEL.to_owned(),
            at: Moment(1),
            organisation,
            head: None,
            unsealed: 0,
            files: files.collect(),
            objects: 1,
            missing: Vec::new(),
        }
    }

    fn written(manifest: &Manifest) -> Vec<u8> {
        serde_json::to_vec(manifest).unwrap()
    }

    #[test]
    fn what_a_copy_says_of_itself_is_read_back() {
        let sound = manifest();
        assert_eq!(Manifest::read(&written(&sound)), Ok(sound.clone()));
        assert_eq!(sound.rows(of_name("post").unwrap()), 1);
        assert_eq!(Manifest::read(b"{}"), Err(Flaw::Other));
        let other = Manifest { format: "pregon/organisation/2".to_owned(), ..sound.clone() };
        assert_eq!(Manifest::read(&written(&other)), Err(Flaw::Other));
        let older = Manifest { level: "0001_house".to_owned(), ..sound.clone() };
        assert_eq!(Manifest::read(&written(&older)), Err(Flaw::Level));
        let mut fewer = sound;
        fewer.files.remove(0);
        assert_eq!(Manifest::read(&written(&fewer)), Err(Flaw::Lacks { name: "tables/member.jsonl".to_owned() }));
    }
}
