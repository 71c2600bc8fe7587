// The portal page: fills the choices from the address, opens the app in a frame, and keeps the records beside it fresh.
// The address is the page's whole state, so that a reload (which apps can ask for) opens the same thing again:
// /?placement=CRM_DEAL_DETAIL_TAB&id=7&params=…&operator=7&scopes=pay_system,crm&lang=en&plan=standard&app=/&mode=static
// &popup=1&install=1&open=1; what is left out is what the page offers first, and without `open` it waits for the button.

import { frameFor, load } from '/frame.js';
import { converse } from '/layout.js';
import { KINDS, PLACEMENTS, isLink, kindAt, optionsAt } from '/placements.js';
import { drawRecords } from '/records.js';
import * as sandbox from '/sandbox.js';
import { openSlider } from '/slider.js';
import { wireSteering } from '/steering.js';

const LANGUAGES = {
  en: 'English', ru: 'Russian', de: 'German', la: 'Spanish', fr: 'French', it: 'Italian', pl: 'Polish', br: 'Portuguese',
  vn: 'Vietnamese', tr: 'Turkish', kz: 'Kazakh', ua: 'Ukrainian', ar: 'Arabic', th: 'Thai', sc: 'Simplified Chinese',
  tc: 'Traditional Chinese', ja: 'Japanese', id: 'Indonesian', ms: 'Malay', in: 'Hindi',
};
const part = (id) => document.getElementById(id);
const form = part('opening');
const fields = form.elements;

const SCOPES = ['pay_system', 'crm', 'sale', 'placement'];

let desk = { deals: [], invoices: [], orders: [], operators: [], plans: [], plan: '' };
let conversation = null;

// ---- records

function recordsByKind() {
  return { deal: desk.deals, invoice: desk.invoices, order: desk.orders, lead: [{ id: 5 }], dynamic: [{ id: 3 }] };
}

async function refreshRecords() {
  try {
    desk = await sandbox.desk();
    part('trouble').textContent = '';
  } catch (error) {
    part('trouble').textContent = error.message;
  }
  drawRecords(part('records'), desk);
}

// ---- choices

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, text }) => new Option(text ?? value, value)));
  if (options.some(({ value }) => String(value) === chosen)) select.value = chosen;
}

function fillRecords(chosen) {
  const kind = kindAt(fields.placement.value);
  const records = kind ? recordsByKind()[kind] : [];
  const ids = records.map(({ id }) => String(id));
  // A test may stand at a record that the sandbox does not hold.
  if (kind && chosen && !ids.includes(chosen)) ids.push(chosen);
  fill(fields.record, ids.map((value) => ({ value, text: `${KINDS[kind].label} ${value}` })), chosen);
  fields.record.disabled = !kind;
  form.dataset.place = isLink(fields.placement.value) ? 'link' : 'record';
}

// An app with an installer appears where it was bound, and nowhere else; another one wherever it is to be seen.
const placements = () => (desk.places ? PLACEMENTS.filter((name) => name === 'DEFAULT' || name in desk.places) : PLACEMENTS);

function fillChoices(address) {
  fill(fields.placement, placements().map((value) => ({ value })), address.get('placement') ?? 'CRM_DEAL_DETAIL_TAB');
  fill(fields.operator, desk.operators.map(({ id, name }) => ({ value: id, text: name })), address.get('operator'));
  fill(fields.plan, desk.plans.map((value) => ({ value })), address.get('plan') ?? desk.plan);
  const scopes = (address.get('scopes') ?? SCOPES.join()).split(',');
  for (const box of form.querySelectorAll('[name=scope]')) box.checked = scopes.includes(box.value);
  fields.app.value = address.get('app') ?? '/';
  const languages = Object.entries(LANGUAGES).map(([value, text]) => ({ value, text: `${value}: ${text}` }));
  fill(fields.lang, languages, address.get('lang') ?? 'en');
  fields.params.value = address.get('params') ?? '';
  fields.static.checked = address.get('mode') === 'static';
  fields.popup.checked = address.get('popup') === '1';
  fields.install.checked = address.get('install') === '1' && address.get('install_finished') !== 'Y';
  fillRecords(address.get('id'));
}

const chosenScopes = () => [...form.querySelectorAll('[name=scope]:checked')].map((box) => box.value);

function rememberChoices() {
  const chosen = new URLSearchParams({
    placement: fields.placement.value, id: fields.record.value, params: fields.params.value, operator: fields.operator.value,
    scopes: chosenScopes().join(), lang: fields.lang.value, plan: fields.plan.value, app: fields.app.value,
    mode: fields.static.checked ? 'static' : '', popup: fields.popup.checked ? '1' : '',
    install: fields.install.checked ? '1' : '', open: '1',
  });
  for (const [name, value] of [...chosen]) if (value === '' && name !== 'scopes') chosen.delete(name);
  history.replaceState(null, '', `?${chosen}`);
}

// ---- the app

function openChosen() {
  const placement = fields.placement.value;
  const options = optionsAt(placement, fields.record.value, fields.params.value);
  return fields.popup.checked ? openOver({ placement, options }) : openHere({ placement, options });
}

const asked = (place) => sandbox.open({
  ...place, lang: fields.lang.value, operator: fields.operator.value, scopes: chosenScopes(), plan: fields.plan.value,
  app: fields.install.checked ? '/install.html' : (desk.places?.[place.placement] ?? fields.app.value), static: fields.static.checked, install: fields.install.checked,
});

async function openHere(place) {
  const opened = await asked(place);
  conversation?.end();
  part('messages').replaceChildren();
  part('app').dataset.state = 'open';
  conversation = show(opened, place, part('app'));
  part('fire-update').disabled = false;
}

// The slider's `closed` settles when the operator or the app closed it.
async function openOver(place) {
  const opened = await asked(place);
  const slider = openSlider('App in a slider');
  const inside = show(opened, place, slider.body, slider);
  slider.closed.then(() => inside.end());
  return slider;
}

function show(opened, { placement }, box, slider = null) {
  const frame = frameFor(opened);
  const started = converse(opened, { placement, frame, slider, page: pageFor(box) });
  box.removeAttribute('style');
  box.replaceChildren(frame);
  load(frame, opened);
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
    keepOption: sandbox.keepOption,
    finishInstallation: sandbox.finishInstallation,
    refreshToken: (sid) => sandbox.refresh(sid).catch(() => null),
    reloadData: refreshRecords,
    openApp: async (options) => (await openOver({ placement: 'DEFAULT', options })).closed,
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
    openPath: (path) => openSlider(`The portal would show ${path}`).closed,
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
