//! Puts a WebAssembly module together again out of text in which it compresses a tenth better: its instructions and their
//! numbers stand in streams of one kind each. `xtask/src/build/streams.rs` takes it apart.
//!
//! The text is [`STREAMS`] streams with a `#` after each:
//!
//! - the codes, each as the class of its instruction, how many bytes spell it, these bytes, how many numbers follow, and the
//!   stream of each; a code without bytes begins a function;
//! - the bytes around the functions;
//! - the instructions, each as the place of its code;
//! - the numbers. Those of the stream [`LISTS`] are lists: how many there are, which is not part of the module, and then these.
//!   From [`FOLLOWED`] on a code names the first stream of several, one for each class of the instruction that comes next: a
//!   local that is added to is another than one that is stored.
//!
//! A byte is the sign of ASCII that it is, in the stream around the functions, where the module's own texts are; in the others
//! 0 to 62 are `@` to `~`. Where that would be a sign that means something here, in JavaScript or in HTML, or none, a byte is two signs:
//! one of `$%&'` for its group of 64, and `?` to `~`. In place of the backslash there is always `!`.
//!
//! A number is digits of five bits, the highest first. Digits before the last one are larger by 32, and what they say
//! is larger by one than it seems, for a number that needs fewer digits has fewer. What is written so is not the number but which
//! of all numbers in LEB128 it is, the shortest first. The lengths of functions do not stand in the text; in the module each takes
//! [`LENGTH`] bytes.
//!
//! It knows no instruction, and runs in WebAssembly itself, several times faster than the same in JavaScript would. It trusts
//! its text: the build has unpacked it once. Of another text it makes what no
//! engine takes for a module, or it traps.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![expect(
    clippy::indexing_slicing,
    reason = "a way out for each would be a third of the unpacker, and the text is known"
)]

/// How many streams there are: two of those whose numbers go by what comes next, and those before them.
pub const STREAMS: usize = FOLLOWED + 2 * CLASSES;
/// The stream of codes.
pub const CODES: usize = 0;
/// The stream of the bytes around the functions.
pub const AROUND: usize = 1;
/// The stream of instructions.
pub const INSTRUCTIONS: usize = 2;
/// The stream of lists of numbers. It and all after it are in digits.
pub const LISTS: usize = 3;
/// The first stream that is one of several, by what comes next.
pub const FOLLOWED: usize = 11;
/// How many classes of instructions there are.
pub const CLASSES: usize = 8;
/// How many bytes the length of a function takes: as many for a short one, so that it has its place before it is known.
pub const LENGTH: usize = 3;

/// Ends a stream.
pub const END: u8 = b'#';

/// Writes the module of a text behind the text, which is at the beginning of the memory and so many bytes long; of the module so
/// many bytes stand before the functions. The text is lost.
pub fn unpack(memory: &mut [u8], text: usize, before: usize) {
    // The bytes of the streams take the place of their signs.
    let mut streams = [0; STREAMS + 1];
    let mut stream = 0;
    let mut end = 0;
    let mut group = 0;
    for at in 0..text {
        let sign = match memory[at] {
            b'!' => b'\\',
            sign => sign,
        };
        match sign {
            END => {
                stream += 1;
                streams[stream] = end;
            }
            b'$'..=b'\'' => group = sign,
            _ => {
                let byte = match group {
                    0 => sign,
                    // These end in 0, 1, 2 and 3.
                    _ => sign.wrapping_sub(b'?') | group << 6,
                };
                group = 0;
                memory[end] = byte ^ if stream == AROUND { 0 } else { 0x40 };
                end += 1;
            }
        }
    }
    // Where each code stands.
    let mut places = [0; 256];
    let mut place = 0;
    let mut at = 0;
    while at < streams[AROUND] {
        places[place] = at;
        place += 1;
        at += 1;
        for _ in 0..2 {
            at += 1 + usize::from(memory[at]);
        }
    }
    let [_, around, mut at, instructions_end, ..] = streams;
    let rest = at;
    let mut end = text;
    copy(memory, &mut end, around, around + before);
    let mut function = end;
    let mut code = places[usize::from(memory[at])];
    while at < instructions_end {
        at += 1;
        // Behind the last one there is the first list's length: no function ends with a number.
        let next = places[usize::from(memory[at])];
        let class = memory[next];
        let spelled = memory[code + 1];
        if spelled == 0 {
            // Before the first function there is none: what is written then is written over.
            close(memory, function, end);
            function = end;
            end += LENGTH;
        }
        code += 2;
        copy(memory, &mut end, code, code + usize::from(spelled));
        code += usize::from(spelled);
        for _ in 0..memory[code] {
            code += 1;
            let mut stream = usize::from(memory[code]);
            if stream >= FOLLOWED {
                stream += usize::from(class);
            }
            let place = &mut streams[stream];
            let mut left = 1;
            if stream == LISTS {
                left = number(memory, place);
            }
            for _ in 0..left {
                let mut number = number(memory, place);
                while number > 0x7f {
                    memory[end] = (number & 0x7f) as u8 | 0x80;
                    end += 1;
                    number = (number >> 7) - 1;
                }
                memory[end] = (number & 0x7f) as u8;
                end += 1;
            }
        }
        code = next;
    }
    close(memory, function, end);
    copy(memory, &mut end, around + before, rest);
}

/// Copies bytes to the end of what is written.
fn copy(memory: &mut [u8], end: &mut usize, from: usize, to: usize) {
    memory.copy_within(from..to, *end);
    *end += to - from;
}

/// The next number of a stream.
fn number(memory: &[u8], place: &mut usize) -> u64 {
    let mut number = 0;
    loop {
        let digit = memory[*place];
        *place += 1;
        number = number << 5 | u64::from(digit & 31);
        if digit < 32 {
            return number;
        }
        number += 1;
    }
}

/// Writes the length of the function that begins and ends there into the [`LENGTH`] bytes at its beginning.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each byte takes seven bits"
)]
pub fn close(memory: &mut [u8], function: usize, end: usize) {
    let length = end.wrapping_sub(function + LENGTH);
    let length = [
        length as u8 | 0x80,
        (length >> 7) as u8 | 0x80,
        (length >> 14) as u8,
    ];
    memory[function..function + LENGTH].copy_from_slice(&length);
}

#[cfg(target_arch = "wasm32")]
mod called {
    use core::slice;

    /// [`unpack`](super::unpack) for JavaScript, in so many bytes of the memory of this instance.
    #[expect(
        unsafe_code,
        reason = "memory is all that JavaScript and a bare module share"
    )]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn unpack(memory: *mut u8, length: usize, text: usize, before: usize) {
        // SAFETY: the caller has grown the memory by these bytes, and nothing else runs here.
        let memory = unsafe { slice::from_raw_parts_mut(memory, length) };
        super::unpack(memory, text, before);
    }

    #[panic_handler]
    fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
