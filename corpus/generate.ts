import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CorpusSet } from './corpus-set.ts';
import { chat } from './sets/chat.ts';
import { clean } from './sets/clean.ts';
import { code } from './sets/code.ts';
import { compressed } from './sets/compressed.ts';
import { customers } from './sets/customers.ts';
import { tables } from './sets/tables.ts';
import { web } from './sets/web.ts';

export const SETS: Record<string, () => CorpusSet> = { chat, clean, code, compressed, customers, tables, web };

/** Lines of `truth.jsonl`: one a planted value, in the order of objects and places. */
export function truthLines(set: CorpusSet): string {
  return set.truth.map((truth) => `${JSON.stringify(truth)}\n`).join('');
}

/** Writes the objects of every set under `root`; what is there already and right is left alone. */
export function writeObjects(root: string): void {
  for (const make of Object.values(SETS)) {
    const set = make();
    for (const [name, bytes] of set.objects) {
      const file = join(root, set.name, 'objects', name);
      if (existsSync(file) && readFileSync(file).equals(bytes)) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}

/** `node corpus/generate.ts` makes the objects; `--truth` also writes down anew what is in them. */
if (import.meta.main) {
  const root = dirname(fileURLToPath(import.meta.url));
  writeObjects(root);
  if (process.argv.includes('--truth')) {
    for (const [name, make] of Object.entries(SETS)) writeFileSync(join(root, name, 'truth.jsonl'), truthLines(make()));
  }
}
