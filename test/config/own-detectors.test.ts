import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CHECK_NAMES } from '../../detectors/validators/named-checks.ts';
import { idProblems, MAX_OWN_DETECTORS, readOwnDetectors } from '../../src/config/own-detector-files.ts';
import { OWN_FIELDS } from '../../src/config/own-detector-schema.ts';

const cwd = mkdtempSync(join(tmpdir(), 'assay-own-'));
after(() => rmSync(cwd, { recursive: true }));
let folders = 0;

/** A folder with these files; answers its path. */
function folder(files: Record<string, string | Buffer>): string {
  const path = join(cwd, `set${folders++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

function problemsOf(files: Record<string, string | Buffer>): string[] {
  const path = folder(files);
  return readOwnDetectors([path], path).problems.map(
    ({ file, line, field, reason }) => `${file}:${line} ${field} ${reason}`,
  );
}

const SOUND = `
id: acme-api-key
issuer: acme
category: secret
severity: high
pattern: acme_[0-9a-z]{24}
examples: [acme_4f9k]
`;

test('a file holds one detector or a list of them; folders are read to their depths, other files are not', () => {
  const path = folder({
    'a.yaml': SOUND,
    'deep/b.yml': `- ${SOUND.trim().replaceAll('\n', '\n  ')}\n- ${SOUND.trim().replaceAll('\n', '\n  ')}\n`,
    'notes.txt': 'not: [yaml',
    '.hidden.yaml': 'not: [yaml',
  });
  const { drafts, problems } = readOwnDetectors([path], cwd);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    drafts.map(({ given }) => given.id),
    ['acme-api-key', 'acme-api-key', 'acme-api-key'],
  );
  assert.equal(readOwnDetectors([join(path, 'a.yaml')], cwd).drafts.length, 1);
});

test('every problem of every file is told with its line, not the first', () => {
  const found = problemsOf({
    'a.yaml': `- id: Acme Key
  issuer: Acme Inc
  category: secrets
  severity: high
  level: internal
  patern: abc
  pattern: 5
  maxLength: 0
  edges: sharp
  probability: 1
  checks: [luhm]
  context: { strong: [], stronk: [a] }
  triggers:
    - literal: abc
    - { literal: abcd, fol: true }
    - { shape: x }
  counterExamples: { '': x }
- 17
`,
    'b.yaml': 'id: b\ncategory: pii\nseverity: low\nissuer: b\nexamples: []\npattern: x\n',
    'c.yaml': 'id: c\nid: d\n',
    'd.yaml': 'id: !!js/function "x"\n',
  });
  for (const expected of [
    /^a\.yaml:1 id must be lower-case words joined by -$/,
    /^a\.yaml:2 issuer must be lower-case letters/,
    /^a\.yaml:3 category must be one of secret, key/,
    /^a\.yaml:6 patern is not a field; did you mean pattern\?$/,
    /^a\.yaml:7 pattern must be text/,
    /^a\.yaml:8 maxLength must be a whole number from 1/,
    /^a\.yaml:9 edges must be one of word, token/,
    /^a\.yaml:10 probability must be a number between 0 and 1/,
    /^a\.yaml:11 checks\[0\] is not a check; did you mean luhn\?$/,
    /^a\.yaml:12 context\.strong is an empty list/,
    /^a\.yaml:12 context\.stronk is not a field/,
    /^a\.yaml:15 triggers\[1\]\.fol is not a field/,
    /^a\.yaml:16 triggers\[2\] must be one of/,
    /^a\.yaml:1 examples is missing$/,
    /^a\.yaml:17 counterExamples has an empty reason$/,
    /^a\.yaml:18 {2}must hold the fields of a detector$/,
    /^b\.yaml:4 issuer must be an entity: category pii/,
    /^b\.yaml:5 examples is an empty list$/,
    /^c\.yaml:2 {2}the same key stands here for the second time$/,
    /^d\.yaml:1 {2}has a tag/,
  ]) {
    assert.ok(
      found.some((line) => expected.test(line)),
      `${expected} is not in\n${found.join('\n')}`,
    );
  }
});

test('what cannot be read, holds nothing or is no text is a problem, never an exception', () => {
  assert.match(problemsOf({ 'notes.txt': '' })[0] ?? '', /holds no \.yaml file/);
  assert.match(problemsOf({ 'a.yaml': '' })[0] ?? '', /holds no detector/);
  assert.match(problemsOf({ 'a.yaml': '[]' })[0] ?? '', /holds no detector/);
  assert.match(problemsOf({ 'a.yaml': Buffer.from([0x69, 0xff, 0xfe]) })[0] ?? '', /not UTF-8/);
  assert.match(problemsOf({ 'a.yaml': 'id: [\n' })[0] ?? '', /not YAML/);
  const absent = readOwnDetectors([join(cwd, 'absent')], cwd).problems;
  assert.match(absent[0]?.reason ?? '', /cannot be read \(ENOENT\)/);
});

test('a hostile file ends in a message: aliases, nesting, size, numbers', () => {
  const layers = Array.from({ length: 12 }, (_, i) => `k${i + 1}: &k${i + 1} [${`*k${i},`.repeat(9)}]`);
  assert.match(problemsOf({ 'a.yaml': `k0: &k0 [x]\n${layers.join('\n')}\n` })[0] ?? '', /aliases/);
  for (const deep of ['['.repeat(20_000), '- '.repeat(5000), '? '.repeat(5000), '{a: '.repeat(20_000)])
    assert.match(problemsOf({ 'a.yaml': deep })[0] ?? '', /nested too deeply/);
  assert.match(problemsOf({ 'a.yaml': `# ${'x'.repeat(1024 ** 2)}` })[0] ?? '', /more than 1048576/);
  const many = Array.from({ length: MAX_OWN_DETECTORS + 1 }, (_, i) => `- id: d${i}`).join('\n');
  assert.match(problemsOf({ 'a.yaml': many })[0] ?? '', /2001 detectors, more than 2000/);
});

