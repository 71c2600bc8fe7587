//! Puts a WebAssembly module together again out of text in which it compresses a tenth better: its instructions and their
//! numbers stand in streams of one kind each. `xtask/src/build/streams.rs` takes it apart.
//!
//! The text is [`STREAMS`] streams with a `#` after each:
//!
//! - the codes, each as the class of its instruction, how many bytes spell it, these bytes, how many numbers follow, and the
//!   stream of each; a code without bytes begins a function;
//! - the bytes around the functions;
//! - the instructions, each as the place of its code;
//! - the numbers, from [`DIGITS`] on in digits, before it as LEB128. Those of the stream [`LISTS`] are lists: how many there
//!   are, which is not part of the module, and then these. From [`FOLLOWED`] on a code names the first stream of several, one
//!   for each class of the instruction that comes next: a local that is added to is another than one that is stored.
//!
//! A byte is the sign of ASCII that it is, in the stream around the functions, where the module's own texts are; in the others
//! 0 to 62 are `@` to `~`. Where that would be a sign that means something here, in JavaScript or in HTML, or none, a byte is two signs:
//! one of `$%&'` for its group of 64, and `?` to `~`. In place of the backslash there is always `!`.
//!
//! A number in digits has five bits in each, the highest first. Digits before the last one are larger by 32, and what they say
//! is larger by one than it seems, for a number that needs fewer digits has fewer. What is written so is not the number but which
//! of all numbers in LEB128 it is, the shortest first.
//!
//! It knows no instruction, and runs in WebAssembly itself, several times faster than the same in JavaScript would.

#![cfg_attr(target_arch = "wasm32", no_std)]

/// How many streams there are: two of those whose numbers go by what comes next, and those before them.
pub const STREAMS: usize = FOLLOWED + 2 * CLASSES;
/// The stream of codes.
pub const CODES: usize = 0;
/// The stream of the bytes around the functions.
pub const AROUND: usize = 1;
/// The stream of instructions.
pub const INSTRUCTIONS: usize = 2;
/// The stream of lists of numbers.
pub const LISTS: usize = 3;
/// The first stream whose numbers are in digits.
pub const DIGITS: usize = 5;
/// The first stream that is one of several, by what comes next.
pub const FOLLOWED: usize = 11;
/// How many classes of instructions there are.
pub const CLASSES: usize = 8;
/// The most bytes that all codes take.
const CODES_MOST: usize = 4096;
/// The most bytes that a function's length takes, and how many more than the module the slice for it needs.
pub const LENGTH: usize = 5;

/// Ends a stream.
pub const END: u8 = b'#';

/// Writes the module of a text, of which so many bytes stand before the functions. Its length, or `None` if the text is no
/// module or the module does not fit.
pub fn unpack(text: &[u8], before: usize, module: &mut [u8]) -> Option<usize> {
    let mut streams = Streams {
        text,
        places: [0; STREAMS],
    };
    let mut begins = 0;
    for place in &mut streams.places {
        *place = begins;
        while *text.get(begins)? != END {
            begins += 1;
        }
        begins += 1;
    }
    let mut codes = [0; CODES_MOST];
    let mut end = 0;
    while let Some(byte) = streams.next(CODES) {
        *codes.get_mut(end)? = byte as u8;
        end += 1;
    }
    let mut places = [0; 256];
    let mut at = 0;
    for place in &mut places {
        *place = at;
        at += 1;
        for _ in 0..2 {
            at += 1 + usize::from(codes.get(at).copied().unwrap_or_default());
        }
    }
    let mut written = Written { module, end: 0 };
    for _ in 0..before {
        written.put(streams.next(AROUND)? as u8)?;
    }
    let mut function = None;
    let mut next = streams.code(&codes, &places);
    while let Some((_, code)) = next {
        next = streams.code(&codes, &places);
        let class = next.map_or(0, |(class, _)| usize::from(*class));
        let (spelled, code) = list(code)?;
        let (numbers, _) = list(code)?;
        if spelled.is_empty() {
            written.close(function)?;
            function = Some(written.end);
            written.end += LENGTH;
        }
        for byte in spelled {
            written.put(*byte)?;
        }
        for stream in numbers {
            let mut stream = usize::from(*stream);
            if stream >= FOLLOWED {
                stream += class;
            }
            if stream >= DIGITS {
                written.number(streams.number(stream)?)?;
                continue;
            }
            let left = if stream == LISTS {
                streams.next(LISTS)? as u32
            } else {
                1
            };
            for _ in 0..left {
                while written.put(streams.next(stream)? as u8)? > 0x7f {}
            }
        }
    }
    written.close(function)?;
    while let Some(byte) = streams.next(AROUND) {
        written.put(byte as u8)?;
    }
    Some(written.end)
}

