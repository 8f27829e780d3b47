import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../detectors/sample.ts';
import type { BucketRef, ObjectRef } from '../../src/model/object.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { listTarget } from '../../workers/list-target.ts';
import { describeScan } from '../../workers/open-scan.ts';
import { ProgressMeter } from '../../workers/progress-meter.ts';
import type { ScanContext } from '../../workers/scan-context.ts';
import { newBucket, put, remove } from '../providers/s3-harness.ts';
import { inTime } from '../servers/in-time.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw, type Versitygw } from '../servers/versitygw.ts';
import { budgetMeter, scanConfig } from '../workers/sample.ts';

const CHILD = fileURLToPath(new URL('./fixtures/list-child.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'assay-listing-'));
const children: ChildProcess[] = [];
const gateway = await optional(startVersitygw);
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await gateway.server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const KEYS = 6000;
const KILLS = 8;
/** Pages enough for what is committed before a kill arrives. */
const PAGE_KEYS = 20;

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 32 }, lane));
}

/** Lists until `pages` more are committed, then kills the lister; to the end when `pages` is endless. */
async function listUntil(
  server: Versitygw,
  bucket: BucketRef,
  stateDir: string,
  pages: number,
): Promise<string | null> {
  const { endpoint, region, root: credentials } = server;
  const options = JSON.stringify({ endpoint, region, credentials, pageSize: PAGE_KEYS });
  const child = spawn(process.execPath, [CHILD, stateDir, bucket.name, options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let seen = 0;
  let end: string | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('end ')) end = line;
    seen += 1;
    if (seen >= pages) child.kill('SIGKILL');
  });
  await inTime('the listing process to end', once(child, 'close'));
  return end;
}

serverTest(
  gateway,
  'a lister killed at random points, with keys added and removed meanwhile, lists every key that stayed exactly once',
  async (server) => {
    const random = createRandom('listing');
    const bucket = await newBucket(server);
    const key = (n: number): string => `day=${String(n % 7)}/part-${String(n).padStart(6, '0')}.jsonl`;
    const numbers = Array.from({ length: KEYS }, (_unused, n) => n);
    await inParallel(numbers, (n) => put(server.client, bucket, key(n), 'x'));
    const removed = new Set<string>();
    const stateDir = join(folder, 'state');
    for (let kill = 0; kill < KILLS; kill++) {
      const pages = 1 + random.int(12);
      const changing = inParallel(
        Array.from({ length: 20 }, (_unused, n) => n),
        async (n) => {
          await put(server.client, bucket, `${key(random.int(KEYS))}-new-${kill}-${n}`, 'y');
          const gone = key(random.int(KEYS));
          removed.add(gone);
          await remove(server.client, bucket, gone);
        },
      );
      assert.equal(await listUntil(server, bucket, stateDir, pages), null, 'killed before its end');
      await changing;
    }
    const [, scanId = '', code] =
      (await listUntil(server, bucket, stateDir, Number.POSITIVE_INFINITY))?.split(' ') ?? [];
    assert.equal(code, '');
    const ledger = await openLedger({ stateDir });
    const listed: string[] = [];
    for await (const { object } of ledger.results(scanId)) listed.push(object.key);
    const { listed: counted, listingComplete } = await ledger.counters(scanId);
    await ledger.close();
    assert.equal(new Set(listed).size, listed.length, 'no key twice');
    assert.deepEqual([counted.objects, listingComplete], [listed.length, true]);
    const stayed = numbers.map(key).filter((one) => !removed.has(one));
    const found = new Set(listed);
    assert.deepEqual(
      stayed.filter((one) => !found.has(one)),
      [],
    );
  },
);

test('a listed object costs the ledger less than 60 bytes', async () => {
  const bucket: BucketRef = { provider: 'aws-s3', uri: 's3://fake', name: 'fake' };
  const target = { text: bucket.uri, bucket, prefix: '' };
  const random = createRandom('bytes');
  const ledger = await openLedger({ stateDir: join(folder, 'bytes') });
  const config = scanConfig();
  const scan = describeScan([target], config, 'sha256:0');
  await ledger.createScan(scan);
  /** A fake of a listing: pages of 1,000 keys with random ETags and sizes, made up as they are asked for. */
  async function* fakeListing(): AsyncGenerator<{ objects: ObjectRef[]; cursor: string | null }> {
    for (let page = 0; page < 50; page++) {
      const objects = Array.from({ length: 1000 }, (_unused, at) => ({
        bucket,
        key: `datasets/chat/part-${String(page * 1000 + at).padStart(9, '0')}.jsonl.zst`,
        version: random.chars('hex', 32),
        byteLength: random.int(1_000_000),
        lastModified: new Date(1.7e12 + at * 137).toISOString(),
      }));
      yield { objects, cursor: page < 49 ? `after ${page}` : null };
    }
  }
  const added: string[][] = [];
  const context = {
    scan,
    targets: [target],
    config,
    ledger,
    provider: async () => ({ listObjects: fakeListing }),
    emit() {},
    meter: new ProgressMeter(() => {}),
    budget: budgetMeter(),
  } as unknown as ScanContext;
  const error = await listTarget(context, 0, async (ids) => void added.push(ids), new AbortController().signal);
  assert.equal(error, null);
  assert.equal((await ledger.counters(scan.id)).listed.objects, 50_000);
  assert.deepEqual(added.flat(), await ledger.openShards(scan.id));
  const { rows } = await ledger.pool.query("SELECT pg_total_relation_size('assay.shards')::int AS bytes");
  await ledger.close();
  assert.ok(rows[0].bytes < 60 * 50_000, `${rows[0].bytes / 50_000} bytes an object`);
});
