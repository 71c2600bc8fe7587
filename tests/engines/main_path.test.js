// The page's main path in the engines that tests/e2e does not cover: the list, a confirmation, what is told.

import assert from 'node:assert/strict';
import { until } from '../until.js';
import { onEngines, PAY } from './stage.js';

const state = (tab) => tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('#confirmation').dataset.state);
const told = (tab, wanted) => until(async () => (await state(tab)) === wanted, `the confirmation is not ${wanted}`);
// What has the focus, and whether it has come so lately that it takes no press.
const here = (tab) => tab.run(() => {
  const { activeElement } = document.querySelector('b24-payments').shadowRoot;
  return { name: activeElement?.dataset.event ?? activeElement?.id, isComing: activeElement?.getAnimations().length > 0 };
});
const focused = async (tab) => (await here(tab)).name;

// By the keyboard alone: goes to what is meant, and presses it once it takes a press.
const pressed = async (tab, wanted, by = 'Tab') => {
  let at = await here(tab);
  for (let tabs = 0; at.name !== wanted; tabs += 1) {
    assert.ok(tabs < 6, `${wanted} is not reached by ${by}`);
    await tab.press(by);
    at = await here(tab);
  }
  if (at.isComing) await until(async () => !(await here(tab)).isComing, `${wanted} takes no press`);
  await tab.press('Enter');
};

// The dialog of many payments, and what it tells of the five of the deal.
const bulk = (tab, wanted) => until(() => tab.run((state) => document.querySelector('b24-payments').shadowRoot.querySelector('#bulk').dataset.state === state, wanted), `the dialog of many is not ${wanted}`);
const kinds = (tab) => tab.run(() => Array.from(document.querySelector('b24-payments').shadowRoot.querySelectorAll('#bulk tbody tr'), ({ dataset }) => dataset.kind).sort());
const FATES = ['notApplied', 'paid', 'paid', 'paid', 'rejected'];
const confirmedOnce = async (sandbox) => {
  const truth = await Promise.all([501, 502, 503, 504, 505].map((id) => sandbox.payments(id)));
  assert.deepEqual(truth.map(({ paid, payCalls }) => `${paid} ${payCalls}`), ['Y 1', 'N 1', 'N 1', 'Y 1', 'Y 1']);
};

// A click like a person's: what has just come takes none for half a second.
const clicked = async (tab, selector) => {
  const takesIt = () => tab.run((what) => {
    const element = document.querySelector('b24-payments').shadowRoot.querySelector(what);
    return getComputedStyle(element).pointerEvents !== 'none';
  }, selector);
  await until(takesIt, `${selector} takes no click`);
  await tab.click(selector);
};

onEngines(['firefox', 'webkit'], { settleMs: 1500, deadlineMs: 20_000 }, ({ play }, name) => {
  play('501 of the list is confirmed with the keyboard and told as paid, after one call', async ({ sandbox, open }) => {
    const tab = await open();
    assert.deepEqual(
      await tab.run(() => Array.from(document.querySelector('b24-payments').shadowRoot.querySelectorAll('#payments tbody tr'), (row) => row.dataset.id).sort()),
      ['501', '502', '503', '504', '505', '506'],
    );
    // Keys go to the frame that the user was in last.
    await tab.click('h1');
    await tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('tr[data-id="501"] button').focus());
    await tab.press('Enter');
    await told(tab, 'asking');
    assert.equal(await focused(tab), 'cancel');
    await pressed(tab, 'confirm');
    await told(tab, 'paid');
    assert.match(await tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('#confirmation').innerText), /€1,000\.00 paid/);
    // The rows are brought up to date after the answer.
    const rowState = () => tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('tr[data-id="501"]').dataset.state);
    await until(async () => (await rowState()) === 'paid', 'the row is not paid');
    assert.equal((await sandbox.payments(501)).paid, 'Y');
    assert.equal((await sandbox.received(PAY)).length, 1);
  });

  play('all are selected and confirmed with the keyboard, and each was paid by one call', async ({ sandbox, open }) => {
    const tab = await open();
    await tab.click('h1');
    await tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('#select-all').focus());
    await tab.press('Space');
    await pressed(tab, 'openBulk', 'Shift+Tab');
    await bulk(tab, 'asking');
    assert.equal(await focused(tab), 'cancel');
    await pressed(tab, 'confirmAll');
    await bulk(tab, 'finished');
    assert.equal(await focused(tab), 'bulk-title');
    assert.deepEqual(await kinds(tab), FATES);
    await confirmedOnce(sandbox);
    const takesPress = () => tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('#bulk [data-event="cancel"]').getAnimations().length === 0);
    await until(takesPress, 'the outcomes take no press');
    await tab.press('Escape');
    await bulk(tab, 'closed');
  });

  // Each press of Tab takes WebKit without a screen a good part of a second.
  if (name === 'firefox') {
    play('a question is left, a run stopped and tried again with the keyboard, and each was paid by one call', async ({ sandbox, open }) => {
      const tab = await open();
      // The last look before anything is sent never ends, so that there is time to stop.
      await sandbox.fault({ method: 'crm.item.payment.list', nth: 3, times: 1, fault: 'hang' });
      await tab.click('h1');
      await tab.run(() => document.querySelector('b24-payments').shadowRoot.querySelector('#select-all').focus());
      await tab.press('Space');
      await pressed(tab, 'openBulk', 'Shift+Tab');
      await bulk(tab, 'asking');
      await tab.press('Escape');
      await bulk(tab, 'closed');
      assert.equal(await focused(tab), 'openBulk');
      await tab.press('Enter');
      await bulk(tab, 'asking');
      await pressed(tab, 'confirmAll');
      await sandbox.arrived('crm.item.payment.list', 4);
      await tab.press('Escape');
      await pressed(tab, 'stop');
      await bulk(tab, 'finished');
      assert.equal(await focused(tab), 'bulk-title');
      assert.deepEqual(await kinds(tab), Array(5).fill('notStarted'));
      await pressed(tab, 'retry');
      await sandbox.arrived(PAY, 5);
      await bulk(tab, 'finished');
      assert.deepEqual(await kinds(tab), FATES);
      await confirmedOnce(sandbox);
    });
  }

  play('502, which Cash ignores, is confirmed by clicks, told as unpaid, and marked in CRM', async ({ sandbox, open }) => {
    const tab = await open();
    await clicked(tab, 'tr[data-id="502"] button');
    await told(tab, 'asking');
    await clicked(tab, '#confirmation [data-event="confirm"]');
    await told(tab, 'notApplied');
    assert.equal((await sandbox.payments(502)).paid, 'N');
    await clicked(tab, '#confirmation [data-event="mark"]');
    await told(tab, 'paid');
    assert.equal((await sandbox.payments(502)).paid, 'Y');
  });

  play('in the shadow of the element its style applies, under the strict policy of the page, and its shapes are drawn', async ({ open }) => {
    const tab = await open();
    const look = () => tab.run(() => {
      const { shadowRoot } = document.querySelector('b24-payments');
      const row = shadowRoot.querySelector('tr[data-id="501"]');
      const { width, height } = row.querySelector('.state path').getBBox();
      return { display: getComputedStyle(row).display, shape: [width, height], hidden: getComputedStyle(shadowRoot.querySelector('.notices')).display };
    });
    // A shape may be drawn a picture later than its row, as was seen in Firefox.
    const drawn = await until(async () => {
      const seen = await look();
      return seen.shape.every((side) => side > 10) && seen;
    }, 'the shape of a row is not drawn', 3000);
    assert.deepEqual([drawn.display, drawn.hidden], ['grid', 'none']);
  });
});
