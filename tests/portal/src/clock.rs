//! The portal's clock: virtual milliseconds on a fixed epoch, with a skew that can be set.
//! Nobody reads the machine's clock here; the time is always passed in.

/// 2026-09-10T01:52:39+03:00, the moment at which virtual time 0 stands unless the server sets another.
pub const FIXED_EPOCH_MS: i64 = 1_788_994_359_000;

/// Portals of the sandbox live at UTC+3.
const OFFSET_MS: i64 = 3 * 60 * 60 * 1000;

/// What the portal believes the time is.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Unix time, in milliseconds, of virtual time 0.
    pub epoch_ms: i64,
    /// How far the portal's clock is ahead of the caller's.
    pub skew_ms: i64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            epoch_ms: FIXED_EPOCH_MS,
            skew_ms: 0,
        }
    }
}

impl Clock {
    /// Unix milliseconds of a virtual moment.
    #[must_use]
    pub fn unix_ms(&self, now_ms: u64) -> i64 {
        self.epoch_ms + self.skew_ms + i64::try_from(now_ms).unwrap_or(i64::MAX / 4)
    }

    /// Unix seconds with their fraction, as `time.start` shows them.
    #[must_use]
    pub fn unix_seconds(&self, now_ms: u64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of this century fit"
        )]
        let ms = self.unix_ms(now_ms) as f64;
        ms / 1000.0
    }

    /// ISO 8601 with offset, in whole seconds: `2026-09-10T01:52:39+03:00`.
    #[must_use]
    pub fn iso(&self, now_ms: u64) -> String {
        let local = self.unix_ms(now_ms) + OFFSET_MS;
        let (days, of_day) = (
            local.div_euclid(86_400_000),
            local.rem_euclid(86_400_000) / 1000,
        );
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+03:00")
    }

    /// Midnight of the same day, which is what the portal keeps for dates without a time.
    #[must_use]
    pub fn iso_day(&self, now_ms: u64) -> String {
        let iso = self.iso(now_ms);
        format!("{}T00:00:00+03:00", iso.get(..10).unwrap_or_default())
    }
}

/// Days since 1970 as a date of the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
