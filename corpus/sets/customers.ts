import { CorpusSet, type Item } from '../corpus-set.ts';
import { type Kind, PEOPLE, SECRETS } from '../kinds.ts';
import { paragraph, sentence } from '../prose.ts';

const ROWS = 60;
const COLUMNS: [name: string, kind: Kind | null][] = [
  ['customer_id', null],
  ['email', PEOPLE.email],
  ['phone', PEOPLE.phone],
  ['ssn', PEOPLE.ssn],
  ['iban', PEOPLE.iban],
  ['card_number', PEOPLE.card],
  ['client_ip', PEOPLE.ip],
  ['notes', null],
];

/** Exports of a shop: one with a header, quoted line breaks and doubled quotes, one separated by tabs. */
export function customers(): CorpusSet {
  const set = new CorpusSet('customers');
  const { random } = set;
  const rows: string[][] = [];
  for (let row = 0; row < ROWS; row++) {
    rows.push(
      COLUMNS.map(([column, kind]) => {
        if (kind !== null) {
          const item = set.make(kind);
          set.plant('customers.csv', item, { row, column });
          return item.value;
        }
        if (column === 'customer_id') return String(10_000 + row);
        if (row % 20 !== 7) return row % 3 === 0 ? `Said "${sentence(random)}"\nand left.` : paragraph(random, 2);
        const item: Item = set.make(SECRETS.stripe);
        set.plant('customers.csv', item, { row, column });
        return `first line, then\n${item.value}\nand more`;
      }),
    );
  }
  const quote = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const header = COLUMNS.map(([name]) => name).join(',');
  set.write('customers.csv', `${[header, ...rows.map((row) => row.map(quote).join(','))].join('\r\n')}\r\n`);

  const patients = ['record\tnhs_number\tpesel\tcpf\taadhaar\tvisit'];
  for (let row = 0; row < ROWS; row++) {
    const cells = (['nhs', 'pesel', 'cpf', 'aadhaar'] as const).map((name) => {
      const item = set.make(PEOPLE[name]);
      set.plant('patients.tsv', item, { row, column: name === 'nhs' ? 'nhs_number' : name });
      return item.value;
    });
    patients.push([`r${row}`, ...cells, `2031-0${1 + (row % 9)}-1${row % 9}`].join('\t'));
  }
  set.write('patients.tsv', `${patients.join('\n')}\n`);
  return set;
}
