import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLedger } from '../../src/store/ledger.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-keep-scans-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
const home = join(folder, 'home');
mkdirSync(data);
writeFileSync(join(data, 'a.txt'), 'nothing to see\n');

/** Scans that ended, oldest first; `age` makes them all old. */
async function scans(age = false): Promise<number> {
  const ledger = await openLedger({ stateDir: home });
  try {
    if (age) await ledger.pool.query("UPDATE assay.scans SET finished_at = '2020-01-01T00:00:00.000Z'");
    const { rows } = await ledger.pool.query('SELECT count(*)::int AS count FROM assay.scans');
    return rows[0].count;
  } finally {
    await ledger.close();
  }
}

async function scan(...args: string[]): Promise<void> {
  const { code, stderr } = await runCli(['scan', data, ...args], { cwd: folder, env: { ASSAY_HOME: home } });
  assert.equal(code, 0, stderr);
}

test('scans older than --keep-scans-days are forgotten when a newer one of their targets is done', async () => {
  await scan();
  await scan();
  assert.equal(await scans(true), 2);
  await scan('--keep-scans-days', '0');
  assert.equal(await scans(), 3);
  await scan();
  assert.equal(await scans(), 2);
});
