//! What is packed with deflate in a zlib wrapper (RFC 1950, 1951), as far as a ceiling.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What was packed; `None` if it breaks off or is more than `most` bytes. The checksum behind it is not reckoned: readers draw it all
/// the same.
pub fn inflate(zlib: &[u8], most: usize) -> Option<Vec<u8>> {
    let (head, packed) = zlib.split_at_checked(2)?;
    let number = u16::from_be_bytes([head[0], head[1]]);
    // Deflate, a head that says so, and no dictionary that nobody has.
    let is_deflate = head[0] & 0x0f == 8 && head[1] & 0x20 == 0 && number.is_multiple_of(31);
    is_deflate.then(|| decompress_to_vec_with_limit(packed, most).ok()).flatten()
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
            // Behind the last block stands the checksum alone.
            for end in 0..packed.len() - 4 {
                assert_eq!(inflate(&packed[..end], 100_000), None, "{end}");
            }
            let length = text.0.len() * text.1;
            assert!(inflate(&packed, length).is_some() && inflate(&packed, length - 1).is_none());
        }
        let mut summed = bytes(SAMPLES[2].0);
        *summed.last_mut().unwrap() ^= 1;
        assert!(inflate(&summed, 100_000).is_some(), "a checksum that is wrong");
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
