//! The mutants: each takes one promise away. The text to be replaced must occur once in its file.

/// One mutation of the crate's source.
#[derive(Debug)]
pub struct Mutant {
    /// What it does wrong.
    pub name: &'static str,
    /// The file under `src`.
    pub file: &'static str,
    /// The text that is there.
    pub from: &'static str,
    /// The text that takes its place.
    pub to: &'static str,
}

const fn mutant(
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> Mutant {
    Mutant {
        name,
        file,
        from,
        to,
    }
}

/// All of them, by the file that they break.
pub const MUTANTS: &[Mutant] = &[
    // After sending.
    mutant(
        "trust-true",
        "known.rs",
        "let is_done = payment.paid == makes_paid;",
        "let is_done = payment.paid == makes_paid || self.word == Word::Yes;",
    ),
    mutant(
        "skip-the-read-back-after-a-yes",
        "known.rs",
        "                    self.started_at = reply.started_at();\n",
        "                    self.started_at = reply.started_at();\n                    self.word = Word::Yes;\n                    let last = self.run.last.borrow().clone();\n                    if let Some(last) = last {\n                        return self.judge(Ok((last, 0.0)), false).map(After::Told);\n                    }\n",
    ),
    mutant(
        "resend-on-502",
        "known.rs",
        "                let error = Error::no_answer(method, status, cause);\n",
        "                if status == Some(502) {\n                    return Some(After::NotRun(Said::Limit, Refusal::default()));\n                }\n                let error = Error::no_answer(method, status, cause);\n",
    ),
    mutant(
        "resend-after-an-unseen-refusal",
        "settle.rs",
        "            Heard::Ended(ended) => self.known.note(ended),\n",
        "            Heard::Ended(ended) if ended.status == Some(503) => {\n                use crate::{error::Refusal, refusal::Said};\n                return Some(After::NotRun(Said::Limit, Refusal::default()));\n            }\n            Heard::Ended(ended) => self.known.note(ended),\n",
    ),
    mutant(
        "resend-a-refusal-that-came-late",
        "known.rs",
        "Said::Expired if !is_late => {",
        "Said::Expired if !is_late || is_late => {",
    ),
    mutant(
        "settle-at-once-after-silence",
        "known.rs",
        "window_end: clock.now() + run.options.settle_ms,",
        "window_end: clock.now(),",
    ),
    mutant(
        "settle-a-second-early",
        "known.rs",
        "window_end: clock.now() + run.options.settle_ms,",
        "window_end: clock.now() + run.options.settle_ms - 1000.0,",
    ),
    mutant(
        "read-before-instead-of-after-the-window",
        "settle.rs",
        "let is_last = self.read_since >= self.known.window_end;",
        "let is_last = self.read_since + LONGEST_PAUSE_MS >= self.known.window_end;",
    ),
    mutant(
        "break-a-read-off-while-the-clock-stands",
        "settle.rs",
        "Heard::Time if self.clock.now() >= self.known.window_end",
        "Heard::Time if self.clock.now() >= 0.0",
    ),
    mutant(
        "wait-beyond-the-window-for-a-read-that-hangs",
        "settle.rs",
        "(self.read_since < end).then(",
        "(self.read_since < f64::NEG_INFINITY).then(",
    ),
    mutant(
        "take-an-uncertain-sign-for-an-end",
        "known.rs",
        "        if !ended.certain {\n            return;\n        }\n",
        "",
    ),
    mutant(
        "take-a-throw-for-an-end",
        "known.rs",
        "(Word::Nothing, ended, Some(error))",
        "(Word::Nothing, ended || true, Some(error))",
    ),
    mutant(
        "wait-beyond-the-window-for-a-held-back-request",
        "known.rs",
        "delay > HELD_BACK_MS && ",
        "delay > f64::INFINITY && ",
    ),
    mutant(
        "take-an-answer-for-a-sign-of-the-start",
        "known.rs",
        "started_at.unwrap_or(now)",
        "started_at.unwrap_or(self.handed_at)",
    ),
    mutant(
        "take-a-request-over-http-for-started-at-once",
        "known.rs",
        "        if !self.has_ended {\n",
        "        if !self.has_ended && !self.run.portal.tells_apart() {\n",
    ),
    mutant(
        "take-a-request-through-bx24-for-started-when-it-was-handed-over",
        "known.rs",
        "        if !self.has_ended {\n",
        "        if !self.has_ended && self.run.portal.tells_apart() {\n",
    ),
    mutant(
        "move-the-window-with-every-end",
        "known.rs",
        "        if !self.has_ended {\n",
        "        if !self.has_ended || !self.run.host.is_empty() {\n",
    ),
    mutant(
        "take-silence-for-not-applied",
        "known.rs",
        "if is_last && self.has_ended && !self.was_held_back =>",
        "if is_last && !self.was_held_back =>",
    ),
    mutant(
        "take-a-held-back-request-for-not-applied",
        "known.rs",
        "if is_last && self.has_ended && !self.was_held_back =>",
        "if is_last && self.has_ended =>",
    ),
    mutant(
        "ignore-late-answers",
        "settle.rs",
        "            Heard::Time => {}\n",
        "            Heard::Time => self.answer = None,\n",
    ),
    mutant(
        "do-not-repeat-a-failed-read",
        "known.rs",
        "(_, Err(Unread::Failed(_))) if !is_last => return None,",
        "(Word::Doubtful, Err(Unread::Failed(_))) if !is_last => return None,",
    ),
    mutant(
        "reject-what-a-read-has-to-decide",
        "known.rs",
        "(Word::No, Err(_)) => return",
        "(Word::No | Word::Doubtful, Err(_)) => return",
    ),
    mutant(
        "reject-without-a-read",
        "known.rs",
        "Word::Doubtful | Word::No if !is_done => return",
        "Word::Doubtful | Word::No => return",
    ),
    mutant(
        "claim-what-somebody-else-did",
        "known.rs",
        "paid_at < started_at",
        "paid_at + 1_000_000 < started_at",
    ),
    mutant(
        "give-away-what-we-did-ourselves",
        "known.rs",
        "paid_at < started_at",
        "paid_at <= started_at",
    ),
    mutant(
        "recover-what-was-answered",
        "known.rs",
        "recovered: word == Word::Nothing,",
        "recovered: true,",
    ),
    // Before sending.
    mutant(
        "send-after-a-failed-first-read",
        "confirm.rs",
        "Unread::Failed(error) => Err(error),",
        "Unread::Failed(_) => Ok(None),",
    ),
    mutant(
        "send-what-is-paid-already",
        "confirm.rs",
        "                if run.sees(&payment) == run.request.action.makes_paid() {\n                    return",
        "                run.sees(&payment);\n                if false {\n                    return",
    ),
    mutant(
        "send-an-amount-that-cannot-be-read",
        "confirm.rs",
        "if run.request.needs_read(&run.options.terms) => {",
        "if false && run.request.needs_read(&run.options.terms) => {",
    ),
    mutant(
        "check-nothing",
        "confirm.rs",
        "                run.request.check(&payment, &run.options.terms)?;\n",
        "",
    ),
    mutant(
        "trust-an-old-known-payment",
        "confirm.rs",
        "clock.now() - at <= FRESH_MS && !page",
        "clock.now() - at <= f64::INFINITY && !page",
    ),
    mutant(
        "trust-a-known-payment-after-waiting",
        "confirm.rs",
        "!has_waited && is_fresh && payment.id",
        "is_fresh && payment.id",
    ),
    mutant(
        "trust-what-was-known-before-a-call-ended",
        "confirm.rs",
        " && !page.turns.has_changed(payment.id, *at);",
        ";",
    ),
    mutant(
        "forget-that-a-call-ended",
        "turn.rs",
        "ended.push((id, now));",
        "",
    ),
    mutant(
        "remember-only-the-latest-call",
        "turn.rs",
        "ended.retain(|&(other, at)| other != id && now - at <= FRESH_MS);",
        "ended.clear();",
    ),
    mutant(
        "send-after-a-read-that-has-grown-old",
        "confirm.rs",
        "- ahead) - at > FRESH_MS && looks > 0 {",
        "- ahead) - at > f64::INFINITY && looks > 0 {",
    ),
    mutant(
        "take-no-place-for-what-is-sent-again",
        "confirm.rs",
        "        is_paced = false;\n",
        "",
    ),
    mutant(
        "send-again-after-a-read-that-has-grown-old",
        "confirm.rs",
        "Ok(true) => looks = reader.looks(),",
        "Ok(true) => {}",
    ),
    mutant(
        "wait-for-the-pace-again-after-every-look",
        "confirm.rs",
        "            is_paced = true;\n",
        "            is_paced = false;\n",
    ),
    mutant(
        "forget-the-order-that-may-not-be-read-any-more",
        "confirm.rs",
        "Ok((payment, _)) if run.sees(&payment) == entry.pays => break,",
        "Ok((payment, _)) if payment.paid == entry.pays => break,",
    ),
    mutant(
        "no-order-turn-after-a-second-look",
        "confirm.rs",
        "            if order.is_none()\n",
        "            if order.is_none() && looks == reader.looks()\n",
    ),
    mutant(
        "send-although-nobody-waits-any-more",
        "confirm.rs",
        "        if run.is_abandoned() {\n",
        "        if false {\n",
    ),
    mutant(
        "send-two-of-one-kind-that-cannot-be-told-apart",
        "confirm.rs",
        "let sending = if run.portal.tells_apart() {",
        "let sending = if run.portal.tells_apart() || !run.host.is_empty() {",
    ),
    mutant(
        "let-the-turn-go-while-it-may-still-change",
        "settle.rs",
        "                    (self.answer, self.ended) = (None, None);\n",
        "                    return Some(After::Told(Ok(self.known.unknown())));\n",
    ),
    mutant(
        "ignore-what-a-closed-tab-left",
        "confirm.rs",
        "    while page.clock.now() < settled_at {",
        "    while page.clock.now() < settled_at * 0.0 {",
    ),
    mutant(
        "wait-as-long-as-a-forged-entry-says",
        "confirm.rs",
        "entry.settle_ms.min(longest)",
        "entry.settle_ms",
    ),
    mutant(
        "take-what-a-read-waits-for-from-the-patience",
        "confirm.rs",
        "            until += clock.now() - now;\n",
        "",
    ),
    mutant(
        "let-each-of-many-wait-as-if-alone",
        "confirm.rs",
        "take(page, &name, until, longer_ms)",
        "take(page, &name, until, 0.0)",
    ),
    mutant(
        "wait-for-a-closed-tab-no-longer-than-for-ourselves",
        "confirm.rs",
        "if age >= 0.0 { SETTLE_MS }",
        "if age >= 0.0 { 0.0 }",
    ),
    mutant(
        "wait-until-a-forged-future",
        "confirm.rs",
        "entry.settle_ms.min(longest) - age.max(0.0);",
        "entry.settle_ms.min(longest) - age;",
    ),
    mutant(
        "send-a-refused-call-without-a-limit",
        "pace.rs",
        "if refusals > RESENDS {",
        "if refusals > RESENDS * 50 {",
    ),
    mutant(
        "do-not-wait-for-the-operating-limits-reset",
        "pace.rs",
        "Some((reset_at - now).max(growing))",
        "Some((reset_at - now).min(growing))",
    ),
    mutant(
        "take-a-read-that-was-refused-for-a-no",
        "known.rs",
        "if why.retry() != Retry::ReadFirst {",
        "if why.retry() == Retry::Safe {",
    ),
    // One payment, one sender.
    mutant(
        "forget-the-lock",
        "turn.rs",
        "    let (lock, is_contended) = lock.ok_or_else(Error::under_way)?;\n",
        "    lock.ok_or_else(Error::under_way)?;\n    let (lock, is_contended) = (Held::nothing(), false);\n",
    ),
    mutant(
        "forget-the-line-in-the-page",
        "turn.rs",
        "    let line = line.ok_or_else(Error::under_way)?;\n",
        "    line.ok_or_else(Error::under_way)?;\n    let line = Held::nothing();\n",
    ),
    mutant(
        "trust-what-was-known-behind-a-call-that-sent-nothing",
        "turn.rs",
        "is_contended: is_contended || is_busy,",
        "is_contended,",
    ),
    mutant(
        "note-another-window-than-its-own",
        "turn.rs",
        "settle_ms: run.options.settle_ms,",
        "settle_ms: 65_000.0,",
    ),
    mutant(
        "forget-the-journal",
        "turn.rs",
        "        page.journal.write(&entry);\n",
        "",
    ),
    mutant(
        "leave-the-journal-behind",
        "turn.rs",
        "        self.page.journal.remove(&self.entry);\n",
        "",
    ),
    mutant(
        "forget-what-a-dropped-run-has-sent",
        "turn.rs",
        "        let (id, now) = (self.entry.payment",
        "        self.page.journal.remove(&self.entry);\n        let (id, now) = (self.entry.payment",
    ),
    mutant(
        "leave-the-callers-of-a-dropped-run-waiting",
        "turn.rs",
        "        self.0.done.set();\n",
        "",
    ),
    mutant(
        "no-order-turn",
        "payment.rs",
        ".map_or(&self.account_number, |(order, _)| order)",
        ".map_or(&self.account_number, |_| &self.account_number)",
    ),
    mutant(
        "let-a-second-callers-expect-go-unchecked",
        "turn.rs",
        "\n            && self.options.terms == options.terms",
        "",
    ),
    mutant(
        "let-unlike-calls-share-a-run",
        "turn.rs",
        "\n            && self.request == *request",
        "",
    ),
    mutant(
        "share-nothing",
        "turn.rs",
        "if let Some(run) = latest.filter(|run| run.shares(portal, request, options)) {",
        "if let Some(run) = latest.filter(|run| run.shares(portal, request, options) && host.is_empty()) {",
    ),
    mutant(
        "take-a-run-that-is-over-for-the-latest",
        "turn.rs",
        ".filter(|run| !run.done.is_set())\n            .find(|run| run.host == host && run.request.payment == request.payment);",
        ".find(|run| run.host == host && run.request.payment == request.payment)\n            .filter(|run| !run.done.is_set());",
    ),
    mutant(
        "share-a-run-that-is-over",
        "turn.rs",
        "            .filter(|run| !run.done.is_set())\n",
        "",
    ),
    mutant(
        "go-on-with-what-nobody-waits-for",
        "turn.rs",
        "        self.is_sent.set(false);\n        if self.is_abandoned() {",
        "        self.is_sent.set(false);\n        if false {",
    ),
    mutant(
        "go-on-with-what-was-never-sent",
        "turn.rs",
        "if run.is_abandoned() && !run.is_sent.get() {",
        "if run.is_abandoned() && run.is_sent.get() {",
    ),
    mutant(
        "stop-listening-when-all-callers-have-gone",
        "turn.rs",
        "if run.is_abandoned() && !run.is_sent.get() {",
        "if run.is_abandoned() {",
    ),
    mutant(
        "say-unsent-to-whoever-aborts-after-sending",
        "turn.rs",
        "            if run.is_sent.get() {\n                Ok(",
        "            if false {\n                Ok(",
    ),
    mutant(
        "wait-for-others-for-ever",
        "turn.rs",
        "in_time(clock, until, pin!(page.locks.acquire(name))).await;",
        "in_time(clock, until + 1e14, pin!(page.locks.acquire(name))).await;",
    ),
    mutant(
        "wait-for-ever-in-a-page-that-was-frozen",
        "read.rs",
        "        *until = f64::INFINITY;\n",
        "",
    ),
    // Meanings.
    mutant(
        "take-code-0-for-missing-rights",
        "refusal.rs",
        "200040300020 user_access_error\"",
        "200040300020 user_access_error 0\"",
    ),
    mutant(
        "take-an-edges-500-for-a-no",
        "refusal.rs",
        "Said::MayRun,\n        \"internal_server_error",
        "Said::No,\n        \"internal_server_error",
    ),
    mutant(
        "take-any-unknown-code-for-a-no",
        "refusal.rs",
        "        Said::ReadDecides\n    }",
        "        Said::No\n    }",
    ),
    mutant(
        "take-a-gateways-word-for-the-portals",
        "refusal.rs",
        "status >= 500",
        "status >= 600",
    ),
    mutant(
        "take-a-gateways-yes-for-the-portals",
        "known.rs",
        "None if refusal::has_given_up(reply.status) => {",
        "None if false => {",
    ),
    mutant(
        "compare-codes-by-case",
        "refusal.rs",
        "known.eq_ignore_ascii_case(&refusal.code)",
        "known == refusal.code",
    ),
    mutant(
        "remember-missing-rights",
        "read.rs",
        "if error.is(Code::MissingScope) {",
        "if error.is(Code::MissingScope) || error.is(Code::AccessDenied) {",
    ),
    mutant(
        "read-another-payment",
        "reply.rs",
        "any_payment(fields).filter(|payment| payment.id == id)",
        "any_payment(fields).filter(|payment| payment.id >= id || payment.id < id)",
    ),
    mutant(
        "take-any-paid-for-no",
        "reply.rs",
        "        _ => return None,\n    };\n    let sum",
        "        _ => false,\n    };\n    let sum",
    ),
    mutant(
        "take-an-error-beside-true-for-a-yes",
        "reply.rs",
        "self.error().is_null() && matches!(self.result(), Json::Bool(true))",
        "matches!(self.result(), Json::Bool(true))",
    ),
    mutant(
        "take-any-result-for-a-yes",
        "reply.rs",
        "self.error().is_null() && matches!(self.result(), Json::Bool(true))",
        "self.error().is_null() && !matches!(self.result(), Json::Bool(false))",
    ),
    mutant(
        "tell-a-status-that-nobody-has-seen",
        "error.rs",
        "let status = status.filter(|&status| status > 0);",
        "let status = status.filter(|&status| status < 1000);",
    ),
    // Requests.
    mutant(
        "compare-floats",
        "request.rs",
        ".find(|&&sum| payment.sum != Some(sum));",
        ".find(|&&sum| {\n                let float = |sum: Amount| sum.to_text().parse::<f64>().unwrap_or(f64::NAN);\n                payment.sum.map(float) != Some(float(sum)) && payment.sum.is_none_or(|found| (float(found) - float(sum)).abs() > 1e-3)\n            });",
    ),
    mutant(
        "compare-no-currency",
        "request.rs",
        ".find(|&&text| text != payment.currency);",
        ".find(|&&text| text.len() != payment.currency.len());",
    ),
    mutant(
        "pay-by-another-pay-system",
        "request.rs",
        "            && payment.pay_system_id != asked.get()",
        "            && payment.pay_system_id == 0",
    ),
    mutant(
        "pay-what-was-returned",
        "request.rs",
        "payment.returned == Some(true) && !terms.pay_returned",
        "payment.returned == Some(true) && !terms.pay_returned && payment.paid",
    ),
    mutant(
        "let-details-be-too-long",
        "request.rs",
        "} else if length > limit {",
        "} else if length > limit + 1 {",
    ),
    mutant(
        "count-bytes-instead-of-code-points",
        "request.rs",
        "let length = characters(value);",
        "let length = value.len();",
    ),
    mutant(
        "cut-an-amount-instead-of-rounding-it",
        "amount.rs",
        "(10_000.0 / step) + 0.5)",
        "(10_000.0 / step))",
    ),
    mutant(
        "take-a-sign-for-a-digit",
        "digits.rs",
        "if !sign.is_ascii_digit() {",
        "if !sign.is_ascii_digit() && sign != b'+' {",
    ),
    // What was under way when a page was closed.
    mutant(
        "report-what-settled-meanwhile",
        "unsettled.rs",
        "if lock.is_none() || page.journal.entry(host, entry.payment).as_ref() != Some(entry) {",
        "if lock.is_none() {",
    ),
    mutant(
        "give-a-slow-browser-no-time",
        "unsettled.rs",
        "const LOOK_MS: f64 = 1000.0;",
        "const LOOK_MS: f64 = 50.0;",
    ),
    mutant(
        "report-for-ever-what-lies-ahead-of-the-clock",
        "unsettled.rs",
        "if entry.sent_at > now + AHEAD_MS {",
        "if entry.sent_at > f64::INFINITY {",
    ),
    mutant(
        "forget-what-was-left-more-than-a-day-ago",
        "unsettled.rs",
        "            let after = |known: &Entry|",
        "            if age > KEPT_MS {\n                return;\n            }\n            let after = |known: &Entry|",
    ),
    // Many payments.
    mutant(
        "look-again-for-ever",
        "gather.rs",
        "    fn looks(&self) -> u32 {\n        PLACES\n",
        "    fn looks(&self) -> u32 {\n        u32::MAX\n",
    ),
    mutant(
        "read-those-that-come-new-before-those-that-look-again",
        "gather.rs",
        "waiting.partition_point(|&(other, _)| other < at)",
        "waiting.len()",
    ),
    mutant(
        "send-more-at-once-than-was-asked-for",
        "gather.rs",
        "                concurrency\n",
        "                concurrency + 1\n",
    ),
    mutant(
        "gather-reads-only-once",
        "gather.rs",
        "        self.is_flushing.set(false);\n",
        "        self.is_flushing.set(true);\n",
    ),
    mutant(
        "give-up-what-a-limit-refuses-of-a-batch",
        "gather.rs",
        "if is_limited && wanted.limits == Limits::Wait {",
        "if false && is_limited {",
    ),
    mutant(
        "learn-nothing-of-a-limit-from-a-batch",
        "gather.rs",
        "            pace.learn(method, self.portal.page().clock.now(), part(\"result_time\"));\n",
        "            let _ = pace;\n",
    ),
    mutant(
        "wait-for-a-limit-where-reads-are-repeated",
        "gather.rs",
        "if is_limited && wanted.limits == Limits::Wait {",
        "if is_limited {",
    ),
    mutant(
        "read-alone-what-the-batch-shows",
        "gather.rs",
        "            return Some(Ok(part(\"result\")));\n",
        "            return None;\n",
    ),
    mutant(
        "reject-what-was-never-started",
        "bulk.rs",
        "Err(error) if error.is(Code::Aborted) => Item::NotStarted,",
        "Err(error) if error.is(Code::AbortedSent) => Item::NotStarted,",
    ),
    mutant(
        "tell-of-the-item-before",
        "bulk.rs",
        "            tell(at, item(said));\n",
        "            tell(at.saturating_sub(1), item(said));\n",
    ),
];

#[cfg(test)]
mod tests {
    use fs_err as fs;

    use super::MUTANTS;
    use crate::project;

    #[test]
    fn every_mutant_has_its_one_place() {
        for mutant in MUTANTS {
            let path = project::root().join("src").join(mutant.file);
            let source = fs::read_to_string(&path).unwrap_or_default();
            let places = source.matches(mutant.from).count();
            assert_eq!(places, 1, "{} in {}", mutant.name, mutant.file);
        }
    }
}
