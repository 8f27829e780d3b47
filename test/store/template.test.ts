import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { DEFAULT_SCHEMA, LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { TemplateStep } from '../../src/store/template.ts';
import { temporaryDir } from './state-dir.ts';

const templates = temporaryDir();
const [first, second] = [temporaryDir(), temporaryDir()];
after(() => Promise.all([templates, first, second].map((dir) => dir.remove())));

test('a template is made once, whole, and every fresh database comes with the tables of its step', async (t) => {
  process.env.ASSAY_TEMPLATE_DIR = templates.path;
  let applied = 0;
  const step: TemplateStep = {
    id: 'queue',
    apply(client) {
      applied += 1;
      return runMigrations(client as never);
    },
  };
  for (const { path } of [first, second]) {
    const begin = performance.now();
    const embedded = await openEmbedded(path, step);
    t.diagnostic(`opened in ${Math.round(performance.now() - begin)} ms`);
    const { rows } = await embedded.pool.query(
      `SELECT to_regclass('assay.scans') IS NOT NULL AS ledger, (SELECT max(version) FROM ${DEFAULT_SCHEMA}.migration) AS queue`,
    );
    await embedded.close();
    assert.deepEqual(rows, [{ ledger: true, queue: LATEST_SCHEMA_VERSION }]);
  }
  assert.equal(applied, 1);
  const [name, ...others] = readdirSync(templates.path);
  assert.match(name ?? '', /^pglite-template-[\d.]+-[0-9a-f]{8}-queue$/);
  assert.deepEqual(others, []);
});
