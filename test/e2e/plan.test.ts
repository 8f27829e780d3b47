import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Plan } from '../../src/plan/plan-count.ts';
import { runCli } from '../cli/run-cli.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { startFaultProxy } from '../servers/fault-proxy.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';

const root = mkdtempSync(join(tmpdir(), 'assay-plan-'));
const gateway = await optional(startVersitygw);
after(async () => {
  await gateway.server?.stop();
  rmSync(root, { recursive: true, force: true });
});
const home = join(root, 'home');

async function planOf(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; plan: Plan }> {
  const { code, stdout, stderr } = await runCli(['plan', ...args, '-f', 'json'], {
    env: { HOME: root, ASSAY_HOME: home, ...env },
  });
  assert.notEqual(stdout, '', stderr);
  return { code, plan: JSON.parse(stdout) as Plan };
}

test('a plan counts what a scan would read, and afterwards that it has been read', async () => {
  const folder = join(root, 'data');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.jsonl'), '{"text":"nothing"}\n'.repeat(100));
  writeFileSync(join(folder, 'b.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'c.png'), 'no picture');
  const args = [folder, '--exclude', '*.png'];

  const before = await planOf(args);
  assert.equal(before.code, 0);
  assert.deepEqual(before.plan.listed, { objects: 3, bytes: 1918 });
  assert.deepEqual(before.plan.formats, { jsonl: { objects: 1, bytes: 1900 }, csv: { objects: 1, bytes: 8 } });
  assert.deepEqual(before.plan.skipped, { 'skipped:excluded': { objects: 1, bytes: 10 } });
  assert.equal(before.plan.reused, null);
  assert.equal(existsSync(home), false, 'a plan makes no ledger');

  const scan = await runCli(['scan', ...args, '--quiet'], { env: { HOME: root, ASSAY_HOME: home } });
  assert.equal(scan.code, 0, scan.stderr);
  writeFileSync(join(folder, 'new.txt'), 'nothing');
  const afterwards = await planOf(args);
  assert.deepEqual(afterwards.plan.reused, { objects: 2, bytes: 1908 });
  assert.deepEqual(afterwards.plan.read, { objects: 1, bytes: 7 });
  assert.deepEqual((await planOf([...args, '--rescan'])).plan.read, { objects: 3, bytes: 1915 });

  const { stdout } = await runCli(['plan', ...args], { env: { HOME: root, ASSAY_HOME: home } });
  assert.match(
    stdout,
    /A scan would read 1 object \(7 B\) of 4 objects \(1\.9 kB\) listed\.\n +2 objects .* an earlier scan has read/,
  );
  assert.match(stdout, /Time +about 1 s/);
});

test('one target that cannot be listed fails, one of several makes the plan incomplete, and so does nothing', async () => {
  const empty = join(root, 'empty');
  mkdirSync(empty);
  const env = { HOME: root, ASSAY_HOME: home };
  assert.equal((await runCli(['plan', join(root, 'nowhere')], { env })).code, 4);
  const several = await planOf([join(root, 'data'), join(root, 'nowhere')]);
  assert.equal(several.code, 3);
  assert.match(several.plan.result.reasons.join(), /nowhere cannot be listed/);
  assert.equal((await planOf([empty])).code, 3);
  assert.equal((await planOf([empty, '--allow-empty'])).code, 0);
  assert.equal((await runCli(['plan', '-'], { env })).code, 2);
});

serverTest(gateway, 'a plan of a store reads no object and says how many requests a scan takes', async (server, t) => {
  const proxy = await startFaultProxy(server.endpoint);
  t.after(() => proxy.stop());
  const bucket = await newBucket(server);
  for (let at = 0; at < 7; at++) await put(server.client, bucket, `f${at}.txt`, 'nothing to see here\n'.repeat(2000));
  await put(server.client, bucket, 'large.jsonl', '{"text":"nothing to see here"}\n'.repeat(700_000));
  const env = { ...server.env, AWS_ENDPOINT_URL_S3: proxy.endpoint, ASSAY_HOME: join(root, 's3-home') };
  const isRead = ({ method, url }: { method: string; url: string }) => method === 'GET' && /\/(f\d|large)/.test(url);

  const { code, plan } = await planOf([bucket.uri], env);
  assert.equal(code, 0);
  assert.equal(proxy.seen.filter(isRead).length, 0);
  assert.deepEqual([plan.requests.list, plan.requests.read], [1, 9]);
  assert.deepEqual(plan.cost.unpriced, [bucket.uri]);

  const from = proxy.seen.length;
  const scan = await runCli(['scan', bucket.uri, '--quiet'], { env: { HOME: root, ...env } });
  assert.equal(scan.code, 0, scan.stderr);
  const reads = proxy.seen.slice(from).filter(isRead).length;
  assert.ok(reads >= 9 && reads <= 12, `${reads} reads where 9 were planned`);
});

serverTest(gateway, 'a plan takes the objects from an S3 Inventory instead of a listing', async (server) => {
  const lake = await newBucket(server);
  const reports = await newBucket(server);
  const rows = [
    ['raw/a%2Bb+c.jsonl', '2000', 'true', 'false', 'STANDARD'],
    ['raw/old.jsonl', '5', 'false', 'false', 'STANDARD'],
    ['raw/gone.jsonl', '0', 'true', 'true', ''],
    ['raw/cold.csv', '7', 'true', 'false', 'DEEP_ARCHIVE'],
    ['other/x.csv', '9', 'true', 'false', 'STANDARD'],
  ];
  const csv = rows
    .map(([key, size, ...rest]) => `"${[lake.name, key, 'v', ...rest, size, 'etag'].join('","')}"\n`)
    .join('');
  const schema = 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, StorageClass, Size, ETag';
  const manifest = {
    sourceBucket: lake.name,
    destinationBucket: `arn:aws:s3:::${reports.name}`,
    fileFormat: 'CSV',
    fileSchema: schema,
    files: [{ key: 'inv/data/1.csv.gz' }],
  };
  await put(server.client, reports, 'inv/data/1.csv.gz', gzipSync(csv));
  await put(server.client, reports, 'inv/manifest.json', JSON.stringify(manifest));
  const inventory = ['--inventory', `${reports.uri}/inv/manifest.json`];
  const env = { ...server.env, ASSAY_HOME: join(root, 'inventory-home') };
  const { code, plan } = await planOf([`${lake.uri}/raw/`, ...inventory], env);
  assert.equal(code, 0);
  assert.deepEqual(plan.listed, { objects: 2, bytes: 2007 });
  assert.deepEqual(plan.formats, { jsonl: { objects: 1, bytes: 2000 } });
  assert.deepEqual(plan.skipped, { 'skipped:archived-tier': { objects: 1, bytes: 7 } });

  const wrong = await runCli(['plan', reports.uri, ...inventory], { env: { HOME: root, ...env } });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /it is of s3:/);
  await put(server.client, reports, 'inv/data/1.csv.gz', 'no gzip');
  const corrupt = await runCli(['plan', lake.uri, ...inventory], { env: { HOME: root, ...env } });
  assert.match(corrupt.stderr, /no gzip/);
});
