//! What an app may learn about itself: `scope` and `app.info`.

use super::Call;
use crate::limits::Plan;
use crate::operator::Scope;
use crate::php;
use crate::reply::{Answer, Refusal};
use serde_json::json;

/// The caller's scopes; with `full` every scope of the portal.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the table of methods wants one shape"
)]
pub(super) fn scope(call: &mut Call) -> Result<Answer, Refusal> {
    let is_full = !php::is_empty(call.params.get("full"));
    let names = if is_full {
        Scope::ALL.into_iter().map(Scope::name).collect()
    } else {
        call.actor.scopes.names()
    };
    Ok(Answer::read(json!(names)))
}

/// The app that asks; a webhook is none.
pub(super) fn asking(call: &Call) -> Result<u64, Refusal> {
    const TEXT: &str = "Application context required";
    let none = || Refusal::new(403, "WRONG_AUTH_TYPE", TEXT);
    call.actor.app.ok_or_else(none)
}

pub(super) fn info(call: &mut Call) -> Result<Answer, Refusal> {
    let app = asking(call)?;
    let license = match call.portal.limits.plan {
        Plan::Free => "en_project",
        Plan::Standard => "en_std",
        Plan::Enterprise => "en_ent250",
    };
    Ok(Answer::read(json!({
        "ID": app,
        "CODE": "local.b24pay",
        "SCOPE": call.actor.scopes.names(),
        "VERSION": 1,
        "STATUS": "L",
        "INSTALLED": call.portal.is_installed,
        "PAYMENT_EXPIRED": "N",
        "DAYS": null,
        "LANGUAGE_ID": "en",
        "LICENSE": license,
    })))
}
