//! The portal over HTTP, seen by a plain client on a socket: what the wire adds to the rules.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod wire;

use portal::server::{Config, Error, start};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wire::{App, FORM, HOOK, connect, demo, hear, pay, request, send, steer, truth};

#[tokio::test]
async fn a_webhook_pays_and_the_truth_says_so() {
    let demo = demo().await;
    let answer = pay(&demo.portal, 501).await;
    assert_eq!(
        (answer.status(), &answer.json()["result"]),
        (200, &json!(true))
    );
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let json = Some("application/json; charset=utf-8");
    assert_eq!(answer.header("content-type"), json);
    let payment = truth(&demo.portal, 501).await;
    assert_eq!(
        (&payment["paid"], &payment["payCalls"], &payment["paidBy"]),
        (&json!("Y"), &json!(1), &json!(7))
    );
    let log = send("GET", &demo.portal, "/sandbox/log", FORM, "")
        .await
        .json();
    assert_eq!(log[0]["method"], "sale.paysystem.pay.payment");
    assert_eq!(log[0]["committed"], true);
}

#[tokio::test]
async fn every_form_of_body_is_read() {
    let demo = demo().await;
    let opened = steer(&demo.portal, "/sandbox/open", json!({})).await;
    assert_eq!(opened.status(), 409, "no app is served here");
    let elsewhere = json!({"app": "https://127.0.0.1:8443/index.html"});
    let opened = steer(&demo.portal, "/sandbox/open", elsewhere).await.json();
    let action = opened["action"].as_str().unwrap();
    assert!(
        action.starts_with("https://127.0.0.1:8443/index.html?DOMAIN=localhost%3A"),
        "{action}"
    );
    let get = format!("{HOOK}/crm.item.payment.get");
    let table = [
        (get.clone(), FORM, "id=501".to_owned()),
        (
            format!("{get}.json"),
            "text/plain;charset=UTF-8",
            "&&id=501&".to_owned(),
        ),
        (
            get.clone(),
            "application/json",
            json!({"id": 501}).to_string(),
        ),
        (format!("{get}?id=501"), FORM, String::new()),
        (format!("{get}?id=999"), FORM, "id=501".to_owned()),
    ];
    for (path, content_type, body) in table {
        let answer = send("POST", &demo.portal, &path, content_type, &body).await;
        assert_eq!(
            answer.json()["result"]["id"],
            501,
            "{path} {content_type} {body}"
        );
    }
    for (content_type, body) in [
        ("application/json", "{\"id\": 501"),
        ("application/json; charset=utf-8", "{\"id\":501}"),
    ] {
        let answer = send("POST", &demo.portal, &get, content_type, body).await;
        assert_eq!(
            answer.json()["error"],
            "100",
            "{content_type} {body} counts as no parameters"
        );
    }
    let nested = "cmd[a][b]=1&cmd[pay]=scope&halt=0";
    let answer = send(
        "POST",
        &demo.portal,
        &format!("{HOOK}/batch"),
        "text/plain",
        nested,
    )
    .await;
    assert!(
        answer.json()["result"]["result"]["pay"].is_array(),
        "nested brackets are read"
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_or_is_too_long_is_no_call() {
    let demo = demo().await;
    let path = format!("{HOOK}/sale.paysystem.pay.payment");
    let whole = request(
        "POST",
        &demo.portal,
        &path,
        FORM,
        "PAY_SYSTEM_ID=11&PAYMENT_ID=501",
    );
    let mut stream = connect(&demo.portal).await;
    let (begun, _) = whole.split_at(whole.len() - 1);
    stream.write_all(begun.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = hear(&mut stream, Duration::from_secs(5)).await;
    assert!(
        answer.text.is_empty() && answer.has_ended,
        "{}",
        answer.text
    );
    let endless = format!("PAYMENT_ID=501&PAY_SYSTEM_ID=11&{}", "a".repeat(5 << 20));
    let mut stream = connect(&demo.portal).await;
    let call = request("POST", &demo.portal, &path, FORM, &endless);
    let _ = stream.write_all(call.as_bytes()).await;
    let answer = hear(&mut stream, Duration::from_secs(5)).await;
    assert!(
        answer.text.is_empty() && answer.has_ended,
        "{}",
        answer.text
    );
    let log = send("GET", &demo.portal, "/sandbox/log", FORM, "").await;
    assert_eq!(log.json(), json!([]));
}

#[tokio::test]
async fn a_secret_in_an_odd_address_is_not_in_the_log() {
    let demo = demo().await;
    for path in ["", "/", "/scope/more", "//"] {
        let path = format!("{HOOK}{path}");
        let answer = send("POST", &demo.portal, &path, FORM, "").await;
        assert_eq!(answer.json()["error"], "ERROR_METHOD_NOT_FOUND", "{path}");
    }
    let elsewhere = send("POST", &demo.portal, "/rest/api/scope", FORM, "").await;
    assert_eq!(elsewhere.status(), 404);
    let log = send("GET", &demo.portal, "/sandbox/log", FORM, "")
        .await
        .json();
    let methods: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["method"].as_str().unwrap())
        .collect();
    assert_eq!(methods, ["", "", "scope/more", "", "api/scope"]);
}

#[tokio::test]
async fn a_preflight_allows_three_headers() {
    let demo = demo().await;
    let answer = send("OPTIONS", &demo.portal, "/rest/scope.json", FORM, "").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("origin, content-type, accept")
    );
    assert_eq!(
        send("GET", &demo.portal, "/sandbox/log", FORM, "")
            .await
            .json(),
        json!([])
    );
}

#[tokio::test]
async fn a_commit_whose_answer_is_dropped_is_a_commit() {
    let demo = demo().await;
    for (fault, paid) in [("dropBeforeCommit", "N"), ("commitThenDrop", "Y")] {
        let armed =
            json!({"method": "sale.paysystem.pay.payment", "nth": 1, "times": 1, "fault": fault});
        assert_eq!(
            steer(&demo.portal, "/sandbox/faults", armed).await.status(),
            200
        );
        let answer = pay(&demo.portal, 501).await;
        assert!(
            answer.text.is_empty() && answer.has_ended,
            "{fault}: {}",
            answer.text
        );
        assert_eq!(truth(&demo.portal, 501).await["paid"], paid, "{fault}");
    }
}

#[tokio::test]
async fn a_cut_answer_ends_before_its_announced_length() {
    let demo = demo().await;
    steer(
        &demo.portal,
        "/sandbox/faults",
        json!({"fault": "truncatedJson"}),
    )
    .await;
    let answer = pay(&demo.portal, 501).await;
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(answer.has_ended && !answer.body().is_empty() && answer.body().len() < announced);
}

#[tokio::test]
async fn a_hanging_call_stays_silent_and_a_late_one_commits() {
    let demo = demo().await;
    for (fault, paid) in [("hang", "N"), ("commitLate", "Y")] {
        steer(
            &demo.portal,
            "/sandbox/faults",
            json!({"fault": fault, "ms": 30}),
        )
        .await;
        let mut stream = connect(&demo.portal).await;
        let path = format!("{HOOK}/sale.paysystem.pay.payment");
        let call = request(
            "POST",
            &demo.portal,
            &path,
            FORM,
            "PAYMENT_ID=501&PAY_SYSTEM_ID=11",
        );
        stream.write_all(call.as_bytes()).await.unwrap();
        let answer = hear(&mut stream, Duration::from_millis(120)).await;
        assert!(
            answer.text.is_empty() && !answer.has_ended,
            "{fault}: {}",
            answer.text
        );
        assert_eq!(truth(&demo.portal, 501).await["paid"], paid, "{fault}");
    }
}

#[tokio::test]
async fn statuses_and_cors_are_those_of_the_fault() {
    let demo = demo().await;
    for (fault, status, cors) in [
        ("http502", 502, Some("*")),
        ("queryLimit", 503, Some("*")),
        ("noCors", 200, None),
    ] {
        steer(&demo.portal, "/sandbox/faults", json!({"fault": fault})).await;
        let answer = pay(&demo.portal, 501).await;
        assert_eq!(
            (
                answer.status(),
                answer.header("access-control-allow-origin")
            ),
            (status, cors),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_kept_connection_breaks_on_its_second_call() {
    let demo = demo().await;
    let fault = json!({"fault": "dropReusedSocket", "method": "sale.paysystem.pay.payment"});
    steer(&demo.portal, "/sandbox/faults", fault).await;
    let mut stream = connect(&demo.portal).await;
    let patience = Duration::from_secs(5);
    stream
        .write_all(request("POST", &demo.portal, &format!("{HOOK}/scope"), FORM, "").as_bytes())
        .await
        .unwrap();
    let first = hear(&mut stream, patience).await;
    assert_eq!((first.status(), first.header("connection")), (200, None));
    let path = format!("{HOOK}/sale.paysystem.pay.payment");
    let call = request(
        "POST",
        &demo.portal,
        &path,
        FORM,
        "PAYMENT_ID=501&PAY_SYSTEM_ID=11",
    );
    stream.write_all(call.as_bytes()).await.unwrap();
    let second = hear(&mut stream, patience).await;
    assert!(second.text.is_empty() && second.has_ended);
    assert_eq!(truth(&demo.portal, 501).await["paid"], "Y");
}

/// Each body is refused with a sentence that begins so.
async fn refuses(path: &str, bodies: impl IntoIterator<Item = (Value, &str)>) {
    let demo = demo().await;
    for (body, sentence) in bodies {
        let answer = steer(&demo.portal, path, body).await;
        assert_eq!(answer.status(), 400, "{path} is silent: {sentence}");
        let said = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(said.starts_with(sentence), "{said}");
    }
}

#[tokio::test]
async fn a_fault_that_would_strike_nothing_is_refused() {
    let bodies = [
        (
            json!({"fault": "surprise"}),
            "there is no fault \"surprise\"; known are dropBeforeCommit, ",
        ),
        (
            json!({"fault": "hang", "methode": "scope"}),
            "there is no member \"methode\"; known are method, nth, times, fault, ms, commit, commitMs",
        ),
        (
            json!({"fault": "hang", "method": "crm.item.paymnt.get"}),
            "method must be one that this portal knows, batch, or * for any, got \"crm.item.paymnt.get\"",
        ),
        (
            json!({"fault": "hang", "method": ["scope"]}),
            "method must be a text, got [\"scope\"]",
        ),
        (
            json!({"fault": "hang", "nth": 0}),
            "nth must be a whole number from 1 to 4294967295, got 0",
        ),
        (
            json!({"fault": "hang", "times": null}),
            "times must be a whole number from 1 to 4294967295, got null",
        ),
        (
            json!({"fault": "delay", "ms": "3"}),
            "ms must be a whole number from 0 to 4294967295, got \"3\"",
        ),
        (
            json!({"fault": "delay", "ms": u64::MAX}),
            "ms must be a whole number from 0 to 4294967295, got 18446744073709551615",
        ),
        (
            json!({"fault": "http502", "commit": "true"}),
            "commit must be true or false, got \"true\"",
        ),
        (
            json!({"fault": "yesButUnpaid", "method": "crm.item.payment.get"}),
            "yesButUnpaid strikes only what pays or takes back a payment, got \"crm.item.payment.get\"",
        ),
        (
            json!({"fault": "yesButUnpaidOrderPaid", "method": "batch"}),
            "yesButUnpaidOrderPaid strikes only what pays or takes back a payment, got \"batch\"",
        ),
        (
            json!({"fault": "http502", "commitMs": 400}),
            "under http502 the call does not run, so commitMs needs commit to be true",
        ),
        (
            json!({"fault": "delay", "commit": false, "commitMs": 400}),
            "under delay the call does not run, so commitMs needs commit to be true",
        ),
        (
            json!({"fault": "commitLate", "commitMs": 400}),
            "commitLate has the call run after ms, not commitMs",
        ),
    ];
    refuses("/sandbox/faults", bodies).await;
}

#[tokio::test]
async fn a_reset_to_what_is_not_known_is_refused() {
    let bodies = [
        (
            json!({"scenario": "odd"}),
            "there is no scenario \"odd\"; known are demo, many, unusual",
        ),
        (json!({"scenario": 7}), "scenario must be a text, got 7"),
        (
            json!({"senario": "many"}),
            "there is no member \"senario\"; known are scenario, plan, ",
        ),
        (
            json!({"plan": "Free"}),
            "plan must be one of free, standard, enterprise, got \"Free\"",
        ),
        (
            json!({"codes": "number"}),
            "codes must be one of numbers, got \"number\"",
        ),
        (
            json!({"clockSkewMs": 1.5}),
            "clockSkewMs must be a whole number from -4294967295 to 4294967295, got 1.5",
        ),
        (
            json!({"keepTokens": 1}),
            "keepTokens must be true or false, got 1",
        ),
        (json!("many"), "the body must be an object, got \"many\""),
    ];
    refuses("/sandbox/reset", bodies).await;
}

#[tokio::test]
async fn a_frame_is_not_opened_otherwise_than_it_was_asked_for() {
    let bodies = [
        (
            json!({"scopes": ["pay_systems"]}),
            "scopes must be a list of pay_system, crm, sale, placement, got [\"pay_systems\"]",
        ),
        (
            json!({"scopes": "crm"}),
            "scopes must be a list of pay_system, crm, sale, placement, got \"crm\"",
        ),
        (
            json!({"operators": 7}),
            "there is no member \"operators\"; known are placement, ",
        ),
        (
            json!({"install": "1"}),
            "install must be true or false, got \"1\"",
        ),
    ];
    refuses("/sandbox/open", bodies).await;
    let body = json!({"name": "a", "values": 1});
    refuses(
        "/sandbox/option",
        [(body, "there is no member \"values\"; known are name, value")],
    )
    .await;
    refuses(
        "/sandbox/refresh",
        [(json!({"sid": 1}), "sid must be a text, got 1")],
    )
    .await;
}

#[tokio::test]
async fn steering_is_for_this_machine_and_for_what_there_is() {
    let demo = demo().await;
    assert_eq!(
        send("GET", &demo.portal, "/sandbox/payments/9", FORM, "")
            .await
            .status(),
        404
    );
    let foreign = "GET /sandbox/log HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    let mut stream = connect(&demo.portal).await;
    stream.write_all(foreign.as_bytes()).await.unwrap();
    assert_eq!(
        hear(&mut stream, Duration::from_secs(5)).await.status(),
        403
    );
}

#[tokio::test]
async fn a_reset_is_a_fresh_start() {
    let demo = demo().await;
    pay(&demo.portal, 501).await;
    steer(&demo.portal, "/sandbox/reset", json!({"scenario": "demo"})).await;
    assert_eq!(truth(&demo.portal, 501).await["payCalls"], 0);
    steer(
        &demo.portal,
        "/sandbox/reset",
        json!({"scenario": "many", "codes": "numbers"}),
    )
    .await;
    let payments = send("GET", &demo.portal, "/sandbox/payments", FORM, "")
        .await
        .json();
    assert_eq!(payments.as_array().unwrap().len(), 1000);
    let get = send(
        "POST",
        &demo.portal,
        &format!("{HOOK}/crm.item.payment.get"),
        FORM,
        "id=1",
    )
    .await;
    assert_eq!(get.json()["error"], 0);
}

#[tokio::test]
async fn a_reset_lets_open_frames_go_on_only_where_that_is_wanted() {
    let (_app, demo) = App::served("kept").await;
    let origin = demo.portal.as_str();
    let wish = json!({"placement": "DEFAULT", "options": {}, "operator": "10"});
    let opened = steer(origin, "/sandbox/open", wish).await.json();
    let auth = format!("auth={}", opened["init"]["AUTH_ID"].as_str().unwrap());
    for (wanted, call, renewal) in [
        (json!({"scenario": "demo", "keepTokens": true}), 200, 200),
        (json!({"scenario": "demo"}), 401, 404),
    ] {
        pay(origin, 501).await;
        steer(origin, "/sandbox/reset", wanted).await;
        assert_eq!(truth(origin, 501).await["payCalls"], 0);
        let answer = send("POST", origin, "/rest/scope", FORM, &auth).await;
        assert_eq!(answer.status(), call);
        let renewed = steer(origin, "/sandbox/refresh", json!({"sid": opened["sid"]})).await;
        assert_eq!(renewed.status(), renewal);
    }
}

#[tokio::test]
async fn an_opened_app_gets_tokens_that_work_and_renew() {
    let (_app, demo) = App::served("opened").await;
    let origin = demo.portal.as_str();
    let wish = json!({"placement": "CRM_DEAL_DETAIL_TAB", "options": {"ID": 7}, "operator": "10", "lang": "de"});
    let opened = steer(origin, "/sandbox/open", wish).await.json();
    let sid = opened["sid"].as_str().unwrap();
    let port = origin.rsplit_once(':').unwrap().1;
    let action = format!(
        "{}/?DOMAIN=localhost%3A{port}&PROTOCOL=0&LANG=de&APP_SID={sid}",
        demo.app.as_deref().unwrap()
    );
    assert_eq!(opened["action"], action);
    assert_eq!(opened["frameName"], format!("localhost:{port}|0|{sid}"));
    assert_eq!(opened["fields"]["PLACEMENT_OPTIONS"], "{\"ID\":\"7\"}");
    assert_eq!(opened["init"]["PLACEMENT_OPTIONS"], json!({"ID": "7"}));
    let token = opened["init"]["AUTH_ID"].as_str().unwrap();
    let body = format!("auth={token}&PAYMENT_ID=501&PAY_SYSTEM_ID=11");
    let paid = send(
        "POST",
        origin,
        "/rest/sale.paysystem.pay.payment.json",
        "text/plain",
        &body,
    )
    .await;
    assert_eq!(paid.json()["result"], true);
    assert_eq!(truth(origin, 501).await["paidBy"], 10);

    let renewed = steer(origin, "/sandbox/refresh", json!({"sid": sid}))
        .await
        .json();
    assert_ne!(renewed["AUTH_ID"], opened["init"]["AUTH_ID"]);
    let fresh = format!("auth={}", renewed["AUTH_ID"].as_str().unwrap());
    assert_eq!(
        send("POST", origin, "/rest/scope", FORM, &fresh)
            .await
            .status(),
        200
    );
    assert_eq!(
        steer(origin, "/sandbox/refresh", json!({"sid": "x"}))
            .await
            .status(),
        404
    );

    let refresh = format!(
        "/oauth/token/?grant_type=refresh_token&refresh_token={}",
        renewed["REFRESH_ID"].as_str().unwrap()
    );
    let third = send("GET", origin, &refresh, FORM, "").await.json();
    assert_eq!(
        (&third["expires_in"], &third["user_id"]),
        (&json!(3600), &json!(10))
    );
    let spent = send("GET", origin, &refresh, FORM, "").await;
    assert_eq!(
        (spent.status(), &spent.json()["error"]),
        (400, &json!("invalid_grant"))
    );

    let fixed = steer(origin, "/sandbox/open", json!({"static": true}))
        .await
        .json();
    assert_eq!(
        (
            &fixed["method"],
            &fixed["fields"],
            &fixed["init"]["PLACEMENT_OPTIONS"]
        ),
        (&json!("GET"), &json!({}), &json!([]))
    );
}

#[tokio::test]
async fn the_app_is_bound_to_this_portal_and_answers_a_post() {
    let app = App::new("bound");
    let config = Config {
        app: Some(app.0.clone()),
        settle_ms: Some(900),
        deadline_ms: Some(300),
        ..Config::default()
    };
    let demo = start(config).await.unwrap();
    let (portal, origin) = (demo.portal.as_str(), demo.app.as_deref().unwrap());
    let page = send("POST", origin, "/?DOMAIN=x", FORM, "AUTH_ID=1").await;
    let expected = format!(
        "<html><head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src {portal}; \
         connect-src {portal} https:\"><script src=\"{portal}/api/v1/\"></script>\
         <meta name=\"b24pay-settle-ms\" content=\"900\">\n<meta name=\"b24pay-deadline-ms\" content=\"300\">\n</head></html>"
    );
    assert_eq!((page.status(), page.body()), (200, expected.as_str()));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with(&format!("frame-ancestors {portal}")),
        "{policy}"
    );
    for (path, kind) in [
        ("/b24pay.wasm", "application/wasm"),
        ("/app.js", "text/javascript; charset=utf-8"),
    ] {
        assert_eq!(
            send("GET", origin, path, FORM, "")
                .await
                .header("content-type"),
            Some(kind)
        );
    }
    for path in [
        "/../index.html",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/nothing",
        "/..%2fx",
    ] {
        assert_eq!(
            send("GET", origin, path, FORM, "").await.status(),
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_portal_serves_its_page_its_library_and_its_desk() {
    let demo = demo().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/portal.css", "text/css; charset=utf-8"),
        ("/portal.js", "text/javascript; charset=utf-8"),
        ("/api/v1/", "text/javascript; charset=utf-8"),
    ] {
        let answer = send("GET", &demo.portal, path, FORM, "").await;
        assert_eq!(
            (answer.status(), answer.header("content-type")),
            (200, Some(kind)),
            "{path}"
        );
    }
    assert_eq!(
        send("GET", &demo.portal, "/nothing", FORM, "")
            .await
            .status(),
        404
    );
    let desk = send("GET", &demo.portal, "/sandbox/desk", FORM, "")
        .await
        .json();
    let ids = |record: &Value| -> Vec<u64> {
        record["payments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|payment| payment["id"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(
        (&desk["deals"][0]["id"], ids(&desk["deals"][0])),
        (&json!(7), vec![501, 502, 503, 504, 505, 506])
    );
    assert_eq!(desk["invoices"][0]["id"], 31);
    assert_eq!(
        (&desk["orders"][0]["id"], ids(&desk["orders"][0])),
        (&json!(77), vec![503])
    );
    assert_eq!(desk["operators"][0]["id"], 7);
    assert_eq!(desk["plans"], json!(["standard", "enterprise", "free"]));
}

#[tokio::test]
async fn both_stacks_of_loopback_are_served() {
    let demo = demo().await;
    let port: u16 = demo.portal.rsplit_once(':').unwrap().1.parse().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    let has_ipv6 = tokio::net::TcpListener::bind(("::1", 0)).await.is_ok();
    assert_eq!(TcpStream::connect(("::1", port)).await.is_ok(), has_ipv6);
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_named() {
    let demo = demo().await;
    let port: u16 = demo.portal.rsplit_once(':').unwrap().1.parse().unwrap();
    let taken = start(Config {
        port,
        ..Config::default()
    })
    .await
    .unwrap_err();
    assert!(matches!(taken, Error::PortInUse { .. }));
    let sentence =
        format!("port {port} is in use; choose another with --port, or 0 for a free one");
    assert_eq!(taken.to_string(), sentence);
    let nowhere = start(Config {
        app: Some("/nowhere".into()),
        ..Config::default()
    })
    .await
    .unwrap_err();
    assert_eq!(
        nowhere.to_string(),
        "the app's folder /nowhere has no index.html"
    );
    let app = App::new("no-zip");
    let upload = app.0.join("app.js");
    let no_zip = start(Config {
        static_app: Some(upload.clone()),
        ..Config::default()
    })
    .await
    .unwrap_err();
    assert!(matches!(no_zip, Error::NoUpload { .. }));
    let named = format!("{} is no zip of a static app", upload.display());
    assert_eq!(no_zip.to_string(), named);
    let forbidden = Error::Listen {
        port: 80,
        source: std::io::ErrorKind::PermissionDenied.into(),
    };
    let sentence = "the portal cannot listen on port 80 of loopback";
    assert_eq!(forbidden.to_string(), sentence);
}

/// The program prints both addresses, one a line, and ends with its parent.
#[test]
fn the_program_serves_until_its_input_closes() {
    use std::ffi::OsStr;
    use std::io::{BufRead, BufReader};
    use std::os::unix::ffi::OsStrExt;
    use std::process::{Command, Stdio};

    let app = App::new("program");
    let mut program = Command::new(env!("CARGO_BIN_EXE_portal"))
        .args([
            "--port",
            "0",
            "--app-port",
            "0",
            "--until-stdin-closes",
            "--app",
        ])
        .arg(&app.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let (portal, page) = (line(), line());
    assert!(portal.starts_with("portal: http://localhost:"), "{portal}");
    let page = page.strip_prefix("app: http://").unwrap();
    assert!(page.starts_with("127.0.0.1:") && std::net::TcpStream::connect(page).is_ok());
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());

    let said = |words: &[&OsStr]| {
        let confused = Command::new(env!("CARGO_BIN_EXE_portal"))
            .args(words)
            .output()
            .unwrap();
        assert!(!confused.status.success());
        String::from_utf8_lossy(&confused.stderr).into_owned()
    };
    let not_utf8 = OsStr::from_bytes(b"\xff");
    assert_eq!(
        said(&["--port".as_ref(), "many".as_ref()]),
        "--port must be a whole number, got many\n"
    );
    assert_eq!(
        said(&["--port".as_ref(), not_utf8]),
        "--port must be a whole number, got \u{fffd}\n"
    );
    let upload = app.0.join("app.js");
    let no_zip = said(&["--static".as_ref(), upload.as_ref()]);
    let why = no_zip.strip_prefix(&format!("{} is no zip of a static app: ", upload.display()));
    assert!(why.is_some_and(|why| why.len() > 5), "{no_zip}");
    assert!(said(&[not_utf8]).starts_with("unknown option \u{fffd}\nusage: portal "));
}