/// A list after its length, and what follows it.
fn list(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, bytes) = bytes.split_first()?;
    bytes.split_at_checked(usize::from(*length))
}

struct Streams<'a> {
    text: &'a [u8],
    /// Where each goes on.
    places: [usize; STREAMS],
}

impl Streams<'_> {
    /// The next byte of a stream; `None` at its end. As a `char`, which has room for `None`: a flag and a byte would come
    /// back through memory.
    fn next(&mut self, stream: usize) -> Option<char> {
        let place = self.places.get_mut(stream)?;
        let mut sign = || {
            let sign = *self.text.get(*place)?;
            *place += 1;
            Some(if sign == b'!' { b'\\' } else { sign })
        };
        let byte = match sign()? {
            END => return None,
            // These end in 0, 1, 2 and 3.
            group @ b'$'..=b'\'' => (sign()?.wrapping_sub(b'?')) | group << 6,
            sign => sign,
        };
        let moved = if stream == AROUND { 0 } else { 0x40 };
        Some(char::from(byte ^ moved))
    }

    /// The next instruction's code: its class, and what follows that. `None` at the end, or where there is no such code.
    fn code<'b>(&mut self, codes: &'b [u8], places: &[usize]) -> Option<(&'b u8, &'b [u8])> {
        let place = *places.get(self.next(INSTRUCTIONS)? as usize)?;
        codes.get(place..)?.split_first()
    }

    /// The next number in digits.
    fn number(&mut self, stream: usize) -> Option<u64> {
        let mut number = 0;
        loop {
            let digit = self.next(stream)? as u32;
            number = number << 5 | u64::from(digit & 31);
            if digit < 32 {
                return Some(number);
            }
            number += 1;
        }
    }
}

/// The part of the module that stands.
struct Written<'a> {
    module: &'a mut [u8],
    end: usize,
}

impl Written<'_> {
    fn put(&mut self, byte: u8) -> Option<u8> {
        *self.module.get_mut(self.end)? = byte;
        self.end += 1;
        Some(byte)
    }

    /// The number that is this one of all in LEB128.
    fn number(&mut self, mut number: u64) -> Option<()> {
        while number > 0x7f {
            self.put((number & 0x7f) as u8 | 0x80)?;
            number = (number >> 7) - 1;
        }
        self.put((number & 0x7f) as u8)?;
        Some(())
    }

    /// Writes the length of the function that begins there, and moves the function up to it.
    fn close(&mut self, function: Option<usize>) -> Option<()> {
        let Some(begins) = function else {
            return Some(());
        };
        let body = begins + LENGTH;
        let end = self.end;
        let mut rest = (end - body) as u64;
        self.end = begins;
        while rest > 0x7f {
            self.put((rest & 0x7f) as u8 | 0x80)?;
            rest >>= 7;
        }
        self.put((rest & 0x7f) as u8)?;
        let begins = self.end;
        self.end += end - body;
        self.module
            .get_mut(begins..end)?
            .copy_within(body - begins.., 0);
        Some(())
    }
}

#[cfg(target_arch = "wasm32")]
mod called {
    use core::slice;

    /// [`unpack`](super::unpack) for JavaScript: the text at `text`, room at `module`, both in the memory of this instance.
    /// The length of the module, or 0.
    #[expect(
        unsafe_code,
        reason = "memory is all that JavaScript and a bare module share"
    )]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn unpack(
        text: *const u8,
        text_length: usize,
        before: usize,
        module: *mut u8,
        room: usize,
    ) -> usize {
        // SAFETY: the caller has grown the memory by both, one after the other, and nothing else runs here.
        let (text, module) = unsafe {
            (
                slice::from_raw_parts(text, text_length),
                slice::from_raw_parts_mut(module, room),
            )
        };
        super::unpack(text, before, module).unwrap_or(0)
    }

    #[panic_handler]
    fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
