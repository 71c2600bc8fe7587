//! What each error code of the portal says about whether the call ran. One row a code.

use crate::error::{Error, Refusal};
use crate::text::cut;

/// What a code says about a call that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Refused by the portal's rate limit before it ran: may be sent again, paced.
    Limit,
    /// Refused by the method's operating limit before it ran: may be sent again after its reset.
    Operating,
    /// The token has expired; it did not run: may be sent again with a new token.
    Expired,
    /// It did not run: rights of the user, or the portal's tariff.
    Rights,
    /// It did not run: a scope is missing.
    Scope,
    /// It did not run: the token is no good, and renewing it did not help.
    Token,
    /// It did not run: the portal's administrators have blocked it for overload.
    Blocked,
    /// It did not pay.
    No,
    /// Said by the edge in front of the portal after it had passed the call on: it may run still.
    MayRun,
    /// Said from anywhere, after saving included: a read decides.
    ReadDecides,
}

/// The codes whose meaning is known, as facts about the portal list them. Lower case here, since
/// they compare without regard to case.
const ROWS: [(&str, Said); 30] = [
    ("query_limit_exceeded", Said::Limit),
    ("operation_time_limit", Said::Operating),
    ("expired_token", Said::Expired),
    ("access_denied", Said::Rights),
    ("200040300010", Said::Rights),
    ("200040300020", Said::Rights),
    ("user_access_error", Said::Rights),
    ("insufficient_scope", Said::Scope),
    ("overload_limit", Said::Blocked),
    ("invalid_token", Said::Token),
    ("invalid_grant", Said::Token),
    ("no_auth_found", Said::No),
    ("invalid_credentials", Said::No),
    ("invalid_request", Said::No),
    ("authorization_error", Said::No),
    ("application_not_found", Said::No),
    ("connection_error", Said::No),
    ("session_failed", Said::No),
    ("error_method_not_found", Said::No),
    ("error_batch_method_not_allowed", Said::No),
    ("portal_deleted", Said::No),
    ("wrong_auth_type", Said::No),
    ("wrong_license", Said::No),
    ("method_confirm_waiting", Said::No),
    ("method_confirm_denied", Said::No),
    ("payment_required", Said::No),
    ("error_check_failure", Said::No),
    ("error_process_request_result", Said::No),
    ("internal_server_error", Said::MayRun),
    ("error_unexpected_answer", Said::MayRun),
];

/// What a code says. Unknown ones, `0` and the empty one among them, leave it to a read.
#[must_use]
pub fn said(code: &str) -> Said {
    ROWS.iter()
        .find(|(row, _)| row.eq_ignore_ascii_case(code))
        .map_or(Said::ReadDecides, |&(_, said)| said)
}

/// The error for a refusal that is final: what to tell the caller of this method.
#[must_use]
pub fn error(method: &'static str, refusal: Refusal) -> Error {
    match said(&refusal.code) {
        Said::Limit | Said::Operating | Said::Blocked => Error::limited(method, refusal),
        Said::Expired | Said::Token => Error::auth_expired(Some(refusal)),
        Said::Rights => Error::access_denied(method, refusal),
        Said::Scope => Error::missing_scope(scope(method), method, refusal),
        Said::No | Said::MayRun | Said::ReadDecides => Error::refused(method, refusal),
    }
}

/// The scope that a method belongs to: its name's first part, but for the pay systems of a shop.
fn scope(method: &'static str) -> &'static str {
    if method.starts_with("sale.paysystem.") {
        return "pay_system";
    }
    cut(method, b'.').map_or(method, |(scope, _)| scope)
}
