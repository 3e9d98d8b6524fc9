//! What is packed with deflate (RFC 1951) in a zlib wrapper (RFC 1950), as far as a ceiling. Own, and plain: it reads the small
//! packed objects of a document and nothing else, and no crate's tables go along in the engine.

/// Codes of a length each, in the canonical order.
struct Codes {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u32,
    have: u32,
}

impl Bits<'_> {
    fn take(&mut self, many: u32) -> Option<u32> {
        while self.have < many {
            self.held |= u32::from(*self.bytes.get(self.at)?) << self.have;
            self.at += 1;
            self.have += 8;
        }
        let taken = self.held & ((1 << many) - 1);
        self.held >>= many;
        self.have -= many;
        Some(taken)
    }

    fn symbol(&mut self, codes: &Codes) -> Option<u16> {
        let (mut code, mut first, mut index) = (0_u32, 0_u32, 0_u32);
        for count in &codes.counts[1..] {
            code |= self.take(1)?;
            let count = u32::from(*count);
            if code < first + count {
                return codes.symbols.get((index + code - first) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

impl Codes {
    /// `None` where more codes are claimed than there are.
    fn of(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0_u16; 16];
        for length in lengths {
            *counts.get_mut(usize::from(*length))? += 1;
        }
        let mut left = 1_i32;
        for count in &counts[1..] {
            left = (left << 1) - i32::from(*count);
            if left < 0 {
                return None;
            }
        }
        let mut places = [0_u16; 16];
        for length in 1..15 {
            places[length + 1] = places[length] + counts[length];
        }
        let mut symbols = vec![0; lengths.len()];
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let place = places.get_mut(usize::from(*length))?;
            *symbols.get_mut(usize::from(*place))? = symbol as u16;
            *place += 1;
        }
        Some(Self { counts, symbols })
    }
}

/// How far a length, or a distance, begins, and with how many bits it goes on (RFC 1951, 3.2.5).
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
/// In which order the lengths of the lengths' codes come (RFC 1951, 3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// What was packed; `None` if it is broken or more than `most` bytes. Its checksum is not reckoned: nothing is drawn by it.
pub fn inflate(zlib: &[u8], most: usize) -> Option<Vec<u8>> {
    let (first, second) = (*zlib.first()?, *zlib.get(1)?);
    let is_deflate = first & 0x0f == 8 && second & 0x20 == 0;
    if !is_deflate || (u32::from(first) * 256 + u32::from(second)) % 31 != 0 {
        return None;
    }
    let mut bits = Bits { bytes: zlib.get(2..)?, at: 0, held: 0, have: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, most)?,
            1 => {
                let length = |symbol: usize| match symbol {
                    144..=255 => 9,
                    256..=279 => 7,
                    _ => 8,
                };
                let lengths: Vec<u8> = (0..288).map(length).collect();
                packed(&mut bits, &mut out, most, (&Codes::of(&lengths)?, &Codes::of(&[5; 30])?))?;
            }
            2 => {
                let (lengths, distances) = tables(&mut bits)?;
                packed(&mut bits, &mut out, most, (&lengths, &distances))?;
            }
            _ => return None,
        }
        if last {
            return Some(out);
        }
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, most: usize) -> Option<()> {
    // What is left of the byte is nothing; whole bytes that were read ahead there are none.
    (bits.held, bits.have) = (0, 0);
    let number = |at: usize| Some(u16::from_le_bytes([*bits.bytes.get(at)?, *bits.bytes.get(at + 1)?]));
    let (length, check) = (number(bits.at)?, number(bits.at + 2)?);
    let from = bits.at + 4;
    let body = bits.bytes.get(from..from + usize::from(length)).filter(|_| length == !check)?;
    if out.len() + body.len() > most {
        return None;
    }
    out.extend_from_slice(body);
    bits.at = from + usize::from(length);
    Some(())
}

fn tables(bits: &mut Bits<'_>) -> Option<(Codes, Codes)> {
    let (many, far, few) = (bits.take(5)? as usize + 257, bits.take(5)? as usize + 1, bits.take(4)? as usize + 4);
    let mut lengths = [0_u8; 19];
    for place in ORDER.iter().take(few) {
        lengths[*place] = bits.take(3)? as u8;
    }
    let codes = Codes::of(&lengths)?;
    let mut all: Vec<u8> = Vec::with_capacity(many + far);
    while all.len() < many + far {
        let (length, times) = match bits.symbol(&codes)? {
            16 => (*all.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            symbol => (symbol as u8, 1),
        };
        all.extend(std::iter::repeat_n(length, times as usize));
    }
    let (lengths, distances) = all.get(..many + far)?.split_at(many);
    Some((Codes::of(lengths)?, Codes::of(distances)?))
}

fn packed(bits: &mut Bits<'_>, out: &mut Vec<u8>, most: usize, (lengths, distances): (&Codes, &Codes)) -> Option<()> {
    loop {
        let symbol = bits.symbol(lengths)?;
        let Some(place) = symbol.checked_sub(257) else {
            if symbol == 256 {
                return Some(());
            }
            if out.len() == most {
                return None;
            }
            out.push(symbol as u8);
            continue;
        };
        let (base, more) = LENGTHS.get(usize::from(place))?;
        let length = usize::from(*base) + bits.take(u32::from(*more))? as usize;
        let (base, more) = DISTANCES.get(usize::from(bits.symbol(distances)?))?;
        let back = usize::from(*base) + bits.take(u32::from(*more))? as usize;
        let from = out.len().checked_sub(back)?;
        if out.len() + length > most {
            return None;
        }
        // It may reach into what it writes itself.
        for at in from..from + length {
            out.push(*out.get(at)?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of Python's zlib: `zlib.compress(text, level)`.
    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
    }

    #[test]
    fn what_others_packed_is_read() {
        for (packed, text) in SAMPLES {
            let found = inflate(&bytes(packed), 100_000).unwrap();
            assert_eq!(found.len(), text.0.repeat(text.1).len());
            assert_eq!(found, text.0.repeat(text.1).into_bytes());
        }
    }

    #[test]
    fn what_breaks_off_or_is_too_much_is_nothing() {
        for (packed, text) in SAMPLES {
            let packed = bytes(packed);
            // Behind the last block stands the checksum alone, which nobody reads.
            for end in 0..packed.len() - 4 {
                assert_eq!(inflate(&packed[..end], 100_000), None, "{end}");
            }
            let length = text.0.len() * text.1;
            assert!(inflate(&packed, length).is_some() && inflate(&packed, length - 1).is_none());
        }
        for odd in [&b""[..], b"x", b"\x78\x9c", b"\x78\x9d\x03\0", b"\x78\x9c\x07\0\0\0", b"\x77\x85\x03\0\0\0\0\x01"]
        {
            assert_eq!(inflate(odd, 1_000), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(body in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let packed = [&b"\x78\x9c"[..], &body].concat();
            let found = inflate(&packed, 5_000);
            proptest::prop_assert!(found.is_none_or(|found| found.len() <= 5_000));
        }
    }

    const SAMPLES: [(&str, (&str, usize)); 4] = [
        ("7801010500faff506c656e6f05bf01ff", ("Pleno", 1)),
        ("7801b3b1d10fd6f74a2c4b0c4e2eca2c28b1b3b321280000ab2010d5", ("<</S/JavaScript>>", 3)),
        (
            "78da33543050c84fca52b0b1d10fa92c48d5774e2c49ccc94fd70f484c4f2d563002ca06e9fb2616657be6a5e503d58098a9290a2545a5a97676fa3e8979e91aa9c5baaec19a76760aa9792920938cd04c049ba4ef9c5f9a57a26068a4ef9d99521c6d0c323716a80700d64126f0",
            (
                "1 0 obj <</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/Lang(es-ES)>> endobj 2 0 obj <</Type/Pages/Count 12/Kids[3 0 R]>> ",
                1,
            ),
        ),
        (
            "78daedceb10e823010c6f157b951134d05474917c260d4c4a89b7138ed41d0da120a030fe50bb8f26282a3afe0b7f5d2bb7f7e112dc85fef9424ead455a2526ed8fa42edb99040f1f07b503bae1f6b97fb61677c8aa1a66e456bb565574c24ccb3e3546b1267c652fc53fc9654ea5bd75014ab4d69c27939762fc34d66a9b2e23c19b164fa17cfc8323dfb77286f4cdd38e45297bca20850400105145040010514504001051450400105145040ff1dfa01037f5e15",
            (
                "1 0 obj <</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/Lang(es-ES)>> endobj 2 0 obj <</Type/Pages/Count 12/Kids[3 0 R]>> El pleno del día, la música y la feria; ",
                30,
            ),
        ),
    ];
}
