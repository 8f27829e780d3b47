import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ObjectReport, Report } from '../../src/model/report.ts';
import type { ScanEvent } from '../../src/model/scan-event.ts';
import { parseTarget } from '../../src/providers/parse-target.ts';
import { openState } from '../../workers/open-state.ts';
import { runScan } from '../../workers/run-scan.ts';
import { runCli } from '../cli/run-cli.ts';
import { tarOf, zipOf } from '../decode/archives.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { scanConfig } from '../workers/sample.ts';
import { CHAT, s3Scan } from './s3-scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-hash-'));
const gateway = await optional(startVersitygw);
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.server?.stop();
});

const MEDIA = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(3_000_000, 7)]);

function parquet(): Buffer {
  const text = Array.from({ length: 20_000 }, (_, row) => `${CHAT} ${row} ${'x'.repeat(row % 100)}`);
  const columns = [
    { name: 'id', data: text.map((_, row) => BigInt(row)), type: 'INT64' as const },
    { name: 'text', data: text, type: 'STRING' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData: columns, codec: 'UNCOMPRESSED', rowGroupSize: [2000] }));
}

/** One file of each way to be read: whole, from its end, not at all, or not to the end. */
const FILES: Record<string, Buffer> = {
  'chat.jsonl': Buffer.from(CHAT),
  'chat.jsonl.gz': gzipSync(CHAT),
  'chat.jsonl.zst': zstdCompressSync(CHAT),
  'document.json': Buffer.from(JSON.stringify({ text: CHAT })),
  'table.csv': Buffer.from('name,mail\nAnn,a\nBob,b\n'),
  'prose.txt': Buffer.from('some words\n'.repeat(200_000)),
  'utf16.txt': Buffer.from(`\ufeff${'some words\n'.repeat(1000)}`, 'utf16le'),
  'rows.parquet': parquet(),
  'broken.parquet': parquet().subarray(0, 40_000),
  'truncated.jsonl.gz': gzipSync(CHAT.repeat(1000)).subarray(0, 300),
  'chat.tar': tarOf([['chat.jsonl', CHAT]]),
  'chat.zip': zipOf([
    { name: 'chat.jsonl', data: Buffer.from(CHAT) },
    { name: 'b.txt', data: Buffer.alloc(300_000, 'b ') },
  ]),
  'picture.png': MEDIA,
  'unknown.bin': Buffer.from(Array.from({ length: 200_000 }, (_unused, at) => (at * 7) & 0x1f)),
  'bomb.gz': gzipSync(Buffer.alloc(150_000_000, 'words ')),
  empty: Buffer.alloc(0),
};

function writeFiles(name: string, files: Record<string, Buffer>): string {
  const root = join(folder, name);
  mkdirSync(root);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(root, file), bytes);
  return root;
}

