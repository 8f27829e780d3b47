import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../detectors/detector.ts';
import { createRandom } from '../../detectors/sample.ts';
import { isLuhnValid } from '../../detectors/validators/luhn.ts';
import { TextColumns } from './parquet-file.ts';

/** Tables with a column that is nothing but one kind of value. */
export const TABLES = ['email', 'card', 'number'] as const;
export type Table = (typeof TABLES)[number];

/** Entity that a scan has to report for each row; null: none. */
export const ENTITIES: Record<Table, string | null> = { email: 'EMAIL', card: 'CREDIT_CARD', number: null };

export interface TableFile {
  path: string;
  rows: number;
  /** CSV: of the file; Parquet: of the text in it. */
  decodedBytes: number;
}

const BATCH_ROWS = 20_000;

const VALUES: Record<Table, (random: Random) => string> = {
  email: (random) =>
    `${random.chars('lower', 4 + random.int(5))}.${random.chars('lower', 3 + random.int(6))}${random.int(100)}@${random.chars('lower', 5 + random.int(5))}.com`,
  card: (random) => {
    const body = `4${random.chars('digit', 14)}`;
    return `${body}${[...'0123456789'].find((digit) => isLuhnValid(body + digit))}`;
  },
  number: (random) => `${1 + random.int(9)}${random.chars('digit', 6 + random.int(6))}`,
};

/** Made once for each size, in the temporary directory. */
export async function tableFile(table: Table, format: 'csv' | 'parquet', bytes: number): Promise<TableFile> {
  const folder = join(tmpdir(), `assay-bench-${bytes}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${table}.${format}`);
  const facts = `${path}.rows.json`;
  if (!existsSync(facts)) {
    const partial = `${path}.part`;
    const made = await (format === 'csv' ? writeCsv : writeParquet)(partial, table, bytes);
    renameSync(partial, path);
    writeFileSync(facts, JSON.stringify(made));
  }
  return { path, ...JSON.parse(readFileSync(facts, 'utf8')) };
}

function* batches(table: Table, bytes: number): Generator<string[]> {
  const random = createRandom(`table ${table}`);
  for (let written = 0; written < bytes; ) {
    const values = Array.from({ length: BATCH_ROWS }, () => VALUES[table](random));
    written += values.reduce((sum, value) => sum + value.length + 1, 0);
    yield values;
  }
}

async function writeCsv(path: string, table: Table, bytes: number): Promise<Omit<TableFile, 'path'>> {
  const file = openSync(path, 'w');
  let decodedBytes = writeSync(file, `${table}\n`);
  let rows = 0;
  for (const values of batches(table, bytes)) {
    decodedBytes += writeSync(file, `${values.join('\n')}\n`);
    rows += values.length;
  }
  closeSync(file);
  return { rows, decodedBytes };
}

async function writeParquet(path: string, table: Table, bytes: number): Promise<Omit<TableFile, 'path'>> {
  const file = new TextColumns(path, [table]);
  let decodedBytes = 0;
  let rows = 0;
  for (const values of batches(table, bytes)) {
    await file.write([values]);
    decodedBytes += values.reduce((sum, value) => sum + value.length, 0);
    rows += values.length;
  }
  await file.finish();
  return { rows, decodedBytes };
}
