import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openServer } from '../../src/cli/open-server.ts';
import type { Report } from '../../src/model/report.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { runCli } from './run-cli.ts';

const postgres = await optional(startPostgres);
const folder = mkdtempSync(join(tmpdir(), 'assay-server-'));
after(async () => {
  rmSync(folder, { recursive: true });
  await postgres.server?.stop();
});

serverTest(
  postgres,
  'a scan keeps its state on a database server, and nothing of it in the state directory',
  async (server) => {
    writeFileSync(join(folder, 'a.txt'), 'nothing\n');
    const env = {
      ASSAY_DATABASE_URL: await server.createDatabase(),
      ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64'),
      ASSAY_HOME: join(folder, 'home'),
    };
    const scan = () => runCli(['scan', join(folder, 'a.txt'), '-f', 'json'], { env });
    const first = await scan();
    assert.equal(first.code, 0, first.stderr + first.stdout);
    const second = JSON.parse((await scan()).stdout) as Report;
    assert.equal(second.coverage.objects.reused, 1);
    assert.deepEqual(readdirSync(folder), ['a.txt']);
  },
);

serverTest(postgres, 'a second scan on the same database is refused until the first has ended', async (server) => {
  const url = await server.createDatabase();
  const first = await openServer(url);
  await assert.rejects(openServer(url), { code: 'state-locked', message: /another scan/ });
  await first.close();
  const third = await openServer(url);
  await third.close();
});
