// What other code of the origin leaves in the storage: entries that are none, that nobody sent, of another version, and of other times.

export const HOST = 'shop.bitrix24.example';

const OPENED_AT = 1_790_000_001_000;

const NONE = ['', 'null', '{', '[]', '"x"', '7', '{"sentAt":null,"settleMs":65000}', '{"version":2,"calls":[]}', `{"sentAt":"${OPENED_AT}","settleMs":"65000"}`];

export function forgeries(dice, payments, withinMs) {
  return Array.from({ length: dice.whole(1, 4) }, () => ({
    // Before any page was opened, or while they are in use.
    at: dice.chance(0.6) ? 0 : 1_000 + dice.whole(0, withinMs),
    key: dice.chance(0.7) ? keyOf(dice.one(payments).id) : dice.one(['b24pay:', keyOf(''), keyOf('0501'), keyOf('15/1'), keyOf(502), keyOf(999), 'b24pay:other.example:501', 'theirs']),
    value: dice.chance(0.4) ? dice.one(NONE) : entry(dice, withinMs),
  }));
}

export const keyOf = (payment) => `b24pay:${HOST}:${payment}`;

const entry = (dice, withinMs) => JSON.stringify({
  paySystemId: dice.one([11, 99, null, -1, 'x', {}]),
  pays: dice.one([true, true, false, 'no']),
  sentAt: dice.one([OPENED_AT + dice.whole(-70_000, withinMs), OPENED_AT + dice.whole(-2_000, 100), OPENED_AT - 1e9, OPENED_AT + 1e9, 1e300, -1e300, 0.5]),
  settleMs: dice.one([65_000, 65_000, 2_000, 0, -5, 1e12, 1e300]),
});
