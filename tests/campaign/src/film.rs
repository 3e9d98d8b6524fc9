//! A video, made by hand: with everything that a look at it wants to see, and content that nobody could play. Ten upright seconds
//! that every network takes, also as a reel; separate because a file of boxes is a trade of its own.

/// How long it lasts, in milliseconds.
const MILLIS: u32 = 10_000;

/// Pictures in it: 25 a second.
const PICTURES: u32 = 250;

/// Pixels across and down.
const SIZE: (u16, u16) = (720, 1_280);

/// Bytes of content: LinkedIn takes nothing of less than 75 KB.
const CONTENT: usize = 80_000;

/// A box of ISO/IEC 14496-12.
fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
}

/// The whole file.
pub fn film() -> Vec<u8> {
    let header = [&[0; 12][..], &1_000_u32.to_be_bytes(), &MILLIS.to_be_bytes(), &[0; 80]].concat();
    let one = [0, 1, 0, 0];
    let cells = [one, [0; 4], [0; 4], [0; 4], one, [0; 4], [0; 4], [0; 4], [64, 0, 0, 0]].concat();
    let entry = [&[0; 24][..], &SIZE.0.to_be_bytes(), &SIZE.1.to_be_bytes(), &[0; 50]].concat();
    let samples = [
        boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &boxed(b"avc1", &entry)].concat()),
        boxed(b"stts", &[0; 16]),
        boxed(b"stsz", &[&[0; 8][..], &PICTURES.to_be_bytes()].concat()),
        boxed(b"stco", &[0; 12]),
    ];
    let media = [
        boxed(b"mdhd", &header),
        boxed(b"hdlr", &[&[0; 8][..], b"vide", &[0; 13]].concat()),
        boxed(b"minf", &[boxed(b"vmhd", &[0; 12]), boxed(b"stbl", &samples.concat())].concat()),
    ];
    let track = [boxed(b"tkhd", &[&[0; 40][..], &cells, &[0; 8]].concat()), boxed(b"mdia", &media.concat())];
    let index = [boxed(b"mvhd", &header), boxed(b"trak", &track.concat())];
    [
        boxed(b"ftyp", &[&b"isom"[..], &[0; 4], b"isom"].concat()),
        boxed(b"moov", &index.concat()),
        boxed(b"mdat", &[0x5a; CONTENT]),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use domain::{
        Network, reel,
        video::{Codec, Walk, takes},
    };

    use super::*;

    #[test]
    fn every_network_takes_it_and_one_as_a_reel() {
        let bytes = film();
        let mut walk = Walk::over(bytes.len() as u64);
        while let Some(range) = walk.wants() {
            walk.take(&bytes[range.start as usize..range.end as usize]).unwrap();
        }
        let facts = walk.found().unwrap().clean().unwrap();
        assert_eq!((facts.millis, facts.rate, facts.width, facts.height), (MILLIS, 25, 720, 1_280));
        assert_eq!((facts.codec, facts.sound), (Codec::H264, false));
        let limits = Network::ALL.into_iter().filter_map(takes).chain(reel::takes_of(Network::Facebook));
        for takes in limits {
            assert!((takes.least_bytes as usize..=takes.bytes as usize).contains(&bytes.len()), "{takes:?}");
            assert!((takes.least_millis..=takes.millis).contains(&facts.millis), "{takes:?}");
            assert!((takes.least_rate..=takes.rate).contains(&facts.rate), "{takes:?}");
        }
        assert!(reel::is_framed(720, 1_280) && reel::is_large(720, 1_280));
    }
}
