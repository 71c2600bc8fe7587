//! After sending: listens for the answer, reads back before anything is said, and waits until the
//! call can no longer change the payment.

use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::confirm::pay_call;
use crate::known::{After, Known};
use crate::portal::{Answer, Clock, Ended, Held, Pending};
use crate::read::{Limits, Read, Reader};
use crate::turn::{Run, Turn};

/// The first pause between two reads, in milliseconds; it doubles up to the longest.
const FIRST_PAUSE_MS: f64 = 1000.0;
const LONGEST_PAUSE_MS: f64 = 8000.0;

/// What is heard of a request under way.
enum Heard {
    Answer(Answer),
    Ended(Ended),
    Read(Read),
    /// It is time for the next read.
    Time,
}

/// Sends the run's call, once, and stays until what it did is known or can no longer be. The turn
/// to send is given back as soon as the request is over or silent for too long, the order's turn
/// when the portal has finished.
pub(crate) fn settle<'a>(
    run: &'a Run,
    reader: &'a dyn Reader,
    sending: (Held, Held),
    order: &'a mut Option<Turn>,
) -> Pending<'a, After> {
    let clock = run.portal.page().clock.as_ref();
    let sent = run.portal.send(&pay_call(&run.request));
    let mut watch = Watch {
        run,
        reader,
        clock,
        order,
        answer: Some(sent.answer),
        ended: Some(sent.ended),
        read: None,
        time: Some(clock.sleep(run.options.deadline_ms)),
        read_since: 0.0,
        pause: FIRST_PAUSE_MS,
        known: Known::of(run),
    };
    let mut sending = Some(sending);
    Box::pin(poll_fn(move |context| {
        loop {
            let Some(heard) = watch.listen(context) else {
                return Poll::Pending;
            };
            let is_late = sending.take().is_none();
            if let Some(end) = watch.take(heard, is_late) {
                return Poll::Ready(end);
            }
        }
    }))
}

struct Watch<'a> {
    run: &'a Run,
    reader: &'a dyn Reader,
    clock: &'a dyn Clock,
    order: &'a mut Option<Turn>,
    answer: Option<Pending<'a, Answer>>,
    ended: Option<Pending<'a, Ended>>,
    read: Option<Pending<'a, Read>>,
    /// When the next read begins; none is waited for by the last one.
    time: Option<Pending<'static, ()>>,
    /// When the latest read began.
    read_since: f64,
    pause: f64,
    known: Known<'a>,
}

/// What a future says, which is then no longer waited for.
fn said<T>(awaited: &mut Option<Pending<'_, T>>, context: &mut Context<'_>) -> Option<T> {
    match awaited.as_mut()?.as_mut().poll(context) {
        Poll::Ready(said) => {
            *awaited = None;
            Some(said)
        }
        Poll::Pending => None,
    }
}

impl Watch<'_> {
    fn listen(&mut self, context: &mut Context<'_>) -> Option<Heard> {
        if let Some(answer) = said(&mut self.answer, context) {
            return Some(Heard::Answer(answer));
        }
        if let Some(ended) = said(&mut self.ended, context) {
            return Some(Heard::Ended(ended));
        }
        if let Some(read) = said(&mut self.read, context) {
            return Some(Heard::Read(read));
        }
        said(&mut self.time, context).map(|()| Heard::Time)
    }

    /// Takes what was heard, and reads at growing intervals while the call may still be running; a late answer still counts.
    fn take(&mut self, heard: Heard, is_late: bool) -> Option<After> {
        match heard {
            Heard::Answer(answer) => {
                if let Some(end) = self.known.hear(answer, is_late) {
                    return Some(end);
                }
                if self.known.is_answered() {
                    *self.order = None;
                    // Only a read that begins now tells what it did.
                    self.read = None;
                    self.ended = None;
                    self.pause = FIRST_PAUSE_MS;
                }
            }
            // Even where the sign is doubtful, reading earlier costs little.
            Heard::Ended(ended) => self.known.note(ended),
            Heard::Time if self.known.is_all() => {
                return Some(After::Told(Ok(self.known.unknown())));
            }
            // The last read starts when the window ends, and does not wait for one that can no longer decide.
            Heard::Time if self.clock.now() >= self.known.window_end => self.read = None,
            // A timer can be early, and a clock can stand still.
            Heard::Time => {}
            Heard::Read(read) => {
                let is_last = self.read_since >= self.known.window_end;
                if let Some(result) = self.known.judge(read, is_last) {
                    return Some(After::Told(result));
                }
                if self.known.is_all() {
                    // Only the turn is kept until the window ends.
                    self.run.finish(Ok(self.known.unknown()));
                    (self.answer, self.ended) = (None, None);
                }
                let pause = if self.known.may_read {
                    self.pause
                } else {
                    f64::INFINITY
                };
                let left = self.known.window_end - self.clock.now();
                self.time = Some(self.clock.sleep(left.min(pause).max(0.0)));
                self.pause = (self.pause * 2.0).min(LONGEST_PAUSE_MS);
                return None;
            }
        }
        let (clock, end) = (self.clock, self.known.window_end);
        // What is heard meanwhile does not break a read off.
        if self.read.is_none() {
            self.read_since = clock.now();
            self.read = Some(self.reader.read(self.run.request.payment, Limits::Fail));
        }
        self.time = (self.read_since < end).then(|| clock.sleep_until(end));
        None
    }
}
