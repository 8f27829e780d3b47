import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewShard } from '../../src/model/ledger.ts';
import type { ScanEvent } from '../../src/model/scan-event.ts';
import { Permits } from '../../workers/permits.ts';
import { ProgressMeter } from '../../workers/progress-meter.ts';
import type { ScanContext } from '../../workers/scan-context.ts';
import { cutBatches, scanShard } from '../../workers/scan-shard.ts';
import { emptyScan, type ScanTask } from '../../workers/thread-protocol.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { BUCKET, budgetMeter, objectRef, scanConfig } from './sample.ts';

const never = new AbortController().signal;

interface Bench {
  ledger: MemoryLedger;
  context: ScanContext;
  messages: ScanTask[][];
  events: ScanEvent[];
  /** How many messages were under way when one was sent, itself included. */
  together: number[];
  kill: AbortController;
}

function bench(answer?: (tasks: ScanTask[]) => Promise<void>): Bench {
  const ledger = new MemoryLedger();
  const messages: ScanTask[][] = [];
  const events: ScanEvent[] = [];
  const together: number[] = [];
  const kill = new AbortController();
  let running = 0;
  const context: ScanContext = {
    scan: { id: 'scan', detectorSet: 'sha256:0', limitsDigest: '', fingerprintKeyId: '' },
    targets: [],
    config: scanConfig(),
    ledger,
    threads: {
      threads: 2,
      data: { fingerprintKey: new Uint8Array(32), providerOptions: {} },
      permits: new Permits(4),
      large: new Permits(2),
      parts: new Permits(4),
      async scan(tasks) {
        messages.push(tasks);
        running += 1;
        together.push(running);
        await new Promise(setImmediate);
        await answer?.(tasks);
        running -= 1;
        return tasks.map(({ object }) => emptyScan('complete', object.key));
      },
      plan: async ({ object }) =>
        object.key.startsWith('parts') ? [0, 1, 2].map((n) => ({ start: n, end: n + 1 })) : null,
      maskKeys: async (keys) => keys,
      close: async () => {},
    },
    provider: () => Promise.reject(new Error('a shard opens no provider')),
    emit: (event) => events.push(event),
    meter: new ProgressMeter(() => {}),
    budget: budgetMeter(),
    kill: kill.signal,
  };
  return { ledger, context, messages, events, together, kill };
}

async function addShard(
  ledger: MemoryLedger,
  keys: string[],
  byteLength = 100,
  starts: number[] = [],
): Promise<string> {
  const objects = keys.map((key) => objectRef(key, byteLength));
  const shard: NewShard = { bucketUri: BUCKET.uri, objects, outcomes: keys.map(() => null) };
  const [id = ''] = await ledger.saveListing('scan', 0, { shards: [shard], cursor: null, complete: true });
  const row = ledger.shards.get(id);
  for (const [index, count] of starts.entries()) if (row !== undefined) row.starts[index] = count;
  return id;
}

const many = Array.from({ length: 100 }, (_, index) => `k${index}`);

test('every object of a shard gets an outcome, and is told of after it is committed', async () => {
  const { ledger, context, events } = bench();
  const shardId = await addShard(ledger, many);
  context.emit = (event) => {
    events.push(event);
    if (event.type === 'object') assert.ok(ledger.saved.get(shardId)?.size);
  };
  await scanShard(context, shardId, never);
  assert.deepEqual(
    ledger.shards.get(shardId)?.outcomes,
    many.map(() => 'complete'),
  );
  assert.equal(events.filter(({ type }) => type === 'object').length, 100);
});

test('objects that have an outcome are neither started nor read again', async () => {
  const { ledger, context, messages } = bench();
  const shardId = await addShard(ledger, ['a', 'b', 'c']);
  await ledger.saveObjects(shardId, [{ index: 1, scan: emptyScan('complete', 'b'), reused: false }]);
  await scanShard(context, shardId, never);
  assert.deepEqual(
    messages.flat().map(({ object }) => object.key),
    ['a', 'c'],
  );
  assert.deepEqual(ledger.shards.get(shardId)?.starts, [1, 0, 1]);
});

test('a start is committed before the object is given to a thread', async () => {
  const { ledger, context } = bench(async (tasks) => {
    for (const { object } of tasks) assert.equal(ledger.shards.get('shard0')?.starts[many.indexOf(object.key)], 1);
  });
  await scanShard(context, await addShard(ledger, many), never);
});

