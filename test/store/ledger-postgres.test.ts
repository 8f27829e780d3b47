import assert from 'node:assert/strict';
import { after } from 'node:test';
import { type OpenLedger, openLedger } from '../../src/store/ledger.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { LEDGER_CONTRACT } from './ledger-contract.ts';
import { startPostgres } from './postgres-server.ts';
import { cleanScan, listedScan } from './samples.ts';

const postgres = await optional(startPostgres);
let ledger: OpenLedger | null = null;
after(async () => {
  await ledger?.close();
  await postgres.server?.stop();
});

for (const { title, run } of LEDGER_CONTRACT) {
  serverTest(postgres, title, async (server) => {
    ledger ??= await openLedger({ databaseUrl: await server.createDatabase() });
    await run(ledger);
  });
}

serverTest(postgres, 'processes that open a new database at once all find its schema', async (server) => {
  const databaseUrl = await server.createDatabase();
  const ledgers = await Promise.all([1, 2, 3, 4].map(() => openLedger({ databaseUrl })));
  const [first, second] = ledgers;
  assert.ok(first && second);
  const { scan, shardId } = await listedScan(first, ['a', 'b']);
  await first.saveObjects(shardId, [{ index: 0, scan: cleanScan('a'), reused: false }]);
  await second.saveObjects(shardId, [{ index: 1, scan: cleanScan('b'), reused: false }]);
  await first.saveObjects(shardId, [{ index: 0, scan: cleanScan('a'), reused: true }]);
  assert.deepEqual((await second.counters(scan.id)).done.objects, 2);
  await Promise.all(ledgers.map((one) => one.close()));
});

serverTest(
  postgres,
  'a schema of a newer version is refused, and so is a server that does not answer',
  async (server) => {
    const databaseUrl = await server.createDatabase();
    const newer = await openLedger({ databaseUrl });
    await newer.pool.query('INSERT INTO assay.migrations VALUES (999, now())');
    await newer.close();
    await assert.rejects(openLedger({ databaseUrl }), { code: 'state-unusable', message: /version 999/ });
    const secret = 'postgres://user:changeme@127.0.0.1:1/db';
    await assert.rejects(openLedger({ databaseUrl: secret }), (error: Error) => {
      assert.match(error.message, /postgres:\/\/127\.0\.0\.1:1\/db/);
      return !error.message.includes('changeme');
    });
  },
);
