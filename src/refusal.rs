//! What each error code of the portal says about whether the call ran. One row a meaning.

use crate::error::{Error, Refusal};
use crate::text::{cut, parts};

/// What a code says about a call that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Said {
    /// Refused by the portal's rate limit before it ran: may be sent again, paced.
    Limit,
    /// Refused by the method's operating limit before it ran: may be sent again after its reset.
    Operating,
    /// The token has expired or is not known any more; it did not run: may be sent again with a new token.
    Expired,
    /// It did not run: rights of the user, or the portal's tariff.
    Rights,
    /// It did not run: a scope is missing.
    Scope,
    /// It did not run: the portal could not have the token checked.
    Unchecked,
    /// It did not run: the portal's administrators have blocked it for overload.
    Blocked,
    /// It did not pay.
    No,
    /// Said by the edge in front of the portal after it had passed the call on: it may run still.
    MayRun,
    /// Said from anywhere, after saving included: a read decides.
    ReadDecides,
}

/// The codes whose meaning is known, as facts about the portal list them, by what they say. Lower case here, since they
/// compare without regard to case.
const ROWS: [(Said, &str); 9] = [
    (Said::Limit, "query_limit_exceeded"),
    (Said::Operating, "operation_time_limit"),
    (Said::Expired, "expired_token invalid_token invalid_grant"),
    (
        Said::Rights,
        "access_denied 200040300010 200040300020 user_access_error",
    ),
    (Said::Scope, "insufficient_scope"),
    (Said::Blocked, "overload_limit"),
    (Said::Unchecked, "connection_error"),
    (
        Said::No,
        "no_auth_found invalid_credentials invalid_request authorization_error application_not_found \
         session_failed error_method_not_found error_batch_method_not_allowed portal_deleted wrong_auth_type wrong_license \
         method_confirm_waiting method_confirm_denied payment_required error_check_failure error_process_request_result",
    ),
    (
        Said::MayRun,
        "internal_server_error error_unexpected_answer",
    ),
];

/// Whether a text is empty or a part of some code. Such a secret, as `token` in somebody's test, is left in an answer: the code
/// would go with it.
pub(crate) fn has_word(text: &str) -> bool {
    let is_it = |part: &[u8]| part.eq_ignore_ascii_case(text.as_bytes());
    text.is_empty()
        || ROWS
            .iter()
            .any(|(_, codes)| codes.as_bytes().windows(text.len()).any(is_it))
}

/// What a refusal says, by its code. Unknown ones, `0` and the empty one among them, leave it to a read; with a 5xx they are
/// no word of the portal's: what stands in front of it may have given up waiting while the call goes on.
#[must_use]
pub fn said(refusal: &Refusal) -> Said {
    for (said, codes) in &ROWS {
        if parts(codes, b' ').any(|known| known.eq_ignore_ascii_case(&refusal.code)) {
            return *said;
        }
    }
    unknown(refusal.status)
}

/// What is left to be said where the code tells nothing.
pub(crate) fn unknown(status: Option<u16>) -> Said {
    if has_given_up(status) {
        Said::MayRun
    } else {
        Said::ReadDecides
    }
}

/// Whether a status, where it was seen, is a 5xx: then the call may still be running.
pub(crate) fn has_given_up(status: Option<u16>) -> bool {
    status.is_some_and(|status| status >= 500)
}

/// The error for a refusal that is final: what to tell the caller of this method.
#[must_use]
pub fn error(method: &'static str, refusal: Refusal) -> Error {
    match said(&refusal) {
        Said::Limit | Said::Operating | Said::Blocked => Error::limited(method, refusal),
        Said::Expired | Said::Unchecked => Error::auth_expired(Some(refusal)),
        Said::Rights => Error::access_denied(method, refusal),
        Said::Scope => Error::missing_scope(scope(method), method, refusal),
        Said::MayRun => Error::undecided(method, refusal),
        Said::No | Said::ReadDecides => Error::refused(method, refusal),
    }
}

/// The scope that a method belongs to: its name's first part, but for the pay systems of a shop.
fn scope(method: &'static str) -> &'static str {
    if method.starts_with("sale.paysystem.") {
        return "pay_system";
    }
    cut(method, b'.').map_or(method, |(scope, _)| scope)
}