/** What the system's own tool says, by file name. */
function sha256sum(root: string, names: string[]): Record<string, string> {
  const lines = execFileSync('sha256sum', names, { cwd: root, encoding: 'utf8' }).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

function hashes({ objects }: Report): Record<string, string | undefined> {
  return Object.fromEntries(objects.map(({ uri, sha256 }) => [uri.slice(uri.lastIndexOf('/') + 1), sha256]));
}

function objectOf({ objects }: Report, name: string): ObjectReport {
  const found = objects.find(({ uri }) => uri.endsWith(`/${name}`));
  assert.ok(found, name);
  return found;
}

async function scan(args: string[], home = 'home'): Promise<Report> {
  const file = join(folder, 'report.json');
  const { code, stderr } = await runCli(['scan', ...args, '--objects', 'all', '-o', `json=${file}`], {
    cwd: folder,
    env: { ASSAY_HOME: join(folder, 'homes', home) },
  });
  assert.ok(code === 0 || code === 3, stderr);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

test('--hash gives every object that is read the SHA-256 of its stored bytes, whatever its format and outcome', async () => {
  const root = writeFiles('formats', FILES);
  const report = await scan([root, '--hash', '--exclude', 'table.csv', '--max-ratio', '100']);
  const expected: Record<string, string | undefined> = sha256sum(root, Object.keys(FILES));
  expected['table.csv'] = undefined;
  assert.deepEqual(hashes(report), expected);
  const outcomes = Object.fromEntries(
    report.objects.map(({ uri, outcome }) => [uri.slice(uri.lastIndexOf('/') + 1), outcome]),
  );
  assert.equal(outcomes['picture.png'], 'skipped:media');
  assert.equal(outcomes['bomb.gz'], 'partial:ratio-limit');
  assert.equal(outcomes['truncated.jsonl.gz'], 'partial:truncated');
  assert.equal(outcomes['table.csv'], 'skipped:excluded');
});

test('--hash costs no second read where the format is read in order, and one of the rest where it is not', async () => {
  const read = async (name: string): Promise<[plain: number, hashed: number]> => {
    const root = writeFiles(`cost-${name}`, { [name]: FILES[name] as Buffer });
    return [(await scan([root])).coverage.bytes.read, (await scan([root, '--hash', '--rescan'])).coverage.bytes.read];
  };
  const [prose, proseHashed] = await read('prose.txt');
  assert.equal(proseHashed, prose);
  const [rows, rowsHashed] = await read('rows.parquet');
  const { length } = FILES['rows.parquet'] as Buffer;
  assert.ok(rowsHashed > rows && rowsHashed <= rows + length, `${rows} and ${rowsHashed} of ${length}`);
});

test('without --hash no object has a hash', async () => {
  const report = await scan([writeFiles('plain', { 'a.txt': Buffer.from('a\n') })]);
  assert.ok(report.objects.length > 0 && report.objects.every((object) => !('sha256' in object)));
});

test('an object that an earlier scan read without --hash is read again for it, and then its hash is reused', async () => {
  const root = writeFiles('reuse', { 'chat.jsonl': Buffer.from(CHAT), 'clean.txt': Buffer.from('clean\n') });
  const expected = sha256sum(root, ['chat.jsonl', 'clean.txt']);
  await scan([root], 'reuse');
  const second = await scan([root, '--hash'], 'reuse');
  assert.equal(second.coverage.objects.reused, 0);
  assert.deepEqual(hashes(second), expected);
  // A scan that wants no hashes in between must not lose them.
  assert.equal((await scan([root], 'reuse')).coverage.objects.reused, 2);
  const fourth = await scan([root, '--hash'], 'reuse');
  assert.equal(fourth.coverage.objects.reused, 2);
  assert.deepEqual(hashes(fourth), expected);
});

test('JSON lines hold the hashes too', async () => {
  const root = writeFiles('lines', { 'chat.jsonl': Buffer.from(CHAT), 'clean.txt': Buffer.from('clean\n') });
  const { stdout } = await runCli(['scan', root, '--hash', '--objects', 'all', '-f', 'jsonl'], {
    env: { ASSAY_HOME: join(folder, 'homes', 'lines') },
  });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string } & ObjectReport);
  const objects = lines.filter(({ type }) => type === 'object');
  assert.deepEqual(
    Object.fromEntries(objects.map(({ uri, sha256 }) => [uri.slice(uri.lastIndexOf('/') + 1), sha256])),
    sha256sum(root, ['chat.jsonl', 'clean.txt']),
  );
});

test('an object large enough to be read in parts has the findings of its parts and one hash', async () => {
  const root = join(folder, 'large');
  mkdirSync(root);
  const file = openSync(join(root, 'large.jsonl'), 'w');
  const filler = `${JSON.stringify({ text: 'no secrets here, only words '.repeat(36) })}\n`.repeat(1024);
  for (let part = 0; part < 130; part++) writeSync(file, `${CHAT}\n${filler}`);
  closeSync(file);
  const [plain, hashed] = [await scan([root]), await scan([root, '--hash'])];
  assert.deepEqual(hashes(hashed), sha256sum(root, ['large.jsonl']));
  const { sha256: _sha256, ...object } = objectOf(hashed, 'large.jsonl');
  assert.deepEqual(object, objectOf(plain, 'large.jsonl'));
  const total = ({ findings }: Report) => findings.map(({ fingerprint, count }) => [fingerprint, count]);
  assert.equal(plain.findings[0]?.count, 130);
  assert.deepEqual(total(hashed), total(plain));
});

test('a scan that is cancelled and continued has the hash of every object', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_unused, n) => [`f${n}.txt`, Buffer.from(`words ${n}\n`.repeat(100 + n))]),
  );
  const root = writeFiles('cancelled', files);
  const target = parseTarget(root, '/');
  const ledger = await openState(join(folder, 'homes', 'cancelled'));
  try {
    const stop = new AbortController();
    const config = scanConfig({ hash: true });
    const onEvent = ({ type }: ScanEvent): void => {
      if (type === 'object') stop.abort();
    };
    await assert.rejects(runScan({ targets: [target], config, ledger, onEvent, signal: stop.signal }));
    let resumed = false;
    const { scanId } = await runScan({
      targets: [target],
      config,
      ledger,
      onEvent: (event) => {
        if (event.type === 'scan') resumed = event.resumed;
      },
    });
    assert.equal(resumed, true);
    const found: Record<string, string | undefined> = {};
    for await (const { object, scan } of ledger.results(scanId)) found[object.key] = scan?.sha256;
    assert.deepEqual(found, sha256sum(root, Object.keys(files)));
  } finally {
    await ledger.close();
  }
});

serverTest(gateway, 'objects of a bucket are hashed as they are stored', async (server) => {
  const { report } = s3Scan(server.env);
  const bucket = await newBucket(server);
  const names = ['chat.jsonl.zst', 'rows.parquet', 'picture.png', 'empty'];
  for (const name of names) await put(server.client, bucket, name, FILES[name] as Buffer);
  const { report: json } = await report([bucket.uri, '--hash', '--objects', 'all']);
  assert.deepEqual(hashes(json), sha256sum(join(folder, 'formats'), names));
});
