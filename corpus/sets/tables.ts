import { zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { CorpusSet, type Item } from '../corpus-set.ts';
import { PEOPLE, phrase, SECRETS } from '../kinds.ts';
import { paragraph, sentence } from '../prose.ts';

const ROWS = 200;
const GROUP_ROWS = ROWS / 2;
/** Every form of page the writer has, with every codec. */
const FILES: [name: string, codec: 'UNCOMPRESSED' | 'SNAPPY' | 'ZSTD', encoding: 'PLAIN' | 'RLE_DICTIONARY'][] = [
  ['plain-none.parquet', 'UNCOMPRESSED', 'PLAIN'],
  ['plain-zstd.parquet', 'ZSTD', 'PLAIN'],
  ['dictionary-snappy.parquet', 'SNAPPY', 'RLE_DICTIONARY'],
  ['dictionary-zstd.parquet', 'ZSTD', 'RLE_DICTIONARY'],
];

/** Parquet: each text stands in many rows of the dictionary files, and in one row of the plain ones. */
export function tables(): CorpusSet {
  const set = new CorpusSet('tables');
  for (const [name, codec, encoding] of FILES) {
    const columns = encoding === 'PLAIN' ? plainColumns(set, name) : repeatedColumns(set, name);
    const buffer = parquetWriteBuffer({
      columnData: columns.map((column) => ({ ...column, type: 'STRING' as const, encoding })),
      codec,
      compressors: { ZSTD: (page: Uint8Array) => zstdCompressSync(page) },
      rowGroupSize: GROUP_ROWS,
    });
    set.write(name, new Uint8Array(buffer));
  }
  return set;
}

interface Column {
  name: string;
  data: string[];
}

function plainColumns(set: CorpusSet, object: string): Column[] {
  const { random } = set;
  const text: string[] = [];
  const email: string[] = [];
  for (let row = 0; row < ROWS; row++) {
    const person = set.make(PEOPLE.email);
    set.plant(object, person, { row, column: 'email' });
    email.push(person.value);
    if (row % 40 !== 33) {
      text.push(paragraph(random, 3));
      continue;
    }
    const item = set.make(row % 80 === 33 ? SECRETS.openai : SECRETS.awsId);
    set.plant(object, item, { row, column: 'text' });
    text.push(`${sentence(random)}\n${phrase(item.kind, item.value)}\n${sentence(random)}`);
  }
  return [
    { name: 'id', data: text.map((_, row) => `doc-${row}`) },
    { name: 'email', data: email },
    { name: 'text', data: text },
  ];
}

function repeatedColumns(set: CorpusSet, object: string): Column[] {
  const { random } = set;
  const token: Item = set.make(SECRETS.github);
  const texts = Array.from({ length: 9 }, () => paragraph(random, 3));
  const data: string[] = [];
  const rows: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    if (row % 25 !== 21) {
      data.push(texts[row % texts.length] as string);
      continue;
    }
    data.push(`cloned with ${token.value} again`);
    rows.push(row);
  }
  // A dictionary holds a text once for all rows of its group: the first of them is where it is shown.
  for (const group of [rows.filter((row) => row < GROUP_ROWS), rows.filter((row) => row >= GROUP_ROWS)]) {
    set.plant(object, token, { row: group[0] as number, column: 'text', repeats: group.length });
  }
  return [
    { name: 'lang', data: data.map((_, row) => (row % 3 === 0 ? 'de' : 'en')) },
    { name: 'text', data },
  ];
}
