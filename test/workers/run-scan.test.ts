import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Target } from '../../src/model/object.ts';
import type { ScanConfig } from '../../src/model/scan-config.ts';
import type { ScanEvent } from '../../src/model/scan-event.ts';
import type { OpenLedger } from '../../src/store/ledger.ts';
import { openState } from '../../workers/open-state.ts';
import { openQueue } from '../../workers/queue.ts';
import { runScan, startThreads } from '../../workers/run-scan.ts';
import { inTime } from '../servers/in-time.ts';
import { scanConfig } from './sample.ts';

const THREAD = new URL('./fixtures/fake-thread.ts', import.meta.url);

let root: string;
let ledger: OpenLedger;
let folders = 0;

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-run-scan-'));
  ledger = await openState(join(root, 'state'));
});
after(async () => {
  await ledger.close();
  rmSync(root, { recursive: true, force: true });
});

/** A folder with these files, and a log of what the threads open. */
function folder(files: Record<string, string>): { target: Target; openLog: string; opened(): string[] } {
  const name = join(root, `data${folders++}`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(name, file, '..'), { recursive: true });
    writeFileSync(join(name, file), text);
  }
  const openLog = `${name}.log`;
  return {
    target: { text: name, bucket: { provider: 'filesystem', uri: `file://${name}`, name }, prefix: '' },
    openLog,
    opened: () => (existsSync(openLog) ? readFileSync(openLog, 'utf8').trimEnd().split('\n').sort() : []),
  };
}

async function scan(
  targets: Target[],
  openLog: string,
  over: Partial<ScanConfig> = {},
  more: { signal?: AbortSignal; onEvent?: (event: ScanEvent) => void } = {},
): Promise<{ scanId: string; events: ScanEvent[] }> {
  const events: ScanEvent[] = [];
  const config = scanConfig({ providerOptions: { openLog }, ...over });
  const { scanId } = await runScan({
    targets,
    config,
    ledger,
    threads: startThreads(config, THREAD),
    ...more,
    onEvent(event) {
      events.push(event);
      more.onEvent?.(event);
    },
  });
  return { scanId, events };
}

async function outcomes(scanId: string): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for await (const { object, outcome } of ledger.results(scanId)) found[object.key] = outcome;
  return found;
}

