//! Which place each code of the instructions gets. It is all the same to what unpacks them, but a place is a sign in the text,
//! and brotli guesses a sign by the classes of the two before it (RFC 7932, 7.1). So codes that the same follows get signs of
//! one class.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is a code or a pair that the table was made for"
)]

use std::collections::BTreeMap;

use super::packed::sign;

/// So many codes in a row that stood there before are copied by a compressor, and need no guess.
const COPIED: usize = 6;
/// How many pairs of classes there are.
const PAIRS: usize = 64;

/// The class of a sign as the last one, and as the one before it. Together they are the number of their pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class(usize, usize);

/// Signs that are neither letters nor digits, but for some.
const OTHER: Class = Class(12, 1);

/// The place of each code. Codes are numbers from 0 on, the most frequent first; `written` has them as they are used.
pub fn of(written: &[usize], codes: usize) -> Vec<usize> {
    let (single, double): (Vec<usize>, Vec<usize>) =
        (0..codes).partition(|place| sign_at(*place).len() == 1);
    let mut places = [single.as_slice(), &double].concat();
    let mut classes = vec![OTHER; codes];
    for (class, place) in classes.iter_mut().zip(&single) {
        *class = class_of(&sign_at(*place));
    }
    let mut guesses = Guesses::new(written, classes);
    let mut is_better = true;
    while is_better {
        is_better = false;
        for one in 0..single.len() {
            for other in one + 1..single.len() {
                if guesses.swap(one, other) {
                    places.swap(one, other);
                    is_better = true;
                }
            }
        }
    }
    places
}

fn sign_at(place: usize) -> String {
    u8::try_from(place).map_or_else(|_| String::new(), |place| sign(place ^ 0x40))
}

fn class_of(sign: &str) -> Class {
    match sign.as_bytes() {
        b" " => Class(8, 0),
        b"(" | b"<" | b"[" | b"{" => Class(24, 1),
        b")" | b">" | b"]" | b"}" => Class(28, 1),
        b"," | b":" | b";" => Class(32, 1),
        b"." => Class(36, 1),
        b"=" => Class(40, 1),
        [b'0'..=b'9'] => Class(44, 2),
        b"A" | b"E" | b"I" | b"O" | b"U" => Class(48, 2),
        [b'A'..=b'Z'] => Class(52, 2),
        b"a" | b"e" | b"i" | b"o" | b"u" => Class(56, 3),
        [b'a'..=b'z'] => Class(60, 3),
        _ => OTHER,
    }
}

/// A code, the one before it, and the one before that.
#[derive(Clone, Copy)]
struct Guess(usize, usize, usize);

/// What has to be guessed, and what it costs.
struct Guesses {
    all: Vec<Guess>,
    /// By code.
    classes: Vec<Class>,
    /// By code: the guesses which it stands before.
    after: Vec<Vec<usize>>,
    /// By pair of classes: how often each code follows it, and how often any.
    counts: Vec<Vec<usize>>,
    sums: Vec<usize>,
    /// What the next one adds, by how many there are.
    steps: Vec<i64>,
    cost: i64,
}

impl Guesses {
    fn new(written: &[usize], classes: Vec<Class>) -> Self {
        let mut all = Vec::new();
        let mut after = vec![Vec::new(); classes.len()];
        for at in guessed(written).into_iter().filter(|at| *at > 1) {
            let guess = Guess(written[at], written[at - 1], written[at - 2]);
            after[guess.1].push(all.len());
            after[guess.2].push(all.len());
            all.push(guess);
        }
        let whole = (0..)
            .zip(0..=all.len())
            .map(|(count, number)| count * bits(number));
        let whole: Vec<i64> = whole.collect();
        let mut guesses = Self {
            counts: vec![vec![0; classes.len()]; PAIRS],
            sums: vec![0; PAIRS],
            steps: whole.windows(2).map(|two| two[1] - two[0]).collect(),
            cost: 0,
            after,
            classes,
            all: all.clone(),
        };
        for guess in all {
            guesses.add(guess);
        }
        guesses
    }

    /// Gives each of two codes the other's class, unless that makes guessing dearer.
    fn swap(&mut self, one: usize, other: usize) -> bool {
        if self.classes[one] == self.classes[other] {
            return false;
        }
        let mut near = [self.after[one].as_slice(), &self.after[other]].concat();
        near.sort_unstable();
        near.dedup();
        let near: Vec<Guess> = near.into_iter().map(|at| self.all[at]).collect();
        let cost = self.cost;
        self.swap_among(&near, one, other);
        if self.cost < cost {
            return true;
        }
        self.swap_among(&near, one, other);
        false
    }

