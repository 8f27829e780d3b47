import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createThreadPool, type ThreadPool } from '../../workers/thread-pool.ts';
import { scanTask } from './sample.ts';

const data = { fingerprintKey: new Uint8Array(32), providerOptions: {} };
const never = new AbortController().signal;
const pools: ThreadPool[] = [];

function openPool(file = './fixtures/fake-thread.ts', threads = 2): ThreadPool {
  const pool = createThreadPool({ threads, data, file: new URL(file, import.meta.url), heapMb: 64, graceMs: 1 });
  pools.push(pool);
  return pool;
}
after(() => Promise.all(pools.map((pool) => pool.close())));

for (const [key, death, note] of [
  ['exit', 'exits', /^exit$/],
  ['heap', 'runs out of heap', /^out of heap$/],
  ['throw', 'throws outside of any call', /^Error test\/workers\/fixtures\/fake-thread\.ts:\d+$/],
] as const) {
  test(`a thread that ${death} costs only the object it was reading`, async () => {
    const pool = openPool();
    const scans = await pool.scan(
      ['a', `${key}.bin`, 'b'].map((name) => scanTask(name)),
      never,
    );
    assert.deepEqual(
      scans.map(({ outcome, shownKey }) => [outcome, shownKey]),
      [
        ['complete', 'a'],
        ['failed:crashed', `masked ${key}.bin`],
        ['complete', 'b'],
      ],
    );
    assert.match(Object.keys(scans[1]?.notes ?? {}).join(), note);
  });
}

test('a thread that spins past its deadline is ended and its object is failed:timeout', async () => {
  const pool = openPool();
  const [scan] = await pool.scan([scanTask('spin', 100, 1)], never);
  assert.equal(scan?.outcome, 'failed:timeout');
  const [next] = await pool.scan([scanTask('a')], never);
  assert.equal(next?.outcome, 'complete');
});

test('a thread that takes no turn for too long is ended without any deadline, and costs its object only', async () => {
  const pool = openPool();
  const tasks = ['a', 'spin', 'b'].map((name) => scanTask(name, 100, 0, 50));
  const scans = await pool.scan(tasks, never);
  assert.deepEqual(
    scans.map(({ outcome }) => outcome),
    ['complete', 'failed:timeout', 'complete'],
  );
});

test('an aborted signal ends the call and the thread', async () => {
  const pool = openPool();
  const stop = new AbortController();
  const call = pool.scan([scanTask('spin')], stop.signal);
  stop.abort(new Error('stopped by the test'));
  await assert.rejects(call, /stopped by the test/);
});

test('threads that cannot start reject every call instead of leaving it waiting', async () => {
  const pool = openPool('./fixtures/broken-thread.ts');
  await assert.rejects(pool.scan([scanTask('a')], never), { name: 'AssayError', code: 'internal' });
  await assert.rejects(pool.maskKeys(['a']), { name: 'AssayError', code: 'internal' });
});

test('a thread that dies while it looks for parts leaves the object to be read as a whole', async () => {
  assert.equal(await openPool().plan(scanTask('exit'), never), null);
});
