import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { tarOf, zipOf } from './archives.ts';
import { members, readInPieces } from './support.ts';

const TEXT = 'first line\nthen MARK\n';

test('containers nest to the depth limit, and the member names the way', async () => {
  const inner = zipOf([{ name: 'in.jsonl.gz', data: gzipSync('{"a":"MARK"}\n') }]);
  const nested = gzipSync(tarOf([['dir/x.zip', inner]]));
  const decoded = await readInPieces(nested, { name: 'a.tar.gz' });
  assert.deepEqual([decoded.result.outcome, members(decoded)], ['complete', ['dir/x.zip/in.jsonl.gz']]);
  assert.equal(decoded.hits[0]?.location.pointer, '/a');
  let bytes: Buffer = Buffer.from(TEXT);
  for (let i = 0; i < 5; i++)
    bytes = tarOf([
      ['t', bytes],
      ['beside.txt', TEXT],
    ]);
  assert.deepEqual(
    [(await readInPieces(bytes)).result.outcome, (await readInPieces(bytes)).hits.length],
    ['complete', 6],
  );
  const deeper = await readInPieces(
    tarOf([
      ['t', bytes],
      ['beside.txt', TEXT],
    ]),
  );
  assert.deepEqual([deeper.result.outcome, deeper.hits.length], ['partial:depth-limit', 5]);
});

test('Parquet is read inside of everything', async () => {
  const data = ['one', 'two', 'a MARK', 'four'];
  const parquet = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'text', data }] }));
  const large = Buffer.alloc(9 * 1024 * 1024, 'x');
  const cases: Buffer[] = [
    gzipSync(parquet),
    tarOf([['a.parquet', parquet]]),
    gzipSync(tarOf([['a.parquet', parquet]])),
    zipOf([{ name: 'a.parquet', data: parquet }]),
    zipOf([{ name: 'a.parquet', data: parquet, method: 0 }]),
    tarOf([
      [
        'a.zip',
        zipOf([
          { name: 'a.parquet', data: parquet, method: 0 },
          { name: 'x', data: large, method: 0 },
        ]),
      ],
    ]),
  ];
  for (const bytes of cases) {
    const { hits, result } = await readInPieces(bytes, { chunkBytes: 64 * 1024 });
    assert.equal(result.outcome, 'complete');
    assert.deepEqual(
      hits.map(({ location }) => [location.column, location.row]),
      [['text', 2]],
    );
  }
});

test('a compressed Parquet file that is too large to be held says so', async () => {
  const data = Array.from({ length: 20_000 }, (_, i) => `${(i * 2654435761) % 4294967296}`);
  const parquet = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'text', data }] }));
  const { result } = await readInPieces(gzipSync(parquet), { limits: { ...DEFAULT_LIMITS, maxHeldBytes: 64 * 1024 } });
  assert.deepEqual([result.outcome, result.format], ['partial:memory-limit', 'parquet+gzip']);
});
