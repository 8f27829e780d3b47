import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMON_NAMES, issuerRows } from '../../detectors/issuers.ts';
import { createRandom } from '../../detectors/sample.ts';
import { parseShape, sampleShape } from '../../detectors/shape.ts';
import { IssuerTable } from '../../src/scan/issuer-table.ts';

const table = new IssuerTable(issuerRows());

/** Issuers and places that the table names for the runs of a text. */
function named(text: string, of = table): string[] {
  const bytes = Buffer.from(text);
  const found: string[] = [];
  of.runs.each(bytes, 0, bytes.length, (start, end, hint) => {
    const match = of.match(bytes, start, end, hint);
    if (match !== null) found.push(`${match.row.issuer} ${match.place ?? '-'}`);
  });
  return found;
}

const one = new IssuerTable([
  { issuer: 'weatherbird', context: 'word', words: ['weatherbird', 'wbird'], shape: 'hex32', severity: 'low', seen: 2 },
  { issuer: 'linear', context: 'word', words: ['linear'], shape: 'hex32', severity: 'low', seen: 2 },
  { issuer: 'prefixed', context: 'prefix', words: ['prefixed'], shape: "'pfx_' alnum20", severity: 'low', seen: 2 },
]);
const value = createRandom('value').chars('hex', 30).concat('7b');

test('the name of an issuer counts in whatever way the name of a key is written', () => {
  for (const name of [
    'WEATHERBIRD_API_KEY=',
    'weatherbird.token: "',
    'weatherbirdSecretKey = "',
    '"weather-bird": "',
    'WeatherBirdToken := `',
    'weatherbirdapikey=',
    'wbird access token = ',
  ]) {
    assert.deepEqual(named(`${name}${value}`, one), ['weatherbird name'], name);
  }
});

test('a name elsewhere counts when a word of a credential stands near the value', () => {
  assert.deepEqual(named(`# weatherbird account\nfoo_token: ${value}`, one), ['weatherbird text']);
  assert.deepEqual(named(`curl -H "Authorization: Bearer ${value}" https://api.weatherbird.io/v1`, one), [
    'weatherbird text',
  ]);
  assert.deepEqual(named(`weatherbird release of today, checksum ${value}`, one), []);
});

test('a name that is a word of the language counts in the name of a key or as a host only', () => {
  assert.ok(COMMON_NAMES.has('linear'));
  assert.deepEqual(named(`LINEAR_API_KEY=${value}`, one), ['linear name']);
  assert.deepEqual(named(`the linear model with the token ${value}`, one), []);
  assert.deepEqual(named(`https://api.linear.app/?token=${value}`, one), ['linear name']);
});

test('the sum of a package is none, whatever the package is called', () => {
  const sum = createRandom('sum').chars('base64', 20);
  const text = (kind: string) => `"weatherbird-token": { "integrity": "${kind}${sum}/${value}/${sum}==" }`;
  assert.deepEqual(named(text(''), one), ['weatherbird text']);
  assert.deepEqual(named(text('sha512-'), one), []);
});

test('a name that holds an identifier, and a value of another shape, are none', () => {
  assert.deepEqual(named(`WEATHERBIRD_COMMIT_SHA=${value}`, one), []);
  assert.deepEqual(named(`weatherbird_user_id = ${value}`, one), []);
  assert.deepEqual(named(`WEATHERBIRD_API_KEY=${value}0`, one), []);
  assert.deepEqual(named(`otherweatherbirds_key=${value}`, one), []);
});

test('a value that says whose it is needs no word, also behind a dash of a longer run', () => {
  const body = createRandom('body').chars('alnum', 19).concat('7');
  assert.deepEqual(named(`x pfx_${body}`, one), ['prefixed -']);
  assert.deepEqual(named(`KEY-pfx_${body}`, one), ['prefixed -']);
  assert.deepEqual(named(`xpfx_${body}`, one), []);
});

test('samples of the rows of the table are recognised as their issuer', () => {
  let asked = 0;
  let right = 0;
  for (const row of issuerRows()) {
    const [word] = row.words;
    for (const seed of ['one', 'two', 'three']) {
      const sample = sampleShape(parseShape(row.shape), createRandom(`${row.shape}${seed}`));
      // Signs at an edge are left to the text around, and a value without a digit is no candidate.
      if (
        !/^[0-9A-Za-z].*[0-9A-Za-z]$/s.test(sample) ||
        !/[0-9A-Za-z_-]{12}/.test(sample) ||
        !/[0-9].*[0-9]/.test(sample)
      )
        continue;
      asked++;
      const text =
        row.context === 'prefix' || word === undefined
          ? ` ${sample}\n`
          : ` ${word.toUpperCase()}_API_KEY="${sample}"\n`;
      if (named(text).some((found) => found.startsWith(`${row.issuer} `))) right++;
    }
  }
  assert.ok(asked > 3000);
  assert.ok(right / asked > 0.95, `${right} of ${asked}`);
});
