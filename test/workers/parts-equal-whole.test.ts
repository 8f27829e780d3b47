import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadCatalog } from '../../detectors/catalog.ts';
import type { Random } from '../../detectors/detector.ts';
import { createRandom, expand } from '../../detectors/sample.ts';
import { memorySource } from '../../src/model/byte-source.ts';
import type { ObjectScan } from '../../src/model/finding.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { createScanner, type Scanner } from '../../src/scan/scanner.ts';
import { planRanges } from '../../workers/plan-ranges.ts';
import { joinParts } from '../../workers/scan-parts.ts';

const MAX_LOCATIONS = 1000;
let scanner: Scanner;

before(async () => {
  scanner = createScanner(await loadCatalog(), Buffer.alloc(32, 7));
});

async function scan(text: string, name: string, range?: { start: number; end: number }): Promise<ObjectScan> {
  const request = {
    source: memorySource(Buffer.from(text)),
    key: name,
    limits: DEFAULT_LIMITS,
    maxLocations: MAX_LOCATIONS,
  };
  return await scanner.scanObject(range === undefined ? request : { ...request, range });
}

async function scanInParts(
  text: string,
  name: string,
  partBytes: number,
): Promise<{ scan: ObjectScan; parts: number }> {
  const ranges = (await planRanges(memorySource(Buffer.from(text)), name, partBytes)) ?? [];
  const scans: ObjectScan[] = [];
  for (const range of ranges) scans.push(await scan(text, name, range));
  return { scan: joinParts(scans, MAX_LOCATIONS), parts: ranges.length };
}

/** Bytes read differ: every part looks at the head, and to the end of its last line. */
function comparable({ bytesRead: _bytesRead, ...scan }: ObjectScan): unknown {
  return scan;
}

function pem(random: Random): string {
  const lines = Array.from({ length: 20 }, () => expand('alnum:64', random));
  return ['-----BEGIN', ' RSA PRIVATE KEY-----\n', lines.join('\n'), '\n-----END', ' RSA PRIVATE KEY-----'].join('');
}

function paragraph(random: Random, index: number): string {
  const kind = random.int(6);
  if (kind === 0) return `contact person${index}@company-${random.int(50)}.org\nby mail`;
  if (kind === 1) return `token=${expand("'hf_' alpha:34", random)}`;
  if (kind === 2) return pem(random);
  return Array.from({ length: 1 + random.int(5) }, () => expand('lower:40', random)).join('\n');
}

for (const partBytes of [3000, 7777, 20_011]) {
  test(`text read in parts of ${partBytes} bytes has the findings and places of the whole`, async () => {
    const random = createRandom(partBytes);
    const text = Array.from({ length: 300 }, (_, index) => paragraph(random, index)).join('\n\n');
    const whole = await scan(text, 'notes.txt');
    const { scan: joined, parts } = await scanInParts(text, 'notes.txt', partBytes);
    assert.ok(parts > 1);
    assert.ok(whole.values.length > 10);
    assert.deepEqual(comparable(joined), comparable(whole));
  });

  test(`JSON lines read in parts of ${partBytes} bytes have the findings and places of the whole`, async () => {
    const random = createRandom(partBytes);
    const rows = Array.from({ length: 600 }, (_, index) =>
      JSON.stringify({ id: index, text: paragraph(random, index) }),
    );
    const text = rows.join('\n');
    const whole = await scan(text, 'rows.jsonl');
    const { scan: joined, parts } = await scanInParts(text, 'rows.jsonl', partBytes);
    assert.ok(parts > 1);
    assert.ok(whole.values.length > 10);
    assert.deepEqual(comparable(joined), comparable(whole));
  });
}
