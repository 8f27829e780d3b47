import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import type { CostReport } from '../../src/cli/show-cost.ts';
import { runCli } from './run-cli.ts';

const KEYS = 20;
const RECORDS = 400;
let folder = '';
let file = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-cost-'));
  file = join(folder, 'data.jsonl');
  const lines = Array.from({ length: RECORDS }, (_, row) => {
    const key = row < KEYS ? `GITLAB_TOKEN=${expand("'glpat-' alnum:20", `cost ${row}`)}` : '';
    return JSON.stringify({ text: `Record ${row}: ${'zorb_1 '.repeat(100)}\n${key}` });
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function cost(...args: string[]): Promise<CostReport> {
  const { code, stdout, stderr } = await runCli(['detectors', 'cost', '-f', 'json', ...args]);
  assert.deepEqual([code, stderr], [0, '']);
  return JSON.parse(stdout);
}

test('each detector is told with what it looks for, how often it came how far and its share of the time', async () => {
  const { format, outcome, bytes, plan, stages, detectors } = await cost('--on', file);
  assert.deepEqual([format, outcome, plan.detectors], ['jsonl', 'complete', detectors.length]);
  const gitlab = detectors.find(({ id }) => id === 'gitlab-personal-access-token');
  const count = (perMb = 0): number => Math.round((perMb * bytes) / 1e6);
  assert.deepEqual(
    [gitlab?.seenPerMb, gitlab?.candidatesPerMb, gitlab?.patternCallsPerMb, gitlab?.matchesPerMb].map(count),
    [KEYS, KEYS, KEYS, KEYS],
  );
  assert.ok(gitlab?.triggers.some(({ text, piece }) => text === '"glpat-"' && text.includes(piece.slice(1, -1))));
  assert.ok((gitlab?.microsecondsPerMb ?? 0) > 0);
  const shares = stages.reduce((sum, { share }) => sum + share, 0);
  assert.ok(Math.abs(shares - 1) < 0.01, `${shares}`);
  assert.ok(detectors.every(({ share }, at) => share <= (detectors[at - 1]?.share ?? 1)));
});

test('an own detector that is asked everywhere stands first, with a warning', async () => {
  const own = join(folder, 'detectors');
  mkdirSync(own);
  writeFileSync(
    join(own, 'zorb.yaml'),
    `- id: zorb-number
  name: Number of a zorb
  issuer: zorb
  category: secret
  severity: low
  level: restricted
  fix: Remove it.
  pattern: '[^\\n]{0,40}zorb_[^\\n]{40,70}X'
  maxLength: 120
  triggers: [{ literal: zorb_, at: inside }]
  examples: [{ shape: "'zorb_' alnum:50 'X'" }]
  counterExamples: { a short one: zorb_1 }
`,
  );
  const args = ['detectors', 'cost', '--on', file, '--detectors', own, '--top', '1'];
  const { code, stdout, stderr } = await runCli(args);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /\nDETECTOR .*\nzorb-number .* "zorb_"/);
  assert.match(stdout, /\nwarning: zorb-number takes \d+\.\d % of the time/);
});

test('what is not one file of this machine cannot be priced', async () => {
  for (const [given, exit] of [
    [folder, 2],
    [join(folder, 'absent.jsonl'), 4],
    ['s3://bucket/data.jsonl', 2],
  ] as const) {
    const { code, stdout, stderr } = await runCli(['detectors', 'cost', '--on', given]);
    assert.deepEqual([code, stdout], [exit, ''], given);
    assert.ok(stderr.includes(given), stderr);
  }
});
