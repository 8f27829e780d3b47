/**
 * Speed of the lister: keys a second from pages of 1,000 into shards of the ledger, bytes of ledger a listed object, and
 * memory. The listing is a fake in this process that makes up its pages (no store, no network), so that what is measured
 * is Assay: filter, cut, pack, commit, hand to the queue. The keys in the ledger are counted before anything is printed.
 *
 *   taskset -c 0 node test/bench/listing.ts --keys 1000000 [--ledger postgres]
 *
 * `--ledger postgres` starts a PostgreSQL server of its own, on the same core when this process is pinned to one. The queue is in
 * the same database.
 */
import '../../workers/process-settings.ts';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NO_BUDGET } from '../../src/model/budget.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { BucketRef, ObjectRef, Target } from '../../src/model/object.ts';
import type { ScanConfig } from '../../src/model/scan-config.ts';
import type { ListingPage, Provider } from '../../src/providers/provider.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { listTarget } from '../../workers/list-target.ts';
import { describeScan } from '../../workers/open-scan.ts';
import { openState } from '../../workers/open-state.ts';
import { ProgressMeter } from '../../workers/progress-meter.ts';
import { openQueue } from '../../workers/queue.ts';
import type { ScanContext } from '../../workers/scan-context.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { budgetMeter } from '../workers/sample.ts';

const PAGE_KEYS = 1000;
const { values } = parseArgs({
  options: { keys: { type: 'string', default: '500000' }, ledger: { type: 'string', default: 'embedded' } },
});
const keys = Number(values.keys);
const bucket: BucketRef = { provider: 'aws-s3', uri: `s3://bench-${process.pid}`, name: 'bench' };
const target: Target = { text: bucket.uri, bucket, prefix: '' };

/** As S3 gives them: sorted keys of a partitioned dataset, an MD5 as ETag, sizes of 1 to 400 kB. */
function page(from: number): ObjectRef[] {
  return Array.from({ length: Math.min(PAGE_KEYS, keys - from) }, (_unused, at) => {
    const n = from + at;
    const version = createHash('md5').update(String(n)).digest('hex');
    const day = String(1 + Math.floor(n / 20_000)).padStart(5, '0');
    return {
      bucket,
      key: `datasets/chat/day=${day}/part-${String(n).padStart(9, '0')}-${version.slice(0, 8)}.jsonl.zst`,
      version,
      byteLength: 1000 + (Number.parseInt(version.slice(0, 6), 16) % 400_000),
      lastModified: new Date(1.7e12 + n * 137).toISOString(),
    };
  });
}

/** Pages, and the time it took to make them up, which is not what is measured. */
const fake = {
  makingMs: 0,
  *pages(): Generator<ListingPage> {
    for (let from = 0; from < keys; from += PAGE_KEYS) {
      const started = performance.now();
      const objects = page(from);
      this.makingMs += performance.now() - started;
      const next = from + PAGE_KEYS;
      yield { objects, cursor: next < keys ? `after:${next}` : null };
    }
  },
};

const config: ScanConfig = {
  version: 'bench',
  threads: 1,
  limits: DEFAULT_LIMITS,
  maxLocations: 100,
  budget: NO_BUDGET,
  include: ['*.zst'],
  exclude: ['*.png'],
  resume: 'never',
  rescan: false,
  hash: false,
  fingerprintKey: Buffer.alloc(32),
  fingerprintKeyId: 'bench',
  providerOptions: {},
};

const folder = mkdtempSync(join(tmpdir(), 'assay-listing-'));
const server = values.ledger === 'postgres' ? await startPostgres() : null;
const ledger =
  server === null ? await openState(folder) : await openLedger({ databaseUrl: await server.createDatabase() });
const queue = await openQueue(ledger);
try {
  const before = await ledgerBytes();
  const scan = describeScan([target], config, 'sha256:bench');
  await ledger.createScan(scan);
  const provider: Pick<Provider, 'listObjects'> = {
    async *listObjects() {
      yield* fake.pages();
    },
  };
  const context = {
    scan,
    targets: [target],
    config,
    ledger,
    provider: async () => provider,
    emit() {},
    meter: new ProgressMeter(() => {}),
    budget: budgetMeter(),
  } as unknown as ScanContext;
  let shards = 0;
  const addShards = async (shardIds: string[]): Promise<void> => {
    shards += shardIds.length;
    await queue.add(
      'shard',
      shardIds.map((shardId) => ({ v: 1, scanId: scan.id, shardId })),
    );
  };
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const rssBefore = process.memoryUsage.rss();
  const started = performance.now();
  const error = await listTarget(context, 0, addShards, new AbortController().signal);
  const seconds = (performance.now() - started - fake.makingMs) / 1000;
  clearInterval(watch);
  assert.equal(error, null);
  const { listed, listingComplete } = await ledger.counters(scan.id);
  assert.deepEqual([listed.objects, listingComplete], [keys, true]);
  const bytes = (await ledgerBytes()) - before;
  console.log(`ledger: ${server === null ? 'embedded' : 'PostgreSQL server'}`);
  console.log(`keys: ${keys} in ${shards} shards`);
  console.log(`keys a second: ${Math.round(keys / seconds)} (${seconds.toFixed(1)} s)`);
  console.log(`ledger bytes a listed object: ${(bytes / keys).toFixed(1)}`);
  console.log(`memory: ${(peak / 1e6).toFixed(0)} MB at its highest, ${(rssBefore / 1e6).toFixed(0)} MB before`);
} finally {
  await queue.close();
  await ledger.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function ledgerBytes(): Promise<number> {
  const { rows } = await ledger.pool.query(
    "SELECT sum(pg_total_relation_size(format('assay.%I', tablename)))::float8 AS bytes FROM pg_tables WHERE schemaname = 'assay'",
  );
  return rows[0].bytes;
}