function files(count: number, prefix = 'f'): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}.txt`, `text ${index}`]));
}

test('every listed object ends in exactly one outcome, and the scan is done', async () => {
  const { target, openLog, opened } = folder({ 'a.txt': 'a', 'deep/b.jsonl': '{}', 'deep/c.png': 'c' });
  const { scanId, events } = await scan([target], openLog, { exclude: ['*.png'] });
  assert.deepEqual(await outcomes(scanId), {
    'a.txt': 'complete',
    'deep/b.jsonl': 'complete',
    'deep/c.png': 'skipped:excluded',
  });
  assert.deepEqual(opened(), ['a.txt', 'deep/b.jsonl']);
  assert.equal((await ledger.getScan(scanId))?.state, 'done');
  const [exposure] = await ledger.exposures(scanId);
  assert.equal(exposure?.evidence?.provider, 'filesystem');
  const last = events.findLast((event) => event.type === 'progress');
  assert.deepEqual(last?.progress.done.objects, 3);
  assert.equal(last?.progress.listingComplete, true);
  assert.equal(events[0]?.type, 'scan');
});

test('a thread that exits costs its object only', async () => {
  const { target, openLog } = folder({ ...files(3), 'exit.txt': 'x' });
  const { scanId } = await scan([target], openLog);
  assert.deepEqual(await outcomes(scanId), {
    'exit.txt': 'failed:crashed',
    'f0.txt': 'complete',
    'f1.txt': 'complete',
    'f2.txt': 'complete',
  });
});

test('unchanged objects of a finished scan are not read again, unless asked to', async () => {
  const { target, openLog, opened } = folder(files(3));
  await scan([target], openLog);
  const { scanId, events } = await scan([target], openLog);
  assert.equal(opened().length, 3);
  assert.equal((await ledger.counters(scanId)).done.reused, 3);
  assert.ok(events.every((event) => event.type !== 'object' || event.object.reused));
  await scan([target], openLog, { rescan: true });
  assert.equal(opened().length, 6);
});

test('a cancelled scan keeps what was answered and the same command continues it', async () => {
  const { target, openLog, opened } = folder(files(300));
  const stop = new AbortController();
  const cancelled = scan(
    [target],
    openLog,
    {},
    {
      signal: stop.signal,
      onEvent: (event) => event.type === 'object' && stop.abort(),
    },
  );
  await assert.rejects(cancelled, { code: 'cancelled' });
  const { scanId, events } = await scan([target], openLog);
  assert.ok(events.some((event) => event.type === 'scan' && event.resumed));
  assert.equal(new Set(Object.values(await outcomes(scanId))).size, 1);
  assert.equal(new Set(opened()).size, 300);
  for (const shardId of await shardIds(scanId)) {
    const { starts } = await ledger.loadShard(shardId);
    assert.deepEqual(new Set(starts), new Set([1]));
  }
});

test('a scan that is cancelled before it begins reads nothing', async () => {
  const { target, openLog, opened } = folder(files(2));
  await assert.rejects(scan([target], openLog, {}, { signal: AbortSignal.abort() }), { code: 'cancelled' });
  assert.deepEqual(opened(), []);
});

test('--resume never begins anew, and --resume with the id of an ended or unknown scan is a usage error', async () => {
  const { target, openLog } = folder(files(2));
  const { scanId } = await scan([target], openLog);
  const { events } = await scan([target], openLog, { resume: 'never' });
  assert.ok(events.some((event) => event.type === 'scan' && !event.resumed && event.scanId !== scanId));
  await assert.rejects(scan([target], openLog, { resume: scanId }), { code: 'usage' });
  await assert.rejects(scan([target], openLog, { resume: 'nothing' }), { code: 'usage' });
});

test('the one target that cannot be listed is the error of the scan; of several it is told in the listing', async () => {
  const { target, openLog } = folder(files(2));
  const name = join(root, 'absent');
  const absent: Target = { text: name, bucket: { provider: 'filesystem', uri: `file://${name}`, name }, prefix: '' };
  await assert.rejects(scan([absent], openLog), { name: 'AssayError' });
  const { scanId, events } = await scan([absent, target], openLog);
  assert.ok((await ledger.listing(scanId, 0)).error);
  assert.equal((await ledger.listing(scanId, 1)).complete, true);
  assert.deepEqual(await outcomes(scanId), { 'f0.txt': 'complete', 'f1.txt': 'complete' });
  assert.ok(events.some((event) => event.type === 'listing' && event.error !== null));
});

test('more targets than listings at once are all listed', async () => {
  const all = Array.from({ length: 9 }, (_, index) => folder(files(1, `t${index}-`)));
  const { scanId } = await scan(
    all.map(({ target }) => target),
    all[0]?.openLog ?? '',
  );
  assert.equal(Object.keys(await outcomes(scanId)).length, 9);
  assert.ok((await ledger.exposures(scanId)).every(({ evidence }) => evidence !== null));
});

test('jobs that a killed process has left in the queue do not hold up the next scan', async () => {
  const queue = await openQueue(ledger);
  await queue.add('list', [{ v: 1, scanId: 'gone', targetIndex: 0 }]);
  await queue.add('shard', [{ v: 1, scanId: 'gone', shardId: '1' }]);
  await queue.close();
  const { target, openLog } = folder(files(2));
  const { scanId } = await scan([target], openLog);
  assert.deepEqual(await outcomes(scanId), { 'f0.txt': 'complete', 'f1.txt': 'complete' });
});

test('a piece of work that is added twice is done once', async () => {
  const queue = await openQueue(ledger);
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const unexpected = async (): Promise<void> => assert.fail('no such job');
  const job = { v: 1, scanId: 'twice', shardId: '1' } as const;
  await queue.add('shard', [job, job]);
  await queue.add('shard', [job, { ...job, shardId: 'last' }]);
  queue.work(
    {
      list: unexpected,
      posture: unexpected,
      async shard({ shardId }) {
        seen.push(shardId);
        if (shardId === 'last') gate.resolve();
      },
    },
    1,
    gate.reject,
  );
  await inTime('the last job to be taken', gate.promise);
  await queue.close();
  assert.deepEqual(seen, ['1', 'last']);
});

async function shardIds(scanId: string): Promise<string[]> {
  const rows = await ledger.db
    .selectFrom('assay.shards as shard')
    .innerJoin('assay.scans as scan', 'scan.no', 'shard.scan_no')
    .select('shard.id')
    .where('scan.id', '=', scanId)
    .execute();
  return rows.map(({ id }) => id);
}
