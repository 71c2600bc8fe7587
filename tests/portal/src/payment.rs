//! A payment: the truth that everything else is measured by.

use serde_json::{Map, Value};

/// What became of money that went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// `N`: nothing went back.
    No,
    /// `Y`: it went back.
    Yes,
    /// `P`: it went back to the buyer's internal account.
    ToAccount,
}

impl Return {
    /// The portal's letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::No => "N",
            Self::Yes => "Y",
            Self::ToAccount => "P",
        }
    }
}

/// What a REST handler writes about the bank's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BankFields {
    /// `PS_STATUS`: `Y` after the first call that saved it.
    pub status: Option<&'static str>,
    /// `PS_STATUS_CODE`
    pub status_code: Option<String>,
    /// `PS_STATUS_DESCRIPTION`
    pub status_description: Option<String>,
    /// `PS_STATUS_MESSAGE`
    pub status_message: Option<String>,
    /// `PS_SUM`
    pub sum: Option<f64>,
    /// `PS_CURRENCY`
    pub currency: Option<String>,
    /// `PS_INVOICE_ID`
    pub invoice_id: Option<String>,
    /// `PS_RESPONSE_DATE`, in virtual time.
    pub response_date_ms: Option<u64>,
    /// `PAY_VOUCHER_DATE`, in virtual time.
    pub voucher_date_ms: Option<u64>,
}

impl BankFields {
    /// These fields after a call with folded keys; PHP-falsy values are skipped.
    pub(crate) fn written(&self, params: &Map<String, Value>, now_ms: u64) -> Self {
        let given = |name: &str| {
            params
                .get(name)
                .filter(|value| !crate::php::is_empty(Some(value)))
        };
        let text = |name: &str| given(name).map(crate::php::text);
        Self {
            status: Some("Y"),
            status_code: Some(text("PS_STATUS_CODE").unwrap_or_else(|| "Y".to_owned())),
            status_description: text("PS_STATUS_DESCRIPTION")
                .or_else(|| self.status_description.clone()),
            status_message: text("PS_STATUS_MESSAGE").or_else(|| self.status_message.clone()),
            sum: text("PS_SUM").and_then(|sum| sum.parse().ok()).or(self.sum),
            currency: text("PS_CURRENCY").or_else(|| self.currency.clone()),
            invoice_id: text("PS_INVOICE_ID").or_else(|| self.invoice_id.clone()),
            response_date_ms: Some(now_ms),
            voucher_date_ms: Some(now_ms),
        }
    }

    /// Whether the payment row can be saved with this call's fields: a longer one keeps the row unsaved, in silence.
    pub(crate) fn fit(params: &Map<String, Value>) -> bool {
        const LIMITS: [(&str, usize); 6] = [
            ("PS_STATUS_CODE", 255),
            ("PS_STATUS_DESCRIPTION", 512),
            ("PS_STATUS_MESSAGE", 250),
            ("PS_CURRENCY", 3),
            ("PS_RECURRING_TOKEN", 255),
            ("PS_CARD_NUMBER", 64),
        ];
        LIMITS.iter().all(|(name, longest)| {
            params
                .get(*name)
                .is_none_or(|value| crate::php::text(value).chars().count() <= *longest)
        })
    }
}

/// One payment of an order.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its number.
    pub id: u64,
    /// Its order.
    pub order: u64,
    /// Order and place: `917/1`.
    pub account_number: String,
    /// The pay system it is bound to.
    pub pay_system: u64,
    /// The amount.
    pub sum: f64,
    /// Its currency.
    pub currency: String,
    /// Whether it is paid. Nothing else proves it.
    pub paid: bool,
    /// `DATE_PAID` in virtual time; a vetoed call leaves one on an unpaid payment.
    pub date_paid_ms: Option<u64>,
    /// `EMP_PAID_ID`
    pub paid_by: Option<u64>,
    /// Whether its money went back.
    pub is_return: Return,
    /// Whether the portal marked it as problematic.
    pub is_marked: bool,
    /// What the bank said.
    pub bank: BankFields,

    /// How many payment calls reached the portal for it, whatever became of them.
    pub pay_calls: u32,
    /// How many calls of `crm.item.payment.pay` reached it.
    pub mark_calls: u32,
    /// How many times it turned from unpaid to paid.
    pub paid_times: u32,
    /// The call that paid it last, by its number in the log, and when; kept when it is unpaid again.
    pub paid_by_call: Option<(u64, u64)>,
    /// Every call that paid it.
    pub paying_calls: Vec<(u64, u64)>,
    /// The portal's events in order.
    pub events: Vec<&'static str>,
}

impl Payment {
    /// An unpaid payment of an order in the order's currency.
    #[must_use]
    pub fn new(id: u64, order: u64, account_number: &str, pay_system: u64, sum: f64) -> Self {
        Self {
            id,
            order,
            account_number: account_number.to_owned(),
            pay_system,
            sum,
            currency: String::new(),
            paid: false,
            date_paid_ms: None,
            paid_by: None,
            is_return: Return::No,
            is_marked: false,
            bank: BankFields::default(),
            pay_calls: 0,
            mark_calls: 0,
            paid_times: 0,
            paid_by_call: None,
            paying_calls: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The same payment, paid before the story begins.
    #[must_use]
    pub fn already_paid(mut self, by: u64) -> Self {
        self.paid = true;
        self.date_paid_ms = Some(0);
        self.paid_by = Some(by);
        self
    }

    /// The same payment after its money went back.
    #[must_use]
    pub fn returned(mut self) -> Self {
        self.is_return = Return::Yes;
        self
    }

    /// Turns it paid; a paid payment stays as it was. Either way it is saved again.
    pub(crate) fn pay(&mut self, now_ms: u64, by: u64, call: u64) {
        if !self.paid {
            self.paid = true;
            self.date_paid_ms = Some(now_ms);
            self.paid_by = Some(by);
            self.is_return = Return::No;
            self.paid_times += 1;
            self.paid_by_call = Some((call, now_ms));
            self.paying_calls.push((call, now_ms));
            self.events.push("OnPaymentPaid");
        }
        self.save();
    }

    /// What a vetoed call leaves behind: the date and the employee, and no payment.
    pub(crate) fn veto(&mut self, now_ms: u64, by: u64) {
        if !self.paid {
            self.date_paid_ms = Some(now_ms);
            self.paid_by = Some(by);
        }
        self.save();
    }

    /// Takes the payment back.
    pub(crate) fn unpay(&mut self) {
        if self.paid {
            self.paid = false;
            self.date_paid_ms = None;
            self.paid_by = None;
        }
        self.save();
    }

    pub(crate) fn save(&mut self) {
        self.events.push("OnSalePaymentEntitySaved");
        self.events.push("OnSaleOrderSaved");
    }
}
