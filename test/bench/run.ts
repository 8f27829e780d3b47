/**
 * The figures of docs/speed.md: `formats`, `columns`, `issuers` (these three by default) and `peers`, which compares with
 * the other scanners that are installed. What was planted is counted before a time counts.
 *
 *   npm run bench -- --megabytes 200 --rounds 3 --formats jsonl,parquet
 *   npm run bench -- formats columns issuers peers --write docs/speed.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { columnsSection } from './columns.ts';
import { issuersSection } from './issuer-rows.ts';
import { circumstances, ROOT } from './measure.ts';
import { peersSection } from './peers.ts';
import { formatsOf, formatsSection } from './scan.ts';
import type { Section, Settings } from './settings.ts';

const SECTIONS: Record<string, (settings: Settings) => Promise<Section>> = {
  formats: formatsSection,
  columns: columnsSection,
  issuers: issuersSection,
  peers: peersSection,
};
const DEFAULT = ['formats', 'columns', 'issuers'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    formats: { type: 'string', default: '' },
    write: { type: 'string' },
    peers: { type: 'string' },
  },
});
const settings: Settings = {
  bytes: Number(values.megabytes) * 1_000_000,
  rounds: Number(values.rounds),
  formats: formatsOf(values.formats),
  peers: values.peers,
};
for (const name of positionals.length === 0 ? DEFAULT : positionals) {
  const make = SECTIONS[name];
  if (make === undefined) throw new Error(`there is no bench ${name}; there are ${Object.keys(SECTIONS).join(', ')}`);
  const where = circumstances();
  const { heading, body } = await make(settings);
  const text = `## ${heading}\n\n${where}\n\n${body}\n`;
  console.log(text);
  if (values.write !== undefined) writeSection(join(ROOT, values.write), heading, text);
}

/** Puts a section in the place of the one with its heading, else at the end. */
function writeSection(path: string, heading: string, text: string): void {
  const page = readFileSync(path, 'utf8');
  const parts = page.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(`## ${heading}\n`));
  if (at < 0) parts.push(`\n${text}`);
  else parts[at] = at === parts.length - 1 ? text : `${text}\n`;
  writeFileSync(path, parts.join(''));
}
