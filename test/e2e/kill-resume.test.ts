import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expand } from '../../detectors/sample.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { inTime } from '../servers/in-time.ts';

const CHILD = fileURLToPath(new URL('./fixtures/scan-child.ts', import.meta.url));
const FILES = 600;

interface Line {
  type: string;
  scanId?: string;
  resumed?: boolean;
  code?: string;
}
interface Found {
  key: string;
  outcome: string | null;
  values: unknown[];
  columns: unknown[];
}
interface Run {
  child: ChildProcess;
  lines: Line[];
  ended(): Promise<unknown>;
  /** Resolves when the `count`-th event of the type has come, or the process has ended. */
  seen(type: string, count: number): Promise<void>;
}

let root: string;
let folder: string;
let runs = 0;
const children: ChildProcess[] = [];

before(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-kill-'));
  folder = join(root, 'data');
  mkdirSync(folder);
  for (let index = 0; index < FILES; index++) {
    const rows = Array.from({ length: 40 }, (_, row) => ({
      id: row,
      contact: `user${index}x${row}@mail-${index}.org`,
    }));
    const secret = expand("'hf_' alpha:34", index);
    writeFileSync(join(folder, `f${index}.jsonl`), [...rows, { secret }].map((row) => JSON.stringify(row)).join('\n'));
  }
});
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

function start({ state, openLog }: Places, data = folder, thread = './logging-thread.ts'): Run {
  const child = spawn(process.execPath, [CHILD, state, data, openLog, thread], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Line[] = [];
  const waiting: { type: string; left: number; resolve: () => void }[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const wait of waiting) {
      if (wait.type === line.type) wait.left -= 1;
      if (wait.left === 0) wait.resolve();
    }
  });
  const closed = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  const ended = () => inTime('the end of a scan', closed);
  const seen = async (type: string, count: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ type, left: count, resolve });
    await inTime(`${count} lines of a scan that say ${type}`, Promise.race([promise, closed]));
  };
  return { child, lines, ended, seen };
}

interface Places {
  state: string;
  openLog: string;
}

function places(): Places {
  const name = join(root, `run${runs++}`);
  return { state: `${name}-state`, openLog: `${name}.log` };
}

function opened(openLog: string): string[] {
  return existsSync(openLog) ? readFileSync(openLog, 'utf8').trimEnd().split('\n') : [];
}

/** What a scan found, without its id and times. */
async function found(state: string, scanId: string): Promise<Found[]> {
  const ledger = await openLedger({ stateDir: state });
  try {
    const results: Found[] = [];
    for await (const { object, outcome, scan } of ledger.results(scanId)) {
      results.push({ key: object.key, outcome, values: scan?.values ?? [], columns: scan?.columns ?? [] });
    }
    return results;
  } finally {
    await ledger.close();
  }
}

/** Objects that the ledger knows as started and not ended. */
async function inFlight(state: string, scanId: string): Promise<Set<string>> {
  const ledger = await openLedger({ stateDir: state });
  try {
    const keys = new Set<string>();
    for (const shardId of await ledger.openShards(scanId)) {
      const { objects, outcomes, starts } = await ledger.loadShard(shardId);
      for (const [index, { key }] of objects.entries()) {
        if (outcomes[index] === null && (starts[index] ?? 0) > 0) keys.add(key);
      }
    }
    return keys;
  } finally {
    await ledger.close();
  }
}

test('after kill -9 the same command reads at most the objects in flight again and finds the same, none twice', async () => {
  const undisturbed = places();
  const whole = start(undisturbed);
  await whole.ended();
  const expected = await found(undisturbed.state, whole.lines.at(-1)?.scanId ?? '');
  assert.equal(expected.length, FILES);
  assert.ok(expected.every(({ values, columns }) => values.length === 1 && columns.length === 1));

  const disturbed = places();
  const { state, openLog } = disturbed;
  let scanId: string | undefined;
  let reread = 0;
  for (const committed of [1, 100, 200]) {
    const run = start(disturbed);
    await run.seen('object', committed);
    run.child.kill('SIGKILL');
    await run.ended();
    const [begin] = run.lines;
    scanId ??= begin?.scanId;
    assert.equal(begin?.scanId, scanId);
    assert.ok(!run.lines.some(({ type }) => type === 'end'), 'it was to be killed in the middle');
    reread += (await inFlight(state, scanId ?? '')).size;
  }
  const last = start(disturbed);
  await last.ended();
  assert.deepEqual(
    last.lines.filter(({ type }) => type === 'end' || type === 'error'),
    [{ type: 'end', scanId }],
  );

  const opens = opened(openLog);
  assert.equal(new Set(opens).size, FILES);
  assert.ok(opens.length - FILES <= reread, `${opens.length - FILES} objects read again, ${reread} were in flight`);
  assert.deepEqual(await found(state, scanId ?? ''), expected);
});

test('two processes on one state directory: the second gets state-locked and the first goes on', async () => {
  const place = places();
  const first = start(place);
  await first.seen('scan', 1);
  const second = start(place);
  await second.ended();
  assert.deepEqual(second.lines, [{ type: 'error', code: 'state-locked' }]);
  await first.ended();
  assert.equal(first.lines.at(-1)?.type, 'end');
});

test('an object that ends the process each time it is read is given up after four starts, and costs no other', async () => {
  const place = places();
  const data = join(root, 'poisoned');
  mkdirSync(data);
  const names = Array.from({ length: 40 }, (_, index) => `f${index}.txt`);
  for (const name of [...names, 'kill.txt']) writeFileSync(join(data, name), name);
  let deaths = 0;
  let last = start(place, data, '../../workers/fixtures/fake-thread.ts');
  for (await last.ended(); last.lines.at(-1)?.type !== 'end' && deaths < 10; await last.ended()) {
    deaths += 1;
    last = start(place, data, '../../workers/fixtures/fake-thread.ts');
  }
  assert.equal(deaths, 4);
  const results = await found(place.state, last.lines.at(-1)?.scanId ?? '');
  assert.deepEqual(
    results.filter(({ outcome }) => outcome !== 'complete').map(({ key, outcome }) => [key, outcome]),
    [['kill.txt', 'failed:poison']],
  );
  assert.equal(results.length, 41);
});
