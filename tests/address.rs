//! Addresses as people paste them, row by row: taken, or refused with the part that is wrong.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use b24pay::address::Address;

/// What was pasted, and the host that it leads to.
const WEBHOOKS: &[(&str, &str)] = &[
    ("https://a.bitrix24.eu/rest/7/s3cret/", "a.bitrix24.eu"),
    ("https://a.bitrix24.eu/rest/7/s3cret", "a.bitrix24.eu"),
    ("  https://a.bitrix24.eu/rest/7/s3cret/\n", "a.bitrix24.eu"),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/profile",
        "a.bitrix24.eu",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/profile.json",
        "a.bitrix24.eu",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/crm.deal.list.json/",
        "a.bitrix24.eu",
    ),
    ("https://a.bitrix24.eu/rest/api/7/s3cret/", "a.bitrix24.eu"),
    ("https://a.bitrix24.eu//rest/7/s3cret/", "a.bitrix24.eu"),
    ("HTTPS://A.Bitrix24.EU/rest/7/s3cret/", "a.bitrix24.eu"),
    ("https://a.bitrix24.eu:443/rest/7/s3cret/", "a.bitrix24.eu"),
    (
        "https://box.example:8443/rest/7/s3cret/",
        "box.example:8443",
    ),
    ("http://localhost:8024/rest/7/s3cret/", "localhost:8024"),
    ("http://127.0.0.1/rest/7/s3cret/", "127.0.0.1"),
    ("http://127.0.0.1:80/rest/7/s3cret/", "127.0.0.1"),
    ("http://[::1]:8024/rest/7/s3cret/", "[::1]:8024"),
    ("https://[::1]/rest/7/s3cret/", "[::1]"),
];

/// What was pasted, and what is said about it.
const NO_WEBHOOKS: &[(&str, &str)] = &[
    ("", "one without https:// at its beginning"),
    (
        "a.bitrix24.eu/rest/7/s3cret/",
        "one without https:// at its beginning",
    ),
    (
        "http://a.bitrix24.eu/rest/7/s3cret/",
        "one with http, which sends secrets in the open",
    ),
    (
        "http://localhost.example/rest/7/s3cret/",
        "one with http, which sends secrets in the open",
    ),
    (
        "ftp://a.bitrix24.eu/rest/7/s3cret/",
        "one with another scheme",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3 cret/",
        "one with a space inside",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3\ncret/",
        "one with a space inside",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/?x=1",
        "one with something after a question mark or a number sign",
    ),
    (
        "https://a.bitrix24.eu?/rest/7/s3cret/",
        "one with something after a question mark or a number sign",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/#x",
        "one with something after a question mark or a number sign",
    ),
    (
        "https://me:s3cret@a.bitrix24.eu/rest/7/s3cret/",
        "one with a user before the host",
    ),
    (
        "https:///rest/7/s3cret/",
        "one whose host has other signs than a to z, digits, dots and hyphens",
    ),
    (
        "https://a..eu/rest/7/s3cret/",
        "one whose host has other signs than a to z, digits, dots and hyphens",
    ),
    (
        "https://портал.рф/rest/7/s3cret/",
        "one whose host has other signs than a to z, digits, dots and hyphens",
    ),
    (
        "https://a.bitrix24.eu\\rest\\7/s3cret/",
        "one whose host has other signs than a to z, digits, dots and hyphens",
    ),
    (
        "https://a.eu:0/rest/7/s3cret/",
        "one whose port is no number from 1 to 65535",
    ),
    (
        "https://a.eu:x/rest/7/s3cret/",
        "one whose port is no number from 1 to 65535",
    ),
    (
        "https://a.eu:65536/rest/7/s3cret/",
        "one whose port is no number from 1 to 65535",
    ),
    ("https://a.bitrix24.eu", "one without /rest/ after the host"),
    (
        "https://a.bitrix24.eu/s3cret/7/",
        "one without /rest/ after the host",
    ),
    (
        "https://a.bitrix24.eu/rest/",
        "one without a user id after /rest/",
    ),
    (
        "https://a.bitrix24.eu/rest/s3cret/7/",
        "one without a user id after /rest/",
    ),
    (
        "https://a.bitrix24.eu/rest/0/s3cret/",
        "one without a user id after /rest/",
    ),
    (
        "https://a.bitrix24.eu/rest/9007199254740992/s3cret/",
        "one without a user id after /rest/",
    ),
    (
        "https://a.bitrix24.eu/rest/api/s3cret/",
        "one without a user id after /rest/",
    ),
    (
        "https://a.bitrix24.eu/rest/7",
        "one without a secret after the user id",
    ),
    (
        "https://a.bitrix24.eu/rest/7//s3cret/",
        "one without a secret after the user id",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret%2F..%2F/",
        "one whose secret has other signs than letters and digits",
    ),
    (
        "https://a.bitrix24.eu/rest/7/**put_your_webhook_here**/",
        "one whose secret has other signs than letters and digits",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/profile/more",
        "one with more than a method after the secret",
    ),
    (
        "https://a.bitrix24.eu/rest/7/s3cret/../../",
        "one with more than a method after the secret",
    ),
];

