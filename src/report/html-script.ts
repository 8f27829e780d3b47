/**
 * The page's only script: search, filters, order and pages of the two tables. It reads the embedded JSON, writes text
 * and never markup (the policy of the page makes the browser refuse that), and asks for nothing.
 */
export const HTML_SCRIPT = String.raw`'use strict';
(() => {
  const PAGE = 50;
  const PRINTED = 2000;
  const data = JSON.parse(document.getElementById('data').textContent);
  const el = (tag, className, ...children) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };
  const number = (n) => n.toLocaleString('en-US');
  const bdi = (text) => el('bdi', '', text);
  const placeOf = ([name, where]) => {
    const parts = [bdi(data.names[name])];
    if (where) parts.push(' ', el('small', '', where));
    return parts;
  };

  const rank = new Map(data.severities.map((name, at) => [name, data.severities.length - at]));
  const findings = {
    rows: data.findings,
    text: (row) => [row.name, row.detector, row.masked, row.fingerprint, row.category, row.severity, row.status]
      .concat(row.places.flatMap(([name, where]) => [data.names[name], where])).join('\n').toLowerCase(),
    sort: {
      severity: (row) => rank.get(row.severity),
      name: (row) => row.name,
      masked: (row) => row.masked,
      count: (row) => -row.count,
      where: (row) => (row.places.length ? data.names[row.places[0][0]] : ''),
      status: (row) => row.status,
    },
    filter: {
      severity: (row) => [row.severity],
      status: (row) => [row.status],
      category: (row) => [row.category],
      bucket: (row) => row.buckets.map((at) => data.buckets[at]),
    },
    cells: (row) => {
      const details = el('details', '', el('summary', '', 'details'));
      if (row.places.length > 1 || row.morePlaces) {
        const list = el('ul', '', ...row.places.slice(1).map((place) => el('li', '', ...placeOf(place))));
        if (row.morePlaces) list.append(el('li', '', 'and ' + number(row.morePlaces) + ' more in the JSON report'));
        details.append(list);
      }
      const fix = data.fixes[row.detector];
      if (fix) details.append(el('p', '', fix));
      details.append(el('p', '', el('code', '', row.fingerprint)));
      const doubt = row.confidence === 'confirmed' ? '' : ' · ' + row.confidence;
      return [
        [el('span', 'pill s-' + row.severity, row.severity)],
        [row.name, el('br'), el('small', '', row.category + doubt)],
        [el('code', '', bdi(row.masked))],
        [row.times],
        [...(row.places.length ? placeOf(row.places[0]) : []), details],
        [el('span', 't-' + row.status, row.status)],
      ];
    },
  };
  const objects = {
    rows: data.objects,
    text: (row) => [row.name, row.format, row.outcome, row.level, row.notes].join('\n').toLowerCase(),
    sort: {
      name: (row) => row.name,
      bytes: (row) => -row.bytes,
      format: (row) => row.format,
      outcome: (row) => row.outcome,
      findings: (row) => -row.findings,
      level: (row) => row.level,
      notes: (row) => row.notes,
    },
    filter: { outcome: (row) => [row.outcome], level: (row) => [row.level] },
    cells: (row) =>
      [[bdi(row.name)], [row.size], [row.format], [row.outcome], [number(row.findings)], [row.level], [row.notes]],
  };

  function attach(root, model) {
    const body = root.querySelector('tbody');
    const heads = [...root.querySelectorAll('th[data-key]')];
    const isNumber = heads.map((head) => head.classList.contains('num'));
    const search = root.querySelector('input[type=search]');
    const selects = [...root.querySelectorAll('select[data-filter]')];
    const status = root.querySelector('[role=status]');
    const pager = root.querySelector('.pager');
    const noun = status.dataset.noun;
    const haystacks = [];
    let order = { key: null, down: false };
    let matching = model.rows;
    let first = 0;

    function render(from, count) {
      const rows = matching.slice(from, from + count).map((row) =>
        el('tr', '', ...model.cells(row).map((cell, at) => el('td', isNumber[at] ? 'num' : '', ...cell))));
      body.replaceChildren(...rows);
    }
    function show() {
      first = Math.max(0, Math.min(first, Math.floor(Math.max(0, matching.length - 1) / PAGE) * PAGE));
      render(first, PAGE);
      const last = Math.min(first + PAGE, matching.length);
      const range = matching.length > PAGE ? number(first + 1) + ' to ' + number(last) + ' of ' : '';
      const of = matching.length < model.rows.length ? ' (of ' + number(model.rows.length) + ')' : '';
      status.textContent = matching.length === 0 ? 'nothing matches' + of : range + number(matching.length) + ' ' + (matching.length === 1 ? noun.slice(0, -1) : noun) + of;
      pager.hidden = matching.length <= PAGE;
      const isFirst = first === 0;
      const isLast = last >= matching.length;
      [isFirst, isFirst, isLast, isLast].forEach((off, at) => { pager.children[at].disabled = off; });
    }
    function select() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = selects.filter((one) => one.value !== '');
      matching = model.rows.filter((row, at) => {
        if (!wanted.every((one) => model.filter[one.dataset.filter](row).includes(one.value))) return false;
        if (words.length === 0) return true;
        haystacks[at] ??= model.text(row);
        return words.every((word) => haystacks[at].includes(word));
      });
      if (order.key !== null) {
        const by = new Map(matching.map((row) => [row, model.sort[order.key](row)]));
        const sign = order.down ? -1 : 1;
        matching.sort((a, b) => { const x = by.get(a), y = by.get(b); return x < y ? -sign : x > y ? sign : 0; });
      }
      first = 0;
      show();
    }
    function sortBy(head) {
      const key = head.dataset.key;
      order = { key, down: order.key === key && !order.down };
      for (const one of heads) one.removeAttribute('aria-sort');
      const isUp = order.down === isNumber[heads.indexOf(head)];
      head.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
      select();
    }

    for (const head of heads) {
      const button = el('button', '', head.textContent);
      button.type = 'button';
      button.addEventListener('click', () => sortBy(head));
      head.replaceChildren(button);
    }
    for (const one of selects) {
      const counts = new Map();
      for (const row of model.rows)
        for (const value of model.filter[one.dataset.filter](row)) counts.set(value, (counts.get(value) ?? 0) + 1);
      const byRank = (a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || (a < b ? -1 : 1);
      for (const value of [...counts.keys()].sort(byRank)) {
        const option = el('option', '', value + ' (' + number(counts.get(value)) + ')');
        option.value = value;
        one.append(option);
      }
      one.addEventListener('change', select);
    }
    let timer = 0;
    search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(select, 80);
    });
    root.querySelector('.clear').addEventListener('click', () => {
      search.value = '';
      for (const one of selects) one.value = '';
      select();
    });
    const pages = [['First', () => 0], ['Previous', () => first - PAGE], ['Next', () => first + PAGE], ['Last', () => matching.length]];
    for (const [label, to] of pages) {
      const button = el('button', '', label);
      button.type = 'button';
      button.addEventListener('click', () => {
        first = to();
        show();
      });
      pager.append(button);
    }
    addEventListener('beforeprint', () => {
      render(0, PRINTED);
      if (matching.length > PRINTED) status.textContent = 'The first ' + number(PRINTED) + ' of ' + number(matching.length) + ' ' + noun + ' are printed; the page itself and the other formats have all.';
    });
    addEventListener('afterprint', show);
    root.querySelector('.tools').hidden = false;
    root.querySelector('.static')?.remove();
    show();
    return { search, select };
  }

  const tables = [['findings-table', findings], ['objects-table', objects]].map(([id, model]) => {
    const root = document.getElementById(id);
    return root && attach(root, model);
  });
  const [table] = tables;
  if (!table) return;
  for (const kind of document.querySelectorAll('[data-kind]')) {
    const button = el('button', 'link', bdi(kind.dataset.kind));
    button.type = 'button';
    button.title = 'Show these findings';
    button.addEventListener('click', () => {
      table.search.value = kind.dataset.kind;
      table.select();
      table.search.focus();
      table.search.scrollIntoView({ block: 'center' });
    });
    kind.replaceChildren(button);
  }
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.matches('input, select, textarea')) return;
    event.preventDefault();
    table.search.focus();
  });
})();
`;
