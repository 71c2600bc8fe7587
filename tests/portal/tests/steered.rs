//! The portal over HTTP: how it is steered, what it opens, what it hands out, and what it keeps to itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod wire;

use portal::server::{Config, start};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use wire::{App, FORM, HOOK, connect, demo, hear, pay, send, steer, truth};

/// Long enough for an answer, were there one.
const SILENCE: Duration = Duration::from_millis(300);

/// An app of another server, which a portal opens without serving it.
async fn opened(origin: &str, mut wish: Value) -> Value {
    if wish.get("app").is_none() {
        wish["app"] = json!("https://127.0.0.1:8443/");
    }
    steer(origin, "/sandbox/open", wish).await.json()
}

async fn scopes_of(origin: &str, access: &Value) -> Value {
    let body = format!("access_token={}", access.as_str().unwrap());
    let answer = send("POST", origin, "/rest/scope", FORM, &body).await;
    answer.json()["result"].clone()
}

#[tokio::test]
async fn only_names_of_this_machine_steer() {
    let demo = demo().await;
    let table = [
        ("localhost:8024", 200),
        ("127.0.0.1:8024", 200),
        ("[::1]:8024", 200),
        ("localhost", 200),
        ("localhost.evil.example:8024", 403),
        ("127.0.0.1.evil.example", 403),
        ("", 403),
    ];
    for (host, status) in table {
        let request = format!("GET /sandbox/desk HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let mut stream = connect(&demo.portal).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let heard = hear(&mut stream, Duration::from_secs(5)).await;
        assert_eq!(heard.status(), status, "{host}");
        assert_eq!(heard.header("cache-control"), Some("no-store"), "{host}");
    }
    // A page of elsewhere cannot read the answer, but it can post.
    for (origin, status) in [
        ("http://localhost:8024", 200),
        ("http://127.0.0.1:8025", 200),
        ("https://evil.example", 403),
        ("http://localhost.evil.example:8024", 403),
        ("null", 403),
    ] {
        let request = format!(
            "POST /sandbox/reset HTTP/1.1\r\nHost: localhost:8024\r\nOrigin: {origin}\r\nContent-Length: 0\r\n\r\n"
        );
        let mut stream = connect(&demo.portal).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let heard = hear(&mut stream, Duration::from_secs(5)).await;
        assert_eq!(heard.status(), status, "{origin}");
    }
}

#[tokio::test]
async fn an_address_that_is_asked_in_another_way_says_so_in_json() {
    let demo = demo().await;
    for (verb, path) in [
        ("GET", "/sandbox/faults"),
        ("PUT", "/sandbox/reset"),
        ("POST", "/sandbox/payments/501"),
        ("GET", "/sandbox/open"),
        ("POST", "/docs/"),
    ] {
        let heard = send(verb, &demo.portal, path, "text/plain", "").await;
        let said = json!({"error": format!("{path} is not asked by {verb}")});
        assert_eq!((heard.status(), heard.json()), (405, said));
        assert!(heard.header("allow").is_some(), "{verb} {path}");
    }
}

#[tokio::test]
async fn a_fault_is_armed_for_a_method_in_any_spelling_and_may_let_the_call_run_later() {
    let demo = demo().await;
    let origin = demo.portal.as_str();
    let fault = json!({"fault": "http502", "method": "SALE.paysystem.pay.Payment", "commit": true, "commitMs": 400});
    steer(origin, "/sandbox/faults", fault).await;
    assert_eq!(pay(origin, 501).await.status(), 502);
    assert_eq!(truth(origin, 501).await["paid"], "N");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(truth(origin, 501).await["paid"], "Y");
}

#[tokio::test]
async fn a_renewed_token_has_the_scopes_of_the_one_before() {
    let demo = demo().await;
    let origin = demo.portal.as_str();
    let wish = json!({"operator": 10, "scopes": ["crm", "pay_system"]});
    let app = opened(origin, wish).await;
    let few = json!(["pay_system", "crm"]);
    assert_eq!(scopes_of(origin, &app["init"]["AUTH_ID"]).await, few);
    let renewed = steer(origin, "/sandbox/refresh", json!({"sid": app["sid"]})).await;
    let renewed = renewed.json();
    assert_eq!(scopes_of(origin, &renewed["AUTH_ID"]).await, few);
    let refresh = renewed["REFRESH_ID"].as_str().unwrap();
    let body = format!("grant_type=refresh_token&refresh_token={refresh}");
    let third = send("POST", origin, "/oauth/token/", FORM, &body)
        .await
        .json();
    assert_eq!(third["scope"], "pay_system,crm");
    assert_eq!(scopes_of(origin, &third["access_token"]).await, few);
}

#[tokio::test]
async fn a_renewal_is_one_by_a_refresh_token_and_may_stay_unanswered() {
    let demo = demo().await;
    let origin = demo.portal.as_str();
    let app = opened(origin, json!({})).await;
    let refresh = app["init"]["REFRESH_ID"].as_str().unwrap();
    for kind in ["", "grant_type=authorization_code&"] {
        let body = format!("{kind}refresh_token={refresh}");
        let answer = send("POST", origin, "/oauth/token/", FORM, &body).await;
        assert_eq!(
            (answer.status(), &answer.json()["error"]),
            (400, &json!("invalid_request"))
        );
    }
    let token = format!("grant_type=refresh_token&refresh_token={refresh}");
    let sid = json!({"sid": app["sid"]}).to_string();
    for (path, body) in [("/oauth/token/", &token), ("/sandbox/refresh", &sid)] {
        steer(
            origin,
            "/sandbox/faults",
            json!({"fault": "refreshNeverAnswers"}),
        )
        .await;
        let silent = timeout(SILENCE, send("POST", origin, path, FORM, body)).await;
        assert!(silent.is_err(), "{path} answers");
        assert_eq!(send("POST", origin, path, FORM, body).await.status(), 200);
    }
}

#[tokio::test]
async fn an_app_that_is_opened_leaves_the_limits_alone_unless_another_plan_is_asked_for() {
    let demo = demo().await;
    let origin = demo.portal.as_str();
    let spent = async || pay(origin, 501).await.json()["time"]["operating"].clone();
    assert_eq!(spent().await, 0.38);
    opened(origin, json!({"plan": "standard"})).await;
    assert_eq!(spent().await, 0.76);
    opened(origin, json!({"plan": "enterprise"})).await;
    assert_eq!(spent().await, 0.38);
}

#[tokio::test]
async fn what_an_opened_app_is_told_is_what_was_asked_for_and_no_more() {
    let demo = demo().await;
    let origin = demo.portal.as_str();
    let app = opened(origin, json!({"placement": "", "lang": "", "operator": ""})).await;
    let init = &app["init"];
    assert_eq!(
        (
            &init["PLACEMENT"],
            &init["LANG"],
            &init["IS_ADMIN"],
            &init["APP_OPTIONS"]
        ),
        (&json!("DEFAULT"), &json!("en"), &json!(false), &json!([]))
    );
    steer(
        origin,
        "/sandbox/option",
        json!({"name": "shown", "value": 7}),
    )
    .await;
    let options = steer(
        origin,
        "/sandbox/option",
        json!({"name": "other", "value": "a"}),
    )
    .await;
    assert_eq!(options.json(), json!({"shown": 7, "other": "a"}));
    let wish = json!({"operator": "1", "lang": "de&X=1", "app": "https://127.0.0.1:8443/a?b=1"});
    let app = opened(origin, wish).await;
    let (init, action) = (&app["init"], app["action"].as_str().unwrap());
    assert_eq!(
        (&init["IS_ADMIN"], &init["APP_OPTIONS"]),
        (&json!(true), &json!({"shown": "7", "other": "a"}))
    );
    assert!(
        action.starts_with("https://127.0.0.1:8443/a?b=1&DOMAIN=localhost%3A"),
        "{action}"
    );
    assert!(action.contains("&LANG=deX1&"), "{action}");
    for operator in [json!(true), json!(3), json!("seven")] {
        let answer = steer(
            origin,
            "/sandbox/open",
            json!({"app": "https://a", "operator": operator}),
        )
        .await;
        assert_eq!(answer.status(), 400, "{operator}");
    }
}

#[tokio::test]
async fn every_answer_takes_as_long_as_the_server_was_told_until_a_reset_says_otherwise() {
    let demo = start(Config {
        latency_ms: 250,
        ..Config::default()
    });
    let demo = demo.await.unwrap();
    let origin = demo.portal.as_str();
    let took_long = async || {
        let begun = std::time::Instant::now();
        pay(origin, 501).await;
        begun.elapsed() >= Duration::from_millis(250)
    };
    assert!(took_long().await);
    steer(origin, "/sandbox/reset", json!({"latencyMs": 0})).await;
    // A busy machine is slow now and then.
    let mut was_quick = false;
    for _ in 0..5 {
        was_quick |= !took_long().await;
    }
    assert!(was_quick);
    steer(origin, "/sandbox/reset", json!({})).await;
    assert!(took_long().await);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_apps_folder_leads_nowhere() {
    let app = App::new("linked");
    let outside = App::new("outside");
    std::fs::write(outside.0.join("secret.txt"), "secret").unwrap();
    std::os::unix::fs::symlink(outside.0.join("secret.txt"), app.0.join("out.txt")).unwrap();
    std::os::unix::fs::symlink(app.0.join("app.js"), app.0.join("in.js")).unwrap();
    let demo = start(Config {
        app: Some(app.0.clone()),
        docs: Some(app.0.clone()),
        ..Config::default()
    });
    let demo = demo.await.unwrap();
    let origin = demo.app.as_deref().unwrap();
    for (path, status) in [("/out.txt", 404), ("/in.js", 200), ("/", 200)] {
        assert_eq!(
            send("GET", origin, path, FORM, "").await.status(),
            status,
            "{path}"
        );
    }
    let first = send("GET", &demo.portal, "/docs", FORM, "").await;
    assert_eq!(
        (first.status(), first.header("location")),
        (302, Some("/docs/docs/README.html"))
    );
    assert_eq!(
        send("GET", &demo.portal, "/docs/out.txt", FORM, "")
            .await
            .status(),
        404
    );
    let page = send("GET", &demo.portal, "/docs/index.html", FORM, "").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; ") && policy.ends_with("frame-ancestors 'none'"),
        "{policy}"
    );
}

#[tokio::test]
async fn a_token_goes_by_either_of_its_names_and_a_webhook_needs_none() {
    let demo = demo().await;
    let origin = demo.portal.as_str();
    let app = opened(origin, json!({})).await;
    let access = app["init"]["AUTH_ID"].as_str().unwrap();
    for (path, body, status) in [
        ("/rest/scope", format!("auth={access}"), 200),
        ("/rest/scope.json", format!("access_token={access}"), 200),
        ("/rest/scope", format!("token={access}"), 404),
        ("/rest/scope", String::new(), 401),
    ] {
        assert_eq!(
            send("POST", origin, path, FORM, &body).await.status(),
            status,
            "{path} {body}"
        );
    }
    let answer = send("POST", origin, &format!("{HOOK}/scope"), FORM, "auth=x").await;
    assert_eq!(answer.status(), 200);
}
