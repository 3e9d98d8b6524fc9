//! Whether a copy is what it says: its files by their sums, its record by its chain. Separate from reading it: what is checked may be
//! larger than memory, and is taken as it comes.

use sha2::{Digest, Sha256};

use super::{Flaw, MANIFEST, Manifest};
use crate::{
    record::{self, Entry, GENESIS},
    workbook::zip,
};

/// The file of the record.
const RECORD: &str = "tables/record.jsonl";

impl Manifest {
    /// Whether all that it says is there, by the names of what is.
    ///
    /// # Errors
    /// `Lacks`; `Altered`, named [`MANIFEST`], where there are more or fewer objects.
    pub fn complete<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(), Flaw> {
        let names: std::collections::BTreeSet<&str> = names.collect();
        if let Some(file) = self.files.iter().find(|file| !names.contains(file.name.as_str())) {
            return Err(Flaw::Lacks { name: file.name.clone() });
        }
        let objects = names.iter().filter(|name| name.starts_with("media/")).count() as u64;
        if objects == self.objects { Ok(()) } else { Err(Flaw::Altered { name: MANIFEST.to_owned() }) }
    }

    /// Whether a file is what it says; the record also whether its entries follow from one another, up to its head.
    ///
    /// # Errors
    /// `Altered`.
    pub fn check(&self, name: &str, bytes: &[u8]) -> Result<(), Flaw> {
        let mut sum = Sum::default();
        sum.take(bytes);
        let hash = sum.hash();
        let rows = || bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let sound = match (name.strip_prefix("media/"), self.files.iter().find(|file| file.name == name)) {
            (Some(named), _) => named == hash,
            (None, Some(file)) => {
                let same = file.hash == hash && file.bytes == sum.bytes();
                match name {
                    RECORD => same && file.rows == rows() && self.leads(bytes),
                    _ => same && (!name.starts_with("tables/") || file.rows == rows()),
                }
            }
            (None, None) => name == MANIFEST,
        };
        if sound { Ok(()) } else { Err(Flaw::Altered { name: name.to_owned() }) }
    }

    /// Whether the rows of a record lead from its beginning to the head.
    fn leads(&self, rows: &[u8]) -> bool {
        let lines = rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let end = lines
            .map(serde_json::from_slice::<Entry<String>>)
            .try_fold((0, GENESIS.to_owned()), |(seq, chain), entry| {
                record::verify((seq, &chain), &[entry.ok()?]).ok()
            });
        let head = self.head.as_ref().map_or((0, GENESIS), |head| (head.seq, head.chain.as_str()));
        end.is_some_and(|(seq, chain)| (seq, chain.as_str()) == head)
    }
}

/// What is reckoned of a file while it is written or read.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    left: Option<u32>,
    digest: Sha256,
    bytes: u64,
}

impl Sum {
    /// Takes what comes next.
    pub fn take(&mut self, bytes: &[u8]) {
        self.left = Some(zip::more(self.left.unwrap_or(zip::FIRST), bytes));
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// How many bytes there were.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The checksum of a zip.
    pub fn checksum(&self) -> u32 {
        !self.left.unwrap_or(zip::FIRST)
    }

    /// SHA-256.
    pub fn hash(&self) -> String {
        record::to_hex(&self.digest.clone().finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{File, Head, TABLES, Table, manifest::tests::manifest},
        *,
    };
    use crate::Moment;

    #[test]
    fn a_file_that_was_changed_is_found() {
        let manifest = manifest();
        let altered = |name: &str| Err(Flaw::Altered { name: name.to_owned() });
        assert_eq!(manifest.check("tables/post.jsonl", b"{\"id\":\"a\"}\n"), Ok(()));
        assert_eq!(manifest.check("tables/post.jsonl", b"{\"id\":\"b\"}\n"), altered("tables/post.jsonl"));
        assert_eq!(manifest.check("tables/unknown.jsonl", b""), altered("tables/unknown.jsonl"));
        let hash = record::sha256_hex(b"picture");
        assert_eq!(manifest.check(&format!("media/{hash}"), b"picture"), Ok(()));
        assert_eq!(manifest.check(&format!("media/{hash}"), b"Picture"), altered(&format!("media/{hash}")));
        let names: Vec<String> = TABLES.iter().map(Table::file).chain([format!("media/{hash}")]).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(manifest.complete(names.iter().copied()), Ok(()));
        assert_eq!(
            manifest.complete(names[1..].iter().copied()),
            Err(Flaw::Lacks { name: "tables/member.jsonl".to_owned() })
        );
        assert_eq!(manifest.complete(names[..names.len() - 1].iter().copied()), altered(MANIFEST));
    }

    #[test]
    fn a_record_is_held_against_its_head() {
        let mut manifest = manifest();
        let (mut rows, mut chain) = (String::new(), GENESIS.to_owned());
        for seq in 1..=3 {
            let digest = record::digest("salt", "{}");
            chain = record::link(&chain, seq, Moment(7), &digest);
            let row = Entry {
                id: crate::RecordId::from_bits(seq.into()),
                seq,
                at: Moment(7),
                subject: "policy".to_owned(),
                body: Some("{}".to_owned()),
                salt: Some("salt".to_owned()),
                digest,
                chain: chain.clone(),
            };
            rows += &(serde_json::to_string(&row).unwrap() + "\n");
        }
        let described = |rows: &str| File {
            name: RECORD.to_owned(),
            rows: rows.lines().count() as u64,
            bytes: rows.len() as u64,
            hash: record::sha256_hex(rows.as_bytes()),
        };
        let mut with = |rows: &str, head: Option<Head>| {
            manifest.files.retain(|file| file.name != RECORD);
            manifest.files.push(described(rows));
            manifest.head = head;
            manifest.check(RECORD, rows.as_bytes())
        };
        let altered = Err(Flaw::Altered { name: RECORD.to_owned() });
        let head = |chain: &str| Some(Head { seq: 3, chain: chain.to_owned() });
        assert_eq!(with(&rows, head(&chain)), Ok(()));
        assert_eq!(with(&rows, head(GENESIS)), altered);
        // Whoever changes an entry can write its sum anew, and not the chain that was published.
        assert_eq!(with(&rows.replacen("policy", "access", 1), head(&chain)), Ok(()), "a subject is in no chain");
        assert_eq!(with(&rows.replacen("{}", "{1}", 1), head(&chain)), altered);
        let shorter: String = rows.lines().take(2).map(|line| line.to_owned() + "\n").collect();
        assert_eq!(with(&shorter, head(&chain)), altered);
        assert_eq!(with("", None), Ok(()));
    }

    #[test]
    fn a_sum_does_not_care_where_it_was_cut() {
        let (mut whole, mut cut) = (Sum::default(), Sum::default());
        whole.take(b"123456789");
        cut.take(b"1234");
        cut.take(b"");
        cut.take(b"56789");
        assert_eq!((cut.checksum(), cut.bytes(), cut.hash()), (whole.checksum(), 9, whole.hash()));
        assert_eq!(whole.checksum(), 0xcbf4_3926);
        assert_eq!(whole.hash(), record::sha256_hex(b"123456789"));
        assert_eq!(Sum::default().checksum(), 0);
    }
}