test('what an earlier scan has read completely is taken over and marked reused', async () => {
  const { ledger, context, messages } = bench();
  const shardId = await addShard(ledger, ['a', 'b']);
  ledger.reusable = async (objects) => objects.map(({ key }) => (key === 'a' ? emptyScan('complete', 'a') : null));
  await scanShard(context, shardId, never);
  assert.equal(ledger.saved.get(shardId)?.get(0)?.reused, true);
  assert.deepEqual(
    messages.flat().map(({ object }) => object.key),
    ['b'],
  );
  assert.deepEqual(ledger.shards.get(shardId)?.starts, [0, 1]);
});

test('--rescan reads what an earlier scan has read', async () => {
  const { ledger, context, messages } = bench();
  context.config = scanConfig({ rescan: true });
  ledger.reusable = async (objects) => objects.map(({ key }) => emptyScan('complete', key));
  await scanShard(context, await addShard(ledger, ['a', 'b']), never);
  assert.equal(messages.flat().length, 2);
});

test('after three starts without an end an object runs alone in the process with lower limits, after that not at all', async () => {
  const { ledger, context, messages, together } = bench();
  const keys = ['a', 'suspect', 'b', 'poison'];
  const shardId = await addShard(ledger, keys, 2 * 1024 ** 2, [0, 3, 2, 4]);
  const other = await addShard(ledger, many, 2 * 1024 ** 2);
  await Promise.all([scanShard(context, shardId, never), scanShard(context, other, never)]);
  assert.deepEqual(ledger.shards.get(shardId)?.outcomes, ['complete', 'complete', 'complete', 'failed:poison']);
  assert.deepEqual(ledger.shards.get(shardId)?.starts, [1, 4, 3, 4]);
  const suspect = messages.findIndex(([task]) => task?.object.key === 'suspect');
  assert.equal(together[suspect], 1);
  assert.ok(Math.max(...together) > 1);
  assert.ok((messages[suspect]?.[0]?.limits.maxRatio ?? 0) < context.config.limits.maxRatio);
});

test('no more objects are started than are in flight', async () => {
  let most = 0;
  const { ledger, context } = bench(async () => {
    const [shard] = ledger.shards.values();
    const open = shard?.starts.filter((count, index) => count > 0 && shard.outcomes[index] === null).length ?? 0;
    most = Math.max(most, open);
  });
  // 4 batches of one object, and one commit of at most 64 answers on its way.
  await scanShard(
    context,
    await addShard(
      ledger,
      Array.from({ length: 500 }, (_, n) => `k${n}`),
      2 * 1024 ** 2,
    ),
    never,
  );
  assert.ok(most <= 4 + 64 + 4, `${most} objects were started and not ended`);
});

test('a large object is read in parts when its format allows it', async () => {
  const { ledger, context, messages } = bench();
  const shardId = await addShard(ledger, ['parts', 'whole'], 100 * 1024 ** 2);
  await scanShard(context, shardId, never);
  assert.deepEqual(
    messages
      .flat()
      .map(({ object, range }) => [object.key, range?.start])
      .sort(),
    [
      ['parts', 0],
      ['parts', 1],
      ['parts', 2],
      ['whole', undefined],
    ],
  );
  assert.deepEqual(ledger.shards.get(shardId)?.outcomes, ['complete', 'complete']);
});

test('a cancelled read gives its start back and keeps what was answered', async () => {
  const { ledger, context, kill } = bench(async ([task]) => {
    if (task?.object.key !== 'b') return;
    kill.abort(new Error('cancelled'));
    throw kill.signal.reason;
  });
  const shardId = await addShard(ledger, ['a', 'b'], 2 * 1024 ** 2);
  await assert.rejects(scanShard(context, shardId, never), /cancelled/);
  assert.deepEqual(ledger.shards.get(shardId)?.starts, [1, 0]);
  assert.deepEqual(ledger.shards.get(shardId)?.outcomes, ['complete', null]);
});

test('what was read and cannot be saved gives its start back, also what comes after it', async () => {
  const { ledger, context } = bench();
  const shardId = await addShard(
    ledger,
    Array.from({ length: 200 }, (_unused, at) => `k${at}`),
  );
  ledger.saveObjects = async () => {
    throw new Error('the ledger is away');
  };
  await assert.rejects(scanShard(context, shardId, never), /the ledger is away/);
  assert.deepEqual(new Set(ledger.shards.get(shardId)?.starts), new Set([0]));
});

test('batches hold neighbours of at most 32 objects or 1 MiB', () => {
  const kib = 1024;
  const sizes = [...Array<number>(40).fill(1), 900 * kib, 200 * kib, 3000 * kib, 1];
  const objects = sizes.map((size, index) => objectRef(`k${index}`, size));
  const batches = cutBatches([...objects.keys()], { objects });
  assert.deepEqual(
    batches.map(({ length }) => length),
    [32, 9, 1, 1, 1],
  );
  assert.deepEqual(batches.flat(), [...objects.keys()]);
});
