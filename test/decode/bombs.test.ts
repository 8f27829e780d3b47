import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { BOMBS, limitsOf } from './fixtures/bombs.ts';

const CHILD = new URL('./fixtures/bomb-child.ts', import.meta.url).pathname;
/** Each must end within this, or the test fails. */
const TIMEOUT_MS = 60_000;
const MAX_GROWTH_MB = 256;

/** What each ends as, and the notes that name what was met. */
const EXPECTED: Record<string, [outcome: string, ...notes: string[]]> = {
  gzip: ['partial:ratio-limit'],
  'gzip, many layers': ['partial:depth-limit'],
  zstd: ['partial:ratio-limit'],
  'zstd, a window of 2 GiB': ['partial:memory-limit'],
  'zstd, wide windows in wide windows': ['partial:memory-limit'],
  brotli: ['partial:ratio-limit'],
  'gzip in gzip in zip': ['partial:ratio-limit'],
  'zip in zip, five deep': ['partial:ratio-limit'],
  'zip in zip, nine deep': ['partial:depth-limit', 'members-depth-limit'],
  'zip, all entries the same': ['partial:corrupt', 'members-overlapping'],
  'zip, entries that quote each other': ['partial:corrupt', 'members-overlapping'],
  'zip, a directory of a million entries': ['partial:entries-limit'],
  'zip, a directory too large to hold': ['partial:memory-limit'],
  'zip inside gzip, too large to hold': ['partial:unsupported-member'],
  'tar, five million empty members': ['partial:entries-limit'],
  'tar, fifty deep': ['partial:depth-limit', 'members-depth-limit'],
  'tar, a member that claims terabytes': ['partial:truncated'],
  'tar, pax records of gigabytes': ['partial:corrupt'],
  'tar, endless pax records': ['complete'],
  'tar, zeros of gigabytes': ['complete'],
  'parquet, a page of 2 GB': ['partial:page-limit', 'pages-too-large'],
  'parquet, a row group of 2 GB': ['partial:corrupt'],
  'parquet, pages that together are gigabytes': ['partial:ratio-limit'],
  'parquet, a dictionary that is used without end': ['complete'],
  'parquet inside gzip, too large to hold': ['partial:memory-limit'],
  'json, a million levels': ['complete'],
  'json, a million keys deep': ['complete'],
  'one line of 10 GB': ['complete'],
  'one JSON string of 1 GB': ['complete'],
  'one CSV cell of 500 MB': ['complete'],
  'csv, a million columns': ['complete'],
  'NULs of 50 GB': ['skipped:unsupported'],
};

describe('an object made to exhaust whoever reads it ends by name, in bounded time and memory', {
  concurrency: 2,
}, () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'assay-bombs-'));
  });
  after(() => rm(directory, { recursive: true }));

  test('every bomb is expected to end as something', () => {
    assert.deepEqual(Object.keys(BOMBS), Object.keys(EXPECTED));
  });

  for (const [index, [name, [outcome, ...notes]]] of Object.entries(EXPECTED).entries()) {
    test(name, async () => {
      const bomb = await BOMBS[name]?.();
      assert.ok(bomb !== undefined);
      const args = ['--expose-gc', CHILD, name];
      if ('bytes' in bomb) {
        const file = join(directory, String(index));
        await writeFile(file, bomb.bytes);
        args.push(file, JSON.stringify(limitsOf(bomb)));
        args[2] = bomb.name ?? name;
      }
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
      const seen = JSON.parse(stdout);
      assert.equal(seen.outcome, outcome);
      for (const note of notes) assert.ok(seen.notes[note] > 0, `${note} in ${stdout}`);
      assert.ok(seen.grownMb <= MAX_GROWTH_MB, `memory grew by ${seen.grownMb} MB`);
    });
  }
});
