import { writeSync } from 'node:fs';
import { openEmbedded } from '../../src/store/embedded.ts';

// Run by a test that kills it: says each number on standard output once its row is committed.
const stateDir = process.argv[2];
if (stateDir === undefined) throw new Error('usage: commit-forever STATE_DIR');
const { pool } = await openEmbedded(stateDir);
await pool.query('CREATE TABLE public.acknowledged (n int PRIMARY KEY, filler text)');
for (let n = 1; ; n++) {
  await pool.query('INSERT INTO public.acknowledged VALUES ($1, $2)', [n, 'x'.repeat(n % 3000)]);
  writeSync(1, `${n}\n`);
}
