import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBar, describeProgress, duration, showProgress, size } from '../../src/cli/progress.ts';
import type { ScanProgress } from '../../src/model/scan-event.ts';

const ZERO: ScanProgress = {
  listed: { objects: 0, bytes: 0 },
  listingComplete: false,
  done: { objects: 0, bytes: 0 },
  bytesRead: 0,
  bytesScanned: 0,
  findings: 0,
};

test('objects, bytes, rate, time left and findings are told', () => {
  const progress: ScanProgress = {
    listed: { objects: 5000, bytes: 4e9 },
    listingComplete: true,
    done: { objects: 1200, bytes: 1e9 },
    bytesRead: 1e9,
    bytesScanned: 3e9,
    findings: 1,
  };
  assert.equal(
    describeProgress(progress, ZERO, 10_000),
    '1,200 of 5,000 objects, 1.00 GB of 4.00 GB, 300 MB/s, 30 s left, 1 finding',
  );
  assert.equal(
    describeBar(progress, ZERO, 10_000),
    `[######------------------]  25 %  ${describeProgress(progress, ZERO, 10_000)}`,
  );
});

test('while the listing runs, no end is promised', () => {
  const progress = { ...ZERO, listed: { objects: 1000, bytes: 1e9 }, done: { objects: 10, bytes: 1e7 } };
  assert.equal(
    describeProgress(progress, ZERO, 5000),
    '10 of at least 1,000 objects, 10.0 MB of 1.00 GB, 0 B/s, 0 findings',
  );
});

test('one large object that is half read counts by half', () => {
  const progress = {
    ...ZERO,
    listed: { objects: 1, bytes: 8e9 },
    listingComplete: true,
    bytesRead: 4e9,
    bytesScanned: 4e9,
  };
  assert.match(describeProgress(progress, ZERO, 60_000), /^0 of 1 objects, 4\.00 GB of 8\.00 GB, .*, 1 min left/);
});

test('what earlier runs did is behind us but says nothing about the speed of this one', () => {
  const start = {
    ...ZERO,
    listed: { objects: 10, bytes: 1000 },
    listingComplete: true,
    done: { objects: 5, bytes: 500 },
  };
  assert.doesNotMatch(describeProgress(start, start, 5000), /left/);
  const later = { ...start, done: { objects: 6, bytes: 600 }, bytesRead: 100, bytesScanned: 100 };
  assert.match(describeProgress(later, start, 5000), /^6 of 10 objects, 600 B of 1\.00 kB, 20 B\/s, 20 s left/);
});

test('nothing listed is nothing done', () => {
  assert.equal(
    describeBar(ZERO, ZERO, 0),
    `[${'-'.repeat(24)}]   0 %  0 of at least 0 objects, 0 B of 0 B, 0 findings`,
  );
});

test('sizes and times are short and never round up to another unit', () => {
  assert.deepEqual([0, 999, 1000, 999_400, 999_600, 1.5e12].map(size), [
    '0 B',
    '999 B',
    '1.00 kB',
    '999 kB',
    '1.00 MB',
    '1.50 TB',
  ]);
  assert.deepEqual([1, 59_000, 61_000, 3_600_000, 9_000_000].map(duration), [
    '1 s',
    '59 s',
    '2 min',
    '1 h 0 min',
    '2 h 30 min',
  ]);
});

function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = { isTTY, columns: 40, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream;
  return { stream, text: () => text };
}

test('a terminal gets one line that fits and is cleared at the end', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { stream, text } = fakeStream(true);
  const display = showProgress(stream);
  display.update({ ...ZERO, listed: { objects: 7, bytes: 70 } });
  t.mock.timers.tick(1000);
  display.end();
  const lines = text().split('\r\x1b[2K');
  assert.ok(lines.length > 3);
  assert.ok(lines.every((line) => line.length < 40 && !line.includes('\n')));
  assert.equal(lines.at(-1), '');
});

test('elsewhere one line is written every ten seconds, and none of a scan that is over before', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { stream, text } = fakeStream(false);
  const display = showProgress(stream);
  display.update(ZERO);
  t.mock.timers.tick(9999);
  assert.equal(text(), '');
  t.mock.timers.tick(20_001);
  display.end();
  assert.equal(text().match(/^assay: 0 of at least 0 objects.*\n/gm)?.length, 3);
});
