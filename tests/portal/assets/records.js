// Shows what the portal holds: each record with its payments, as text and never as markup.
// It only draws; where the records come from and when is its caller's business.

const COLUMNS = ['Payment', 'Number', 'Pay system', 'Sum', 'State', 'Pay calls'];

export function drawRecords(place, kinds) {
  place.replaceChildren(...kinds.flatMap(({ label, records }) => records.map((record) => section(label, record))));
}

function section(label, record) {
  const heading = element('h3', `${label} ${record.id}${record.title ? `: ${record.title}` : ''}`);
  const unpaid = record.payments.filter((payment) => payment.paid !== 'Y').length;
  const many = record.payments.length > 20;
  const table = tableOf(record.payments);
  if (!many) return wrap('section', heading, table);
  const details = wrap('details', element('summary', `${record.payments.length} payments, ${unpaid} unpaid`), table);
  return wrap('section', heading, details);
}

function tableOf(payments) {
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
