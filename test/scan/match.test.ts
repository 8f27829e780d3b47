import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Detector } from '../../detectors/detector.ts';
import { TextWindow } from '../../src/decode/text-window.ts';
import { compileSet } from '../../src/scan/compile.ts';
import { MAX_LOOK_BACK, StreamMatcher } from '../../src/scan/match.ts';
import { matchText } from '../../src/scan/match-text.ts';
import type { Match } from '../../src/scan/placed-match.ts';

function detector(fields: Partial<Detector> & Pick<Detector, 'id' | 'triggers'>): Detector {
  return {
    name: fields.id,
    issuer: fields.entity === undefined ? fields.id : undefined,
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: 'Rotate it.',
    maxLength: 64,
    bits: 5,
    examples: [],
    counterExamples: {},
    ...fields,
  } as Detector;
}

const TOKEN = detector({ id: 'tok', triggers: [{ literal: 'tok_' }], pattern: 'tok_[0-9a-z]{8}' });
const MIDDLE = detector({
  id: 'mid',
  triggers: [{ literal: 'MARK', at: 'inside' }],
  pattern: '[a-z]{2,6}MARK[a-z]{2,6}',
});
const KEYED = detector({
  id: 'keyed',
  triggers: [{ literal: 'password', fold: true }],
  pattern: '(?i:password)[ ]{0,2}=[ ]{0,2}(?P<value>[0-9A-Za-z_]{6,20})',
  bits: 1,
});
const SSN = detector({
  id: 'ssn',
  entity: 'US_SSN',
  triggers: [{ digits: ['999-99-9999', '999999999'] }],
  edges: 'number',
  bits: -10,
  randomPass: 0.9,
  context: { strong: ['ssn', 'social security'], columns: ['ssn', 'social_security_number'], against: ['order'] },
});
const QUAD = detector({
  id: 'quad',
  entity: 'IP_ADDRESS',
  triggers: [{ digits: ['#.#.#.#'] }],
  edges: 'number',
  bits: 1,
});
const ALL = [TOKEN, MIDDLE, KEYED, SSN, QUAD];
const set = compileSet(ALL);

const show = (match: Match) => `${match.detector.detector.id}:${match.value}@${match.start}`;
const found = (text: string, column?: string) =>
  matchText(set, Buffer.from(text), column === undefined ? undefined : () => ({ column })).map(show);

test('a token is found after an escape and refused inside a word', () => {
  assert.deepEqual(found('a "x\\ntok_12345678" b'), ['tok:tok_12345678@6']);
  assert.deepEqual(found('xtok_12345678 tok_123456789 tok_1234'), []);
});

test('the value group is what is reported, and its edges count', () => {
  assert.deepEqual(found('my_PASSWORD = changeme;'), ['keyed:changeme@14']);
});

test('a trigger inside its match finds the match around it', () => {
  assert.deepEqual(found('zz abMARKcd MARK xMARKy'), ['mid:abMARKcd@3']);
});

test('the likelier of two overlapping matches wins and names the other', () => {
  const [match] = matchText(set, Buffer.from('password=tok_12345678'));
  assert.equal(match?.detector.detector.id, 'tok');
  assert.deepEqual(match?.alternatives, ['keyed']);
});

test('words around a number and the name of its column raise its odds', () => {
  const bits = (text: string, column?: string) =>
    matchText(set, Buffer.from(text), column === undefined ? undefined : () => ({ column }))[0]?.bits;
  assert.equal(bits('id 000-45-6789'), -10);
  assert.equal(bits('SSN: 000-45-6789'), -3);
  assert.equal(bits('his Social-Security no. 000-45-6789'), -3);
  assert.equal(bits('lesson 000-45-6789'), -10);
  assert.equal(bits('order 000-45-6789'), -17);
  assert.equal(bits('000-45-6789', 'ssn'), 0);
  assert.equal(bits('000-45-6789', 'customerSSN'), -5);
  assert.equal(bits('x,ssn\n000-45-6789', 'other'), -10);
});

test('digits that go on are not a shorter number', () => {
  assert.deepEqual(found('1000-45-6789 000-45-67891 0.000456789 000456789.5'), []);
  assert.deepEqual(found('v 1.2.3.4, 1.2.3.4.5'), ['quad:1.2.3.4@2']);
});

test('every personal-data shape is a trial, whatever becomes of it', () => {
  const trials: string[] = [];
  const strict = compileSet([{ ...SSN, validate: () => null }]);
  const matcher = new StreamMatcher(strict, {
    match: () => assert.fail('no match'),
    trial: (_, text) => void trials.push(text),
  });
  const bytes = Buffer.from('000456789,319456789');
  matcher.scan({ bytes, base: 0, from: 0, to: bytes.length, last: true, locator: { locate: () => ({}) } });
  assert.deepEqual(trials, ['000456789', '319456789']);
});

test('the findings of a stream do not depend on where it is cut', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'tok_12345678',
      'abMARKcd',
      'password = changeme',
      '000-45-6789',
      '000456789',
      '10.0.0.1',
      'ssn ',
      '\\n',
      ' ',
      '\n',
      'password=tok_12345678',
    ),
    fc.string({ maxLength: 12 }),
    fc.nat({ max: 700 }).map((count) => 'z '.repeat(count)),
    fc.stringMatching(/^[0-9 .-]{0,80}$/),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 1, max: 300 }),
      (pieces, window, step) => {
        const bytes = Buffer.from(pieces.join(''));
        const whole = matchText(set, bytes).map(show);
        const cut: string[] = [];
        const matcher = new StreamMatcher(set, { match: (match) => void cut.push(show(match)), trial: () => {} });
        const text = new TextWindow(matcher.scan, { window, left: 2 * MAX_LOOK_BACK, right: 2 * MAX_LOOK_BACK });
        text.open({ locate: () => ({}) });
        for (let at = 0; at < bytes.length; at += step) text.write(bytes.subarray(at, at + step));
        text.close();
        assert.deepEqual(cut, whole);
      },
    ),
    { numRuns: 300 },
  );
});

test('a match on every possible cut of a buffer is found once', () => {
  const bytes = Buffer.from(`${'x '.repeat(1100)}tok_12345678 ${'y '.repeat(1100)}`);
  for (let window = 1; window <= 260; window++) {
    const cut: string[] = [];
    const matcher = new StreamMatcher(set, { match: (match) => void cut.push(show(match)), trial: () => {} });
    const text = new TextWindow(matcher.scan, { window, left: 1024, right: 1024 });
    text.open({ locate: () => ({}) });
    text.write(bytes);
    text.close();
    assert.deepEqual(cut, ['tok:tok_12345678@2200'], `window ${window}`);
  }
});