test('names of prototypes are fields like others', () => {
  const found = problemsOf({
    'a.yaml': `${SOUND}__proto__: { polluted: 1 }\nconstructor: 1\nhasOwnProperty: 2\ncounterExamples: { __proto__: x, constructor: y }\ncontext: { __proto__: { polluted: 1 } }\n`,
  });
  assert.ok(found.some((line) => line.includes('__proto__ is not a field')));
  assert.ok(found.some((line) => line.includes('constructor is not a field')));
  assert.equal(({} as { polluted?: number }).polluted, undefined);
  assert.deepEqual(Object.keys(Object.prototype), []);
});

test('an id stands once; one of the catalogue only where it is replaced; what is replaced must be there', () => {
  const path = folder({
    'a.yaml': `- id: one\n- id: one\n- id: taken\n- { id: other, replaces: taken }\n- { id: taken, replaces: taken }\n- { id: three, replaces: takn }\n`,
  });
  const { drafts } = readOwnDetectors([path], path);
  assert.deepEqual(
    idProblems(drafts, ['taken']).map(({ line, field, reason }) => `${line} ${field}: ${reason}`),
    [
      '2 id: one stands already in a.yaml, line 1',
      '3 id: taken is in the catalogue; take another one, or add replaces: taken',
      '5 id: taken stands already in a.yaml, line 3',
      '6 replaces: takn is not in the catalogue; did you mean taken?',
    ],
  );
});

test('context words and columns are taken in any spelling', () => {
  const path = folder({ 'a.yaml': `${SOUND}context: { strong: [Acme Key], columns: [Acme Key-Id] }\n` });
  const [draft] = readOwnDetectors([path], cwd).drafts;
  assert.deepEqual(draft?.given.context, { strong: ['acme key'], columns: ['acme_key_id'] });
});

test('the documentation names every field and every check', () => {
  const text = readFileSync(new URL('../../docs/detectors.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  for (const name of [...OWN_FIELDS, ...CHECK_NAMES]) {
    assert.ok(
      rows.some((row) => (row.split(' | ')[0] ?? '').includes(`\`${name}\``)),
      name,
    );
  }
});
