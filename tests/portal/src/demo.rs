//! The ready-made settings: the demo, the same with unusual payments, and a deal with very many.

use crate::limits::Plan;
use crate::operator::{Rights, Scopes};
use crate::order::{Order, Owner};
use crate::pay_system::{Handler, Kind, PaySystem, Registry};
use crate::payment::Payment;
use crate::scenario::Setting;
use serde_json::json;

/// The app of the demo, which also registered the REST handler.
pub(crate) const APP: u64 = 1;

/// The webhooks' secrets are the same in every demo, so that an address can be kept while developing.
const WEBHOOK_OF_1: &str = "k3v9x0q7r2m8t5wz";
const WEBHOOK_OF_7: &str = "b7p2d6h1c4n9s8ya";

pub(crate) fn demo() -> Setting {
    let deal = Some(Owner::deal(7));
    let invoice = Some(Owner::invoice(31));
    people(systems(Setting::new()))
        .order(Order::new(917, "EUR", deal))
        .order(Order::new(918, "JPY", deal))
        .order(Order::new(919, "USD", deal))
        .order(Order::new(77, "KWD", deal).cancelled("Заказ №77 отменен\n<img src=x onerror=1>"))
        .order(Order::new(931, "RUB", invoice))
        .payment(Payment::new(501, 917, "917/1", 11, 1000.0))
        .payment(Payment::new(502, 917, "917/2", 6, 68.12))
        .payment(Payment::new(503, 77, "77/1", 11, 12.345))
        .payment(Payment::new(504, 918, "918/1", 11, 12_000.0))
        .payment(Payment::new(505, 919, "919/1", 11, 59.969_999_999_999_99))
        .payment(Payment::new(506, 919, "919/2", 11, 250.0).already_paid(1))
        .payment(Payment::new(531, 931, "931/1", 11, 4_990.5))
        .payment(Payment::new(532, 931, "931/2", 14, 15_000.0))
        .payment(Payment::new(533, 931, "931/3", 15, 800.0))
        .payment(Payment::new(534, 931, "931/4", 8, 123_456.78))
}

pub(crate) fn unusual() -> Setting {
    demo()
        .pay_system(PaySystem::new(5, "Internal account", Kind::InternalAccount))
        .payment(Payment::new(507, 919, "919/3", 5, 75.0))
        .payment(Payment::new(508, 918, "918/2", 11, 8_000.0).returned())
}

pub(crate) fn many() -> Setting {
    const ORDERS: u64 = 400;
    const PAYMENTS: u64 = 1000;
    let mut setting = people(systems(Setting::new()));
    for order in 0..ORDERS {
        setting = setting.order(Order::new(2001 + order, "EUR", Some(Owner::deal(7))));
    }
    for place in 0..PAYMENTS {
        let order = 2001 + place % ORDERS;
        let account_number = format!("{order}/{}", place / ORDERS + 1);
        #[expect(clippy::cast_precision_loss, reason = "a thousand at most")]
        let sum = 10.0 + place as f64 / 4.0;
        setting = setting.payment(Payment::new(
            10_001 + place,
            order,
            &account_number,
            11,
            sum,
        ));
    }
    setting
}

fn systems(setting: Setting) -> Setting {
    setting
        .pay_system(PaySystem::new(6, "Cash", Kind::Offline))
        .pay_system(PaySystem::new(8, "Bank bill", Kind::Offline))
        .pay_system(PaySystem::rest(11, "Card"))
        .pay_system(PaySystem::new(14, "Gateway", Kind::Gateway))
        .pay_system(PaySystem::new(
            15,
            "Gateway with a text of its own",
            Kind::SavesThenText,
        ))
        .pay_system(PaySystem {
            registry: Registry::CrmInvoice,
            ..PaySystem::rest(17, "Card for old invoices")
        })
        .old_invoice(41, 17)
        .handler(Handler {
            id: 3,
            name: "Card".to_owned(),
            code: "b24pay_card".to_owned(),
            sort: 100,
            settings: json!({
                "CURRENCY": ["EUR", "JPY", "KWD", "USD", "RUB"],
                "CLIENT_TYPE": "b2c",
                "FORM_DATA": {"ACTION_URI": "https://pay.example/form", "METHOD": "POST"},
                "CODES": {"MERCHANT": {"NAME": "Merchant", "SORT": "100"}}
            }),
            app: Some(APP),
        })
}

fn people(setting: Setting) -> Setting {
    setting
        .plan(Plan::Standard)
        .person(1, "Alma, administrator", Rights::ADMIN)
        .person(7, "Vera, works with orders", Rights::MANAGER)
        .person(8, "Ilya, works with orders too", Rights::MANAGER)
        .person(9, "Nina, only reads", Rights::READER)
        .person(10, "Oleg, may pay and not read", Rights::PAYER)
        .person(
            11,
            "Pia, CRM only",
            Rights {
                sale: false,
                ..Rights::MANAGER
            },
        )
        .person(12, "Tom, no rights", Rights::NONE)
        .webhook(1, WEBHOOK_OF_1, Scopes::ALL)
        .webhook(7, WEBHOOK_OF_7, Scopes::ALL)
}