const DOMAINS: &[(&str, &str)] = &[
    ("a.bitrix24.eu", "a.bitrix24.eu"),
    (" A.bitrix24.eu/ ", "a.bitrix24.eu"),
    ("https://a.bitrix24.eu", "a.bitrix24.eu"),
    ("https://a.bitrix24.eu/", "a.bitrix24.eu"),
    ("https://a.bitrix24.eu/rest/", "a.bitrix24.eu"),
    ("a.bitrix24.eu:443", "a.bitrix24.eu"),
    ("box.example:8443", "box.example:8443"),
    ("http://localhost:8024", "localhost:8024"),
    ("localhost:8024", "localhost:8024"),
    ("[::1]", "[::1]"),
];

const NO_DOMAINS: &[(&str, &str)] = &[
    ("", "an empty text"),
    ("a b", "one with a space inside"),
    (
        "http://a.bitrix24.eu",
        "one with http, which sends secrets in the open",
    ),
    ("a.bitrix24.eu/rest/7/s3cret/", "one with a path"),
    ("a.bitrix24.eu/oauth", "one with a path"),
    ("me@a.bitrix24.eu", "one with a user before the host"),
    (
        "a.bitrix24.eu:port",
        "one whose port is no number from 1 to 65535",
    ),
];

#[test]
fn every_webhook_that_people_paste_leads_to_its_host() {
    for (pasted, host) in WEBHOOKS {
        assert_eq!(&Address::webhook(pasted).unwrap().host, host, "{pasted}");
    }
}

#[test]
fn what_is_no_webhook_is_refused_by_its_wrong_part() {
    for (pasted, part) in NO_WEBHOOKS {
        let expected = format!(
            "the webhook's address must be https://<portal>/rest/<user id>/<secret>/, got {part}"
        );
        let error = Address::webhook(pasted).unwrap_err();
        assert_eq!(error.message(), expected, "{pasted}");
        assert_eq!(error.code(), "INVALID_REQUEST", "{pasted}");
    }
}

#[test]
fn a_domain_is_a_host_with_or_without_its_scheme() {
    for (pasted, host) in DOMAINS {
        assert_eq!(&Address::domain(pasted).unwrap().host, host, "{pasted}");
    }
}

#[test]
fn what_is_no_domain_is_refused_by_its_wrong_part() {
    for (pasted, part) in NO_DOMAINS {
        let expected =
            format!("domain must be a portal's host, such as example.bitrix24.eu, got {part}");
        let error = Address::domain(pasted).unwrap_err();
        assert_eq!(error.message(), expected, "{pasted}");
    }
}

#[test]
fn forms_of_one_address_are_one_address() {
    let plain = Address::webhook("https://a.bitrix24.eu/rest/7/s3cret/").unwrap();
    for (pasted, host) in WEBHOOKS {
        if *host == "a.bitrix24.eu" {
            assert_eq!(Address::webhook(pasted).unwrap(), plain, "{pasted}");
        }
    }
}

#[test]
fn the_scheme_is_kept() {
    for here in ["localhost", "127.0.0.1:8080", "[::1]"] {
        let of = |scheme| Address::webhook(&format!("{scheme}://{here}/rest/7/s3cret/")).unwrap();
        assert_ne!(of("http"), of("https"), "{here}");
    }
}

#[test]
fn neither_what_is_printed_nor_what_is_refused_shows_the_secret() {
    for (pasted, _) in WEBHOOKS {
        let printed = format!("{:?}", Address::webhook(pasted).unwrap());
        assert!(!printed.contains("s3cret"), "{printed}");
    }
    for (pasted, _) in NO_WEBHOOKS {
        let error = Address::webhook(pasted).unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("s3") && !said.contains("bitrix24"), "{said}");
    }
}