    fn swap_among(&mut self, near: &[Guess], one: usize, other: usize) {
        for guess in near {
            self.remove(*guess);
        }
        self.classes.swap(one, other);
        for guess in near {
            self.add(*guess);
        }
    }

    fn add(&mut self, guess: Guess) {
        let pair = self.pair(guess);
        let (count, sum) = (&mut self.counts[pair][guess.0], &mut self.sums[pair]);
        self.cost += self.steps[*sum] - self.steps[*count];
        *count += 1;
        *sum += 1;
    }

    fn remove(&mut self, guess: Guess) {
        let pair = self.pair(guess);
        let (count, sum) = (&mut self.counts[pair][guess.0], &mut self.sums[pair]);
        *count -= 1;
        *sum -= 1;
        self.cost -= self.steps[*sum] - self.steps[*count];
    }

    fn pair(&self, Guess(_, last, before): Guess) -> usize {
        self.classes[last].0 + self.classes[before].1
    }
}

/// The logarithm of a number to the base of two, in 256ths. In whole numbers, so that all machines build the same.
fn bits(number: usize) -> i64 {
    let Some(whole) = number.checked_ilog2() else {
        return 0;
    };
    let mut rest = (number as u64) << (31 - whole);
    let mut bits = i64::from(whole);
    for _ in 0..8 {
        rest = (rest * rest) >> 31;
        let is_over = rest >> 32 & 1;
        rest >>= is_over;
        bits = (bits << 1) | is_over.cast_signed();
    }
    bits
}

/// Where a code stands that is not copied together with those after it.
fn guessed(written: &[usize]) -> Vec<usize> {
    let mut seen: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
    let mut guessed = Vec::new();
    let mut at = 0;
    while at < written.len() {
        let row = written.get(at..at + COPIED);
        let alike = |from: &usize| {
            let both = written[*from..].iter().zip(&written[at..]);
            both.take_while(|(one, other)| one == other).count()
        };
        let known = row.and_then(|row| seen.get(row)).into_iter().flatten();
        let length = known.map(alike).max().unwrap_or_else(|| {
            guessed.push(at);
            1
        });
        for (more, row) in written[at..].windows(COPIED).take(length).enumerate() {
            seen.entry(row).or_default().push(at + more);
        }
        at += length;
    }
    guessed
}

#[cfg(test)]
mod tests {
    use super::{bits, class_of, guessed, of, sign_at};

    #[test]
    fn every_code_has_a_place_of_its_own_and_the_frequent_ones_have_one_sign() {
        // What is written is all the same to it, but for which goes together with which.
        let written: Vec<usize> = (0..5000).map(|at: usize| at * at % 167).collect();
        let places = of(&written, 167);
        let mut sorted = places.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..167).collect::<Vec<_>>());
        let single = places
            .iter()
            .take_while(|place| sign_at(**place).len() == 1);
        assert_eq!(single.count(), 87);
        assert_eq!(of(&written, 167), places, "the same again");
    }

    #[test]
    fn codes_that_the_same_follows_get_signs_of_one_class() {
        // After 0 to 3 comes one of 8 to 10, after 4 to 7 one of 12 to 14, by chance.
        let mut chance = 1_usize;
        let mut written = Vec::new();
        for _ in 0..4000 {
            chance = (chance * 1_103_515_245 + 12_345) % (1 << 31);
            let code = chance >> 16 & 7;
            written.extend([code, 8 + code / 4 * 4 + (chance >> 20) % 3]);
        }
        let places = of(&written, 20);
        let class = |code: usize| class_of(&sign_at(places[code])).0;
        let [low, high] = [0..4, 4..8].map(|codes| codes.map(class).collect::<Vec<_>>());
        assert!(
            low.iter().all(|class| !high.contains(class)),
            "{low:?} {high:?}"
        );
    }

    #[test]
    fn what_was_there_before_is_not_guessed() {
        let mut written: Vec<usize> = (0..10).collect();
        written.extend(0..8);
        written.push(99);
        assert_eq!(guessed(&written), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 18]);
    }

    #[test]
    fn logarithms_are_whole_numbers() {
        assert_eq!([1, 2, 3, 1024].map(bits), [0, 256, 405, 2560]);
    }
}
