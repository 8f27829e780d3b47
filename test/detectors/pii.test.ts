import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadCatalog } from '../../detectors/catalog.ts';
import { createRandom } from '../../detectors/sample.ts';
import { judgeTrials } from '../../src/classify/column-test.ts';
import { compileSet } from '../../src/scan/compile.ts';
import { probabilityOf } from '../../src/scan/evidence.ts';
import { matchText } from '../../src/scan/match-text.ts';

const personal = (await loadCatalog()).filter((detector) => detector.entity !== undefined);
const set = compileSet(personal);

/** Entities reported in a text with at least likely confidence. */
function entitiesIn(text: string, column?: string): string[] {
  const matches = matchText(set, Buffer.from(text), column === undefined ? undefined : () => ({ column }));
  const sure = matches.filter((match) => match.verdict.suppressed === undefined && probabilityOf(match.bits) >= 0.6);
  return [...new Set(sure.map((match) => match.detector.detector.entity as string))].sort();
}

describe('random numbers pass as often as each detector says', () => {
  for (const detector of personal) {
    const { randomPass, validate } = detector;
    // Shapes with separators are rarer than the bare run, and the longest run is what columns hold.
    const runs = detector.triggers.flatMap((trigger) => ('digits' in trigger ? trigger.digits : []));
    const shape = detector.id === 'credit-card' ? '9'.repeat(16) : runs.find((run) => !/[^9]/.test(run));
    if (randomPass === undefined || validate === undefined || shape === undefined) continue;
    test(detector.id, () => {
      const random = createRandom(detector.id);
      const draws = 40_000;
      let passes = 0;
      for (let i = 0; i < draws; i++) {
        const verdict = validate(random.chars('digit', shape.length), {});
        if (verdict !== null && verdict.suppressed === undefined) passes++;
      }
      const expected = draws * randomPass;
      assert.ok(
        Math.abs(passes - expected) < Math.max(0.15 * expected, 5 * Math.sqrt(expected)),
        `${passes} of ${draws}`,
      );
    });
  }
});

describe('columns of other numbers do not become identifiers', () => {
  const clocks: Record<string, (i: number) => string> = {
    'seconds since 1970': (i) => String(1_600_000_000 + i * 9973),
    'milliseconds since 1970': (i) => String(1_600_000_000_000 + i * 99_730_001),
    'microseconds since 1970': (i) => String(1_600_000_000_000_000 + i * 99_730_001_337),
    'addresses stored as 32-bit numbers': (i) => String(3_000_000_000 + ((i * 104_729_033) % 1_200_000_000)),
    yymmddhhmmss: (i) => `2401${String(10 + (i % 18))}${String(100_000 + ((i * 7919) % 130_000))}`,
    'counters of eleven digits': (i) => String(40_000_000_000 + i * 17),
  };
  for (const [name, valueAt] of Object.entries(clocks)) {
    test(name, () => {
      const values = Array.from({ length: 2000 }, (_, i) => valueAt(i));
      assert.deepEqual(entitiesIn(values.join('\n'), 'value'), [], 'no cell stands by itself');
      for (const { id, randomPass, validate, triggers } of personal) {
        const length = (values[0] as string).length;
        const fits = triggers.some((trigger) => 'digits' in trigger && trigger.digits.includes('9'.repeat(length)));
        if (!fits || randomPass === undefined || validate === undefined) continue;
        const distinct = [...new Set(values)];
        const passes = distinct.filter((value) => {
          const verdict = validate(value, {});
          return verdict !== null && verdict.suppressed === undefined;
        }).length;
        const { verdict } = judgeTrials({ distinct: distinct.length, passes, randomPass });
        assert.notEqual(verdict, 'accepted', `${id}: ${passes} of ${distinct.length}`);
      }
    });
  }
});

test('an identifier without a word beside it is believed in a column of its name only', () => {
  const nine = '212345678';
  assert.deepEqual(entitiesIn(`total ${nine} rows`), []);
  assert.deepEqual(entitiesIn(nine, 'ssn'), ['US_SSN']);
  assert.deepEqual(entitiesIn(nine, 'order_id'), []);
});

test('traps of source code and web pages stay silent', () => {
  const traps = [
    'npm install react@17.0.2 and icon@2x.png',
    '@app.route("/a") @Override std::vector<a::b> x;',
    'git clone git@github.com:org/repo.git',
    'curl https://user:secret@host.com/path',
    'Chrome/119.0.6045.105 and section 2.11.1.1',
    'took 2.3500000000000001E-3 s at 12:34:56.789',
    'SHA256 fingerprint 3c:22:fb:aa:d1:0e:3c:22:fb:aa:d1:0e:3c:22:fb:aa:d1:0e:3c:22',
    'id 1234567890123456789, ISBN 978-3-16-148410-0, 2024-01-31 12:00:00',
    'commit 4f2a9b1c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a',
  ];
  for (const text of traps) assert.deepEqual(entitiesIn(text), [], text);
});

test('one number between words of another kind is what the words say', () => {
  assert.deepEqual(entitiesIn(['Social Security: 212-34-', '6789\nPhone: (212) 736-', '5000'].join('')), [
    'PHONE',
    'US_SSN',
  ]);
  const nhs = [...'0123456789'].map((digit) => `400 123 456${digit}`);
  assert.deepEqual([...new Set(nhs.flatMap((text) => entitiesIn(`NHS number ${text}`)))], ['UK_NHS']);
});

test('an e-mail address ends where the sentence goes on without a space', () => {
  assert.deepEqual(entitiesIn('Ask bob@qxzw.com.Then wait.'), ['EMAIL']);
  assert.deepEqual(entitiesIn('bob@qxzw.png.jpg'), []);
});
