//! What stands around a successful result: totals, the next page, and the times.

use crate::methods::Method;
use crate::php;
use crate::portal::Portal;
use crate::reply::Answer;
use serde_json::{Map, Value};

impl Portal {
    /// The `time` of an answer; a portal without an operating limit says nothing about it.
    pub(crate) fn time(
        &mut self,
        now_ms: u64,
        caller: u64,
        method: Option<&'static Method>,
    ) -> Value {
        let took_ms = method.map_or(0, |method| method.takes_ms);
        let seconds = |ms: u64| php::number(self.clock.unix_seconds(ms));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of one call")]
        let duration = took_ms as f64 / 1000.0;
        let mut time = Map::new();
        time.insert("start".to_owned(), seconds(now_ms));
        time.insert("finish".to_owned(), seconds(now_ms + took_ms));
        time.insert("duration".to_owned(), php::number(duration));
        time.insert("processing".to_owned(), php::number(duration));
        time.insert("date_start".to_owned(), Value::from(self.clock.iso(now_ms)));
        time.insert(
            "date_finish".to_owned(),
            Value::from(self.clock.iso(now_ms + took_ms)),
        );
        if let (Some(limit), Some(method)) = (&mut self.limits.operating, method) {
            if let Some(resets_at_ms) = limit.resets_at_ms(caller, method.name) {
                let resets_at = self.clock.unix_ms(resets_at_ms) / 1000;
                time.insert("operating_reset_at".to_owned(), Value::from(resets_at));
            }
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of ten minutes")]
            let operating = limit.spent_ms(now_ms, caller, method.name) as f64 / 1000.0;
            time.insert("operating".to_owned(), php::number(operating));
        }
        Value::Object(time)
    }
}

impl Answer {
    pub(crate) fn with_envelope(mut self, time: Value) -> Self {
        let mut body = Map::new();
        body.insert("result".to_owned(), self.result);
        if let Some(total) = self.total {
            body.insert("total".to_owned(), Value::from(total));
        }
        if let Some(next) = self.next {
            body.insert("next".to_owned(), Value::from(next));
        }
        body.insert("time".to_owned(), time);
        self.result = Value::Object(body);
        self
    }
}
