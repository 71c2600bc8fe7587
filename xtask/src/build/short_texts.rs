//! Short texts that come out of the module are put together sign by sign: to call a decoder takes several times as long, and
//! most are names of members.

use anyhow::Result;

use super::glue::exchanged;

/// How wasm-bindgen reads a text.
const GENERATED: &str = "    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));\n";

/// The same for texts of ASCII with fewer than 32 signs; what is longer or has others is left to the decoder.
const QUICKER: &str = "    const bytes = getUint8ArrayMemory0();
    let text = '', at = ptr;
    while (len < 32 && at < ptr + len && bytes[at] < 128) text += String.fromCharCode(bytes[at++]);
    return at < ptr + len ? decodeText(bytes.subarray(ptr, ptr + len)) : text;
";

/// The generated JavaScript with the quicker way.
pub fn quickened(generated: &str) -> Result<String> {
    exchanged(generated, GENERATED, QUICKER)
}

#[cfg(test)]
mod tests {
    use super::{GENERATED, QUICKER, quickened};

    #[test]
    fn texts_are_read_in_the_quicker_way_and_an_unknown_one_is_refused() -> anyhow::Result<()> {
        assert_eq!(
            quickened(&format!("a\n{GENERATED}b"))?,
            format!("a\n{QUICKER}b")
        );
        assert!(quickened("a").is_err());
        assert!(quickened(&GENERATED.repeat(2)).is_err());
        Ok(())
    }
}
