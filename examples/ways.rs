//! A Rust app in a page, or on a server that runs wasm: the ways to reach a portal, and one flow for all of them.
//!
//! It compiles everywhere and runs where there is JavaScript.

use std::rc::Rc;

use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::js::{Frame, Http, Refresh, page};
use b24pay::outcome::Outcome;
use b24pay::page::Page;
use b24pay::payment::{PaySystemId, PaymentId};
use b24pay::portal::Portal;
use b24pay::request::{Action, Details, PayOptions, PayRequest};

/// Pays a payment and says in words what is known.
async fn pay(portal: &Rc<dyn Portal>, payment: u64, system: u64) -> Result<&'static str, Error> {
    let request = PayRequest {
        payment: PaymentId::new(payment)?,
        action: Action::Pay(PaySystemId::new(system)?, Details::default()),
    };
    Ok(
        match confirm(portal, &request, &PayOptions::default()).await? {
            Outcome::Done { .. } => "read back as paid",
            Outcome::Already { .. } => "was paid already",
            Outcome::NotApplied { .. } => "still unpaid",
            Outcome::Unverified { .. } => "the portal said yes, and nothing may be read",
            Outcome::Unknown { .. } => "it may or may not have run: read the payment",
        },
    )
}

/// The portal around the page, by `BX24.callMethod` or by its token over HTTP.
fn around(page: Rc<Page>, by_http: bool) -> Rc<dyn Portal> {
    if by_http {
        Rc::new(Http::frame(page))
    } else {
        Rc::new(Frame::new(page))
    }
}

/// A portal by a webhook, whose address is a secret.
fn by_webhook(page: Rc<Page>, address: &str) -> Result<Rc<dyn Portal>, Error> {
    Ok(Rc::new(Http::webhook(page, address)?))
}

/// A portal by a token that a back end of ours renews.
fn by_token(page: Rc<Page>, domain: &str, token: String) -> Result<Rc<dyn Portal>, Error> {
    let refresh: Refresh = Rc::new(|| Box::pin(ask_our_back_end()));
    Ok(Rc::new(Http::oauth(page, domain, token, Some(refresh))?))
}

/// Stands for a request to one's own server; `None` where it has no new token.
fn ask_our_back_end() -> impl Future<Output = Option<String>> {
    std::future::ready(None)
}

fn main() {
    // One page for all that an app does: its calls take turns there.
    let page = page();
    let refused = [
        by_webhook(Rc::clone(&page), "https://example.bitrix24.eu/rest/").err(),
        by_token(
            Rc::clone(&page),
            "example.bitrix24.eu/oauth",
            "token".to_owned(),
        )
        .err(),
    ];
    // What is no address is said before anything is sent, and never quoted.
    for error in refused.into_iter().flatten() {
        println!("{error}");
    }
    let portal = around(page, true);
    // In a page this future is handed to `wasm_bindgen_futures::spawn_local`.
    drop(pay(&portal, 501, 11));
}
