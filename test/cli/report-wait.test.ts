import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { loadFingerprintKey } from '../../src/config/fingerprint-key.ts';
import type { Report } from '../../src/model/report.ts';
import { type OpenLedger, openLedger } from '../../src/store/ledger.ts';
import { until } from '../servers/in-time.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startTcpProxy } from '../servers/tcp-proxy.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { sampleBucket, sampleScan } from '../store/samples.ts';
import { type CliResult, runCli } from './run-cli.ts';

const home = mkdtempSync(join(tmpdir(), 'assay-wait-'));
const key = Buffer.alloc(32, 5).toString('base64');
const postgres = await optional(startPostgres);
after(async () => {
  await postgres.server?.stop();
  rmSync(home, { recursive: true, force: true });
});

serverTest(
  postgres,
  '--wait answers when the scan has ended, and exits as it did; others may use the same ledger',
  async (server) => {
    const databaseUrl = await server.createDatabase();
    const ledger = await openLedger({ databaseUrl });
    try {
      for (const [state, exitCode] of [
        ['done', 0],
        ['failed', 4],
        ['cancelled', 4],
      ] as const) {
        const { scanId, ended } = await waitingReport(ledger, databaseUrl, state);
        await ledger.finishScan(scanId, state, new Date().toISOString());
        const { code, stdout, stderr } = await ended;
        assert.equal(code, exitCode, stderr);
        assert.equal((JSON.parse(stdout) as Report).scan.state, state);
      }
    } finally {
      await ledger.close();
    }
  },
);

serverTest(postgres, '--wait outlives a database server that is away for a while', async (server) => {
  const databaseUrl = await server.createDatabase();
  const ledger = await openLedger({ databaseUrl });
  const shaky = new URL(databaseUrl);
  const proxy = await startTcpProxy(Number(shaky.port));
  shaky.port = String(proxy.port);
  try {
    const { scanId, ended } = await waitingReport(ledger, shaky.href, 'patient');
    await proxy.refuse();
    proxy.resume();
    await ledger.finishScan(scanId, 'done', new Date().toISOString());
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as Report).scan.state, 'done');
  } finally {
    await proxy.stop();
    await ledger.close();
  }
});

/** `report --wait` of a new scan, when it has begun to look; its sessions have this name. */
async function waitingReport(
  ledger: OpenLedger,
  databaseUrl: string,
  session: string,
): Promise<{ scanId: string; ended: Promise<CliResult> }> {
  const { keyId } = loadFingerprintKey({ fingerprintKey: { base64: key }, databaseUrl, home });
  const scan = sampleScan([sampleBucket()], { fingerprintKeyId: keyId });
  const scanId = scan.id;
  await ledger.createScan(scan);
  await ledger.saveListing(scanId, 0, { shards: [], cursor: null, complete: true });
  const env = {
    ASSAY_HOME: home,
    ASSAY_DATABASE_URL: `${databaseUrl}?application_name=${session}`,
    ASSAY_FINGERPRINT_KEY: key,
  };
  let hasEnded = false;
  const ended = runCli(['report', scanId, '--wait', '--allow-empty', '--quiet', '-f', 'json'], { env }).finally(() => {
    hasEnded = true;
  });
  await until('report --wait to look', async () => hasEnded || isLooking(ledger, session));
  assert.equal(hasEnded, false, 'it waits');
  return { scanId, ended };
}

/** Whether a session of this name has asked for a scan with its targets. */
async function isLooking({ pool }: OpenLedger, name: string): Promise<boolean> {
  const { rows } = await pool.query(
    "SELECT FROM pg_stat_activity WHERE application_name = $1 AND query LIKE '%assay%targets%'",
    [name],
  );
  return rows.length > 0;
}
