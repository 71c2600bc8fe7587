// Shows what the portal holds: each record with its payments, as text and never as markup.
// It only draws; where the records come from and when is its caller's business.

// More rows than these are folded away.
const FEW = 20;

const COLUMNS = ['Payment', 'Number', 'Pay system', 'Sum', 'State', 'Pay calls'];

export function drawRecords(place, { deals, invoices, orders }) {
  const shown = new Set([...deals, ...invoices].flatMap(({ payments }) => payments.map(({ id }) => id)));
  const isShown = ({ payments }) => payments.length > 0 && payments.every(({ id }) => shown.has(id));
  const alone = orders.filter((order) => !isShown(order));
  place.replaceChildren(...[...deals, ...invoices, ...alone].map(section), ordersOf(orders.filter(isShown)));
}

// Orders whose payments already stand with a deal or an invoice are folded away, and only named where they are many.
function ordersOf(orders) {
  const inside = orders.length <= FEW ? orders.map(section) : [element('p', orders.map(({ id }) => id).join(', '))];
  return wrap('details', element('summary', `Orders behind them: ${orders.length}`), ...inside);
}

function section(record) {
  const heading = element('h3', `${record.title}${record.canceled ? ', cancelled' : ''}`);
  const table = tableOf(record.payments, record.title);
  if (record.payments.length <= FEW) return wrap('section', heading, table);
  const unpaid = record.payments.filter((payment) => payment.paid !== 'Y').length;
  const summary = element('summary', `${record.payments.length} payments, ${unpaid} unpaid`);
  return wrap('section', heading, wrap('details', summary, table));
}

function tableOf(payments, title) {
  if (payments.length === 0) return element('p', 'No payments.');
  const head = document.createElement('tr');
  for (const column of COLUMNS) {
    const cell = element('th', column);
    cell.scope = 'col';
    head.append(cell);
  }
  const table = wrap('table', wrap('thead', head), wrap('tbody', ...payments.map(row)));
  const scroller = wrap('div', table);
  scroller.className = 'wide';
  scroller.tabIndex = 0;
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', `Payments: ${title}`);
  return scroller;
}

function row(payment) {
  const cells = [
    payment.id, payment.accountNumber, payment.paySystemName || payment.paySystemId,
    `${payment.sum} ${payment.currency}`, stateOf(payment), payment.payCalls,
  ];
  const line = wrap('tr', ...cells.map((text) => element('td', text)));
  line.dataset.payment = payment.id;
  line.dataset.paid = payment.paid;
  return line;
}

function stateOf(payment) {
  if (payment.paid === 'Y') return `paid ${payment.datePaid || ''}`.trim();
  return payment.isReturn && payment.isReturn !== 'N' ? 'returned' : 'unpaid';
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text === undefined || text === null ? '' : String(text);
  return made;
}

function wrap(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
