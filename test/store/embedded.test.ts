import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool, runMigrations, withBackend } from 'bullmq';
import { type AssayError, isAssayError } from '../../src/errors.ts';
import { type Embedded, openEmbedded, SEARCH_PATH } from '../../src/store/embedded.ts';
import { temporaryDir } from './state-dir.ts';

const state = temporaryDir();
let embedded: Embedded;
before(async () => {
  embedded = await openEmbedded(state.path);
  await embedded.pool.query('CREATE TABLE public.numbers (n int)');
});
after(async () => {
  await embedded.close();
  await state.remove();
});

async function numbers(): Promise<number[]> {
  const { rows } = await embedded.pool.query<{ n: number }>('SELECT n FROM public.numbers ORDER BY n');
  return rows.map(({ n }) => n);
}

test('types come back as a PostgreSQL server gives them through pg: int8 as text, bytea as bytes, jsonb parsed', async () => {
  const { rows } = await embedded.pool.query(
    `SELECT 9007199254740993::int8 AS big, $1::bytea AS bytes, $2::jsonb AS json, ARRAY[1, 2] AS list, NULL AS nothing`,
    [Buffer.from([0, 255]), { a: 'ß\u2028' }],
  );
  assert.deepEqual(rows, [
    { big: '9007199254740993', bytes: Buffer.from([0, 255]), json: { a: 'ß\u2028' }, list: [1, 2], nothing: null },
  ]);
});

test('a failed statement rejects with its SQLSTATE and leaves the session usable', async () => {
  await assert.rejects(embedded.pool.query('SELECT nowhere'), { code: '42703' });
  await assert.rejects(embedded.pool.query('SELECT $1::int', ['x']), { code: '22P02' });
  assert.equal((await embedded.pool.query('SELECT 1 AS one')).rows[0].one, 1);
});

test('an answer of several megabytes arrives whole', async () => {
  const { rows } = await embedded.pool.query(`SELECT repeat('ab', 3000000) AS text, $1::text AS echo`, [
    'é'.repeat(1e6),
  ]);
  assert.equal(rows[0].text.length, 6e6);
  assert.equal(rows[0].echo, 'é'.repeat(1e6));
});

test('statements of others wait until an open transaction ends, and its rollback does not take them along', async () => {
  const client = await embedded.pool.connect();
  await client.query('BEGIN');
  await client.query('INSERT INTO public.numbers VALUES (1)');
  const order: string[] = [];
  const other = embedded.pool.query('INSERT INTO public.numbers VALUES (2)').then(() => order.push('other'));
  await client.query('INSERT INTO public.numbers VALUES (3)').then(() => order.push('own'));
  await client.query('ROLLBACK').then(() => order.push('rollback'));
  await other;
  client.release();
  assert.deepEqual(order, ['own', 'rollback', 'other']);
  assert.deepEqual(await numbers(), [2]);
});

test('a client that is destroyed inside a transaction rolls it back and frees the session', async () => {
  const client = await embedded.pool.connect();
  await client.query('BEGIN');
  await client.query('INSERT INTO public.numbers VALUES (4)');
  client.release(true);
  assert.deepEqual(await numbers(), [2]);
});

test('a notification reaches the client that listens, whoever sent it', { timeout: 20_000 }, async () => {
  const listener = await embedded.pool.connect();
  await listener.query('LISTEN news');
  const heard = once(listener, 'notification');
  await embedded.pool.query(`SELECT pg_notify('news', 'hello')`);
  const [message] = await heard;
  listener.release(true);
  assert.equal(message.channel, 'news');
  assert.equal(message.payload, 'hello');
});

test('BullMQ works on the pool, and a ledger rollback never loses a job added meanwhile', async () => {
  assert.ok(SEARCH_PATH.startsWith(DEFAULT_SCHEMA));
  const migrating = await embedded.pool.connect();
  await runMigrations(migrating);
  migrating.release();
  const connection = embedded.pool as unknown as PgPool; // a readonly modifier apart
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const queue = new Queue('numbers', { connection });
  await queue.waitUntilReady();
  const ledger = await embedded.pool.connect();
  await ledger.query('BEGIN');
  await ledger.query('INSERT INTO public.numbers VALUES (5)');
  const adding = queue.addBulk([1, 2, 3].map((n) => ({ name: 'n', data: { n } })));
  for (let n = 0; n < 20; n++) await ledger.query('SELECT 1'); // the jobs are on their way by now
  await ledger.query('ROLLBACK');
  ledger.release();
  await adding;
  assert.equal(await queue.getWaitingCount(), 3);
  const seen: number[] = [];
  const done = Promise.withResolvers<void>();
  const worker = new Worker(
    'numbers',
    async (job) => {
      seen.push(job.data.n);
      if (seen.length === 4) done.resolve();
    },
    { connection },
  );
  await worker.waitUntilReady();
  await queue.add('n', { n: 4 });
  await done.promise;
  await worker.close();
  await queue.close();
  assert.deepEqual(seen.sort(), [1, 2, 3, 4]);
  assert.deepEqual(await numbers(), [2]);
});

test('what is replaced again and again grows neither the tables nor the log without end', async () => {
  const { pool } = embedded;
  await pool.query('CREATE TABLE public.replaced (id int PRIMARY KEY, bytes bytea)');
  await pool.query('INSERT INTO public.replaced VALUES (1, NULL)');
  for (let n = 0; n < 80; n++) await pool.query('UPDATE public.replaced SET bytes = $1', [randomBytes(1024 ** 2)]);
  const { rows } = await pool.query(
    `SELECT pg_total_relation_size('public.replaced')::int AS tables, (SELECT sum(size)::int FROM pg_ls_waldir()) AS log`,
  );
  assert.ok(rows[0].tables < 40e6, `${rows[0].tables} bytes of rows`);
  assert.ok(rows[0].log < 70e6, `${rows[0].log} bytes of log`);
});

test('the same process cannot open a state directory twice', async () => {
  await assert.rejects(openEmbedded(state.path), isLocked(state.path, 'this process already'));
});

test('after kill -9 no acknowledged row is lost; meanwhile a second process gets a clear error, afterwards it opens at once', async () => {
  const { path, remove } = temporaryDir();
  const child = spawn(process.execPath, [new URL('./commit-forever.ts', import.meta.url).pathname, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let acknowledged = 0;
  let isKilled = false;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged < 400 || isKilled) continue;
    await assert.rejects(openEmbedded(path), isLocked(path, `pid ${child.pid}`));
    child.kill('SIGKILL');
    isKilled = true;
  }
  await exit;
  const reopened = await openEmbedded(path);
  const { rows } = await reopened.pool.query('SELECT count(*)::int AS rows, max(n) AS last FROM public.acknowledged');
  await reopened.close();
  await remove();
  assert.ok(rows[0].last >= acknowledged, `${rows[0].last} rows of ${acknowledged} acknowledged`);
  assert.equal(rows[0].rows, rows[0].last);
});

test('a directory that is no database is refused with its name, and the lock is freed', async () => {
  const { path, remove } = temporaryDir();
  mkdirSync(`${path}/pgdata`);
  writeFileSync(`${path}/pgdata/PG_VERSION`, '9\n');
  await assert.rejects(
    openEmbedded(path),
    (error: unknown) => isAssayError(error) && error.code === 'state-unusable' && error.message.includes(path),
  );
  rmSync(`${path}/pgdata`, { recursive: true });
  await (await openEmbedded(path)).close();
  await remove();
});

function isLocked(dir: string, holder: string): (error: AssayError) => boolean {
  return (error) => error.code === 'state-locked' && error.message.includes(dir) && error.message.includes(holder);
}
