// The portal page: fills the choices from the address, opens the app in a frame, and keeps the records beside it fresh.
// The address is the page's whole state, so that a reload (which apps can ask for) opens the same thing again:
// /?placement=CRM_DEAL_DETAIL_TAB&id=7&lang=en&operator=…&plan=…&params=…&mode=static&popup=1&open=1

import { frameFor, load } from '/frame.js';
import { converse } from '/layout.js';
import { KINDS, PLACEMENTS, isLink, kindAt, optionsAt } from '/placements.js';
import { drawRecords } from '/records.js';
import * as sandbox from '/sandbox.js';
import { openSlider } from '/slider.js';
import { wireSteering } from '/steering.js';

const LANGUAGES = 'ru en de la fr it pl br vn tr kz ua ar th sc tc ja id ms in'.split(' ');
const part = (id) => document.getElementById(id);
const form = part('opening');
const fields = form.elements;

let desk = { deals: [], invoices: [], orders: [], operators: [], plans: [] };
let conversation = null;

// ---- records

function recordsByKind() {
  return { deal: desk.deals, invoice: desk.invoices, order: desk.orders, dynamic: [{ id: 3, title: '', payments: [] }] };
}

async function refreshRecords() {
  try {
    desk = await sandbox.desk();
    part('trouble').textContent = '';
  } catch (error) {
    part('trouble').textContent = error.message;
  }
  const { deal, invoice, order } = recordsByKind();
  drawRecords(part('records'), [
    { label: KINDS.deal.label, records: deal },
    { label: KINDS.invoice.label, records: invoice },
    { label: KINDS.order.label, records: order },
  ]);
}

// ---- choices

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, text }) => new Option(text ?? value, value)));
  if (options.some(({ value }) => String(value) === chosen)) select.value = chosen;
}

function fillRecords(chosen) {
  const kind = kindAt(fields.placement.value);
  const records = kind ? recordsByKind()[kind] : [];
  fill(fields.record, records.map(({ id }) => ({ value: id, text: `${KINDS[kind].label} ${id}` })), chosen);
  fields.record.disabled = !kind;
  form.dataset.place = isLink(fields.placement.value) ? 'link' : 'record';
}

function fillChoices(address) {
  fill(fields.placement, PLACEMENTS.map((value) => ({ value })), address.get('placement') ?? 'CRM_DEAL_DETAIL_TAB');
  fill(fields.operator, desk.operators.map(({ id, name }) => ({ value: id, text: name })), address.get('operator'));
  fill(fields.plan, desk.plans.map((value) => ({ value })), address.get('plan'));
  fill(fields.lang, LANGUAGES.map((value) => ({ value })), address.get('lang') ?? 'en');
  fields.params.value = address.get('params') ?? '';
  fields.static.checked = address.get('mode') === 'static';
  fields.popup.checked = address.get('popup') === '1';
  fillRecords(address.get('id'));
}

function rememberChoices() {
  const chosen = { placement: fields.placement.value, id: fields.record.value, params: fields.params.value,
    lang: fields.lang.value, operator: fields.operator.value, plan: fields.plan.value,
    mode: fields.static.checked ? 'static' : '', popup: fields.popup.checked ? '1' : '', open: '1' };
  const set = Object.entries(chosen).filter(([, value]) => value !== '');
  history.replaceState(null, '', `?${new URLSearchParams(set)}`);
}

// ---- the app

function openChosen() {
  const placement = fields.placement.value;
  const options = optionsAt(placement, fields.record.value, fields.params.value);
  return fields.popup.checked ? openOver({ placement, options }) : openHere({ placement, options });
}

const asked = (place) => sandbox.open({
  ...place, lang: fields.lang.value, operator: fields.operator.value, plan: fields.plan.value, static: fields.static.checked,
});

async function openHere(place) {
  const opened = await asked(place);
  conversation?.end();
  part('messages').replaceChildren();
  part('app').dataset.state = 'open';
  conversation = show(opened, place, part('app'));
  part('fire-update').disabled = false;
}

// Settles when the slider was closed, by the operator or by the app.
async function openOver(place) {
  const opened = await asked(place);
  const slider = openSlider('App in a slider');
  const inside = show(opened, place, slider.body, slider);
  await slider.closed;
  inside.end();
}

function show(opened, { placement }, box, slider = null) {
  const frame = frameFor(opened);
  const started = converse(opened, { placement, frame, slider, page: pageFor(box) });
  box.removeAttribute('style');
  box.replaceChildren(frame);
  load(frame, opened, fields.static.checked);
  return started;
}

// What a framed app may do with this page.
function pageFor(box) {
  return {
    note(line) {
      const item = document.createElement('li');
      item.textContent = line;
      part('messages').append(item);
    },
    alert: (text) => window.alert(text),
    refreshToken: (sid) => sandbox.refresh(sid).catch(() => null),
    reloadData: refreshRecords,
    openApp: (options) => openOver({ placement: 'DEFAULT', options }),
    setTitle(title) {
      part('title').textContent = title;
      document.title = title;
    },
    scroll: (top) => window.scrollTo({ top: box.getBoundingClientRect().top + window.scrollY + Number(top) }),
    resize(width, height) {
      if (width === '100%') box.style.width = width;
      else if (width) box.style.width = `${parseInt(width, 10)}px`;
      if (height) box.style.height = `${parseInt(height, 10)}px`;
      return { width: box.offsetWidth, height: box.offsetHeight };
    },
    openPath(path) {
      const slider = openSlider(`The portal would show ${path}`);
      return slider.closed;
    },
    reload(changes) {
      const address = new URL(window.location.href);
      for (const [name, value] of Object.entries(changes)) address.searchParams.set(name, value);
      if (address.href === window.location.href) window.location.reload();
      else window.location.replace(address);
    },
  };
}

// ---- start

function complain(error) {
  part('trouble').textContent = error.message;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  rememberChoices();
  openChosen().catch(complain);
});
fields.placement.addEventListener('change', () => fillRecords());
part('refresh').addEventListener('click', refreshRecords);
part('fire-update').addEventListener('click', () => conversation.fire('onCrmEntityUpdate', { id: fields.record.value }));
wireSteering(refreshRecords);

await refreshRecords();
const address = new URLSearchParams(window.location.search);
fillChoices(address);
if (address.get('open') === '1') await openChosen().catch(complain);
document.body.dataset.state = 'ready';
