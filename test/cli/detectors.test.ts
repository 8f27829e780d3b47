import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../detectors/catalog.ts';
import type { Detector } from '../../detectors/detector.ts';
import { expand } from '../../detectors/sample.ts';
import { findProblems } from '../../src/cli/detectors-check.ts';
import { runCli } from './run-cli.ts';

const TOKEN = expand("'glpat-' alnum:20", 'cli');

interface Answer {
  id: unknown;
  findings: { detector: string; issuer: string | null; start: number; end: number; suppressed: string | null }[];
  column: { entity: string | null; probability: number } | null;
  error: string | null;
}

async function judge(lines: (object | string)[]): Promise<{ code: number | null; answers: Answer[]; stdout: string }> {
  const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { code, stdout, stderr } = await runCli(['detectors', 'test', '--jsonl'], { input: `${input}\n` });
  assert.equal(stderr, '');
  return {
    code,
    stdout,
    answers: stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Answer),
  };
}

test('each line is answered alone and in order, with the place in bytes and without the value', async () => {
  const many = Array.from({ length: 300 }, (_, id) => ({ id, text: id % 3 === 0 ? `ключ: ${TOKEN}` : 'nothing here' }));
  const { code, answers, stdout } = await judge(many);
  assert.equal(code, 0);
  assert.deepEqual(
    answers.map(({ id }) => id),
    many.map(({ id }) => id),
  );
  for (const { id, findings, column, error } of answers) {
    assert.equal(error, null);
    assert.equal(column, null);
    assert.equal(findings.length, Number(id) % 3 === 0 ? 1 : 0);
  }
  const found = answers[0]?.findings[0];
  const start = Buffer.byteLength('ключ: ');
  assert.deepEqual([found?.issuer, found?.start, found?.end], ['gitlab', start, start + TOKEN.length]);
  assert.ok(!stdout.includes(TOKEN.slice(6, 18)));
});

test('an answer has exactly the fields of the contract', async () => {
  const { answers } = await judge([{ id: 'a', text: TOKEN }]);
  assert.deepEqual(Object.keys(answers[0] ?? {}).sort(), ['column', 'error', 'findings', 'id']);
  assert.deepEqual(Object.keys(answers[0]?.findings[0] ?? {}).sort(), [
    'alternatives',
    'category',
    'checks',
    'confidence',
    'detector',
    'end',
    'entity',
    'issuer',
    'probability',
    'severity',
    'start',
    'suppressed',
  ]);
});

test('a line that cannot be judged is answered with its error, the others are judged, and the exit code is 4', async () => {
  const { code, answers } = await judge([
    { id: 1, text: TOKEN },
    '{"id": 2, "text": ',
    { id: 3 },
    { id: 4, text: 17 },
    { id: 5, column: 'x', values: [1] },
    '[]',
    '',
    { id: { deep: true }, text: 'fine' },
  ]);
  assert.equal(code, 4);
  assert.deepEqual(
    answers.map(({ id, error }) => [id, error]),
    [
      [1, null],
      [null, 'not-json'],
      [3, 'bad-input'],
      [4, 'bad-input'],
      [5, 'bad-input'],
      [null, 'bad-input'],
      [null, 'not-json'],
      [{ deep: true }, null],
    ],
  );
  assert.equal(answers[0]?.findings.length, 1);
});

test('bytes that are no UTF-8 are an error of their line', async () => {
  const input = Buffer.concat([
    Buffer.from('{"id":1,"text":"'),
    Buffer.from([0xff]),
    Buffer.from('"}\n{"id":2,"text":"a"}'),
  ]);
  const { code, stdout } = await runCli(['detectors', 'test', '--jsonl'], { input });
  assert.equal(code, 4);
  assert.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).error),
    ['not-utf8', null],
  );
});

test('a column without text is judged by its name and values', async () => {
  const { code, answers } = await judge([
    { id: 1, column: 'email', siblings: ['name', 'phone'] },
    { id: 2, column: 'height', siblings: ['width'], values: ['12', '15'] },
  ]);
  assert.equal(code, 0);
  assert.equal(answers[0]?.column?.entity, 'EMAIL');
  assert.equal(answers[1]?.column?.entity, null);
});

test('without input there is no answer', async () => {
  assert.deepEqual(await runCli(['detectors', 'test', '--jsonl']), { code: 0, stdout: '', stderr: '' });
});

test('one text is explained for people, without its value', async () => {
  const { code, stdout } = await runCli(['detectors', 'test'], { input: `token ${TOKEN}\n` });
  assert.equal(code, 0);
  assert.match(stdout, /gitlab-personal-access-token: gitlab, secret, critical/);
  assert.match(stdout, /bytes 6 to 32/);
  assert.ok(!stdout.includes(TOKEN.slice(6, 18)));
  assert.equal((await runCli(['detectors', 'test'], { input: 'plain words' })).stdout, 'nothing found\n');
});

test('with --column the text is a cell of that column', async () => {
  const cell = { input: '219-45-6789\n' };
  const withColumn = await runCli(['detectors', 'test', '--column', 'ssn'], cell);
  assert.match(withColumn.stdout, /us-ssn: US_SSN.*\n.*confirmed/);
  const without = await runCli(['detectors', 'test', '--column', 'part_number'], cell);
  assert.doesNotMatch(without.stdout, /confirmed/);
});

test('--jsonl takes name and column from its lines alone', async () => {
  assert.equal((await runCli(['detectors', 'test', '--jsonl', '--column', 'x'])).code, 2);
});

test('list names every detector once, as text and as JSON', async () => {
  const ids = (await loadCatalog()).map(({ id }) => id);
  const text = await runCli(['detectors', 'list']);
  assert.deepEqual(
    text.stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0]),
    ids,
  );
  const json = await runCli(['detectors', 'list', '-f', 'json']);
  assert.deepEqual(
    JSON.parse(json.stdout).map(({ id }: { id: string }) => id),
    ids,
  );
});

test('show explains detectors that have code beside their pattern', async () => {
  for (const id of ['email-address', 'credit-card', 'generic-password', 'uk-nhs-number']) {
    const { code, stdout } = await runCli(['detectors', 'show', id]);
    assert.equal(code, 0, id);
    assert.match(stdout, new RegExp(`^id: ${id}$`, 'm'));
    assert.doesNotMatch(stdout, /^(find|matchAt|validateDigits|counter|validate):/m);
  }
});

test('show explains one detector; an unknown id is a usage error with a hint', async () => {
  const shown = await runCli(['detectors', 'show', 'us-ssn']);
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /entity: US_SSN/);
  const missing = await runCli(['detectors', 'show', 'us-snn']);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /did you mean us-ssn\?/);
});

test('check names a malformed detector, an example that is missed and a counter-example that is found', async () => {
  const sound = (await loadCatalog()).find(({ id }) => id === 'gitlab-personal-access-token') as Detector;
  assert.deepEqual(await findProblems([sound]), []);
  const malformed = await findProblems([{ ...sound, triggers: [] }]);
  assert.match(malformed[0]?.problem ?? '', /no trigger/);
  const missed = await findProblems([{ ...sound, examples: ["'no token at all'"] }]);
  assert.deepEqual(
    missed.map(({ problem }) => problem),
    ['example 1 is not found'],
  );
  const loud = await findProblems([{ ...sound, counterExamples: { 'a token': "'glpat-' alnum:20" } }]);
  assert.deepEqual(
    loud.map(({ problem }) => problem),
    ['counter-example "a token" is found'],
  );
});
