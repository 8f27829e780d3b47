import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { loadFingerprintKey } from '../../src/config/fingerprint-key.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { AssayError } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-key-'));
after(() => rmSync(folder, { recursive: true }));
let homes = 0;
const newHome = () => join(folder, `home${homes++}`);

function keyOf(env: Record<string, string>) {
  return loadFingerprintKey(loadConfig({ flags: {}, env, cwd: folder }));
}

test('a key is generated once, readable by its owner alone, and found again', () => {
  const home = newHome();
  const first = keyOf({ ASSAY_HOME: home });
  assert.equal(first.key.length, 32);
  assert.deepEqual(keyOf({ ASSAY_HOME: home }), first);
  assert.equal(statSync(join(home, 'fingerprint.key')).mode & 0o777, 0o600);
  assert.equal(statSync(home).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(home), ['fingerprint.key']);
  assert.notEqual(keyOf({ ASSAY_HOME: newHome() }).keyId, first.keyId);
});

test('processes that start together agree on one key', async () => {
  const home = newHome();
  const module = JSON.stringify(new URL('../../src/config/fingerprint-key.ts', import.meta.url).href);
  const script = `import { loadFingerprintKey } from ${module};
    console.log(loadFingerprintKey({ fingerprintKey: null, databaseUrl: null, home: ${JSON.stringify(home)} }).keyId);`;
  const runs = Array.from({ length: 3 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]),
  );
  const ids = new Set((await Promise.all(runs)).map(({ stdout }) => stdout.trim()));
  assert.equal(ids.size, 1);
});

test('a key from the environment and the same key from a file have the same id, and nothing is written', () => {
  const home = newHome();
  const base64 = randomBytes(32).toString('base64');
  const file = join(folder, 'key');
  writeFileSync(file, `${base64}\n`);
  const given = keyOf({ ASSAY_HOME: home, ASSAY_FINGERPRINT_KEY: base64 });
  assert.deepEqual(keyOf({ ASSAY_HOME: home, ASSAY_FINGERPRINT_KEY_FILE: file }), given);
  assert.equal(given.key.toString('base64'), base64);
  assert.throws(() => statSync(home), { code: 'ENOENT' });
  assert.ok(!base64.includes(given.keyId));
});

test('a key that is not 32 bytes of base64 is refused without being repeated', () => {
  const short = randomBytes(31).toString('base64');
  for (const bad of [short, 'not base64!', `${randomBytes(32).toString('base64')}*`]) {
    assert.throws(
      () => keyOf({ ASSAY_HOME: newHome(), ASSAY_FINGERPRINT_KEY: bad }),
      (error) => error instanceof AssayError && error.exitCode === 2 && !error.message.includes(bad),
    );
  }
});

test('with a database server the key must be given', () => {
  const env = { ASSAY_HOME: newHome(), ASSAY_DATABASE_URL: 'postgres://127.0.0.1/assay' };
  assert.throws(() => keyOf(env), { code: 'fingerprint-key', message: /ASSAY_FINGERPRINT_KEY/ });
  assert.equal(keyOf({ ...env, ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64') }).key.length, 32);
});

test('key and key file at once, and a file that is not there, are errors', () => {
  const env = { ASSAY_FINGERPRINT_KEY: randomBytes(32).toString('base64'), ASSAY_FINGERPRINT_KEY_FILE: 'x' };
  assert.throws(() => keyOf(env), { code: 'config' });
  assert.throws(() => keyOf({ ASSAY_FINGERPRINT_KEY_FILE: 'absent' }), { code: 'fingerprint-key', message: /ENOENT/ });
});

test('a damaged key is reported, never replaced: old fingerprints would lose their meaning', () => {
  const home = newHome();
  mkdirSync(home);
  writeFileSync(join(home, 'fingerprint.key'), '');
  assert.throws(() => keyOf({ ASSAY_HOME: home }), { code: 'fingerprint-key' });
  assert.equal(readFileSync(join(home, 'fingerprint.key'), 'utf8'), '');
});

test('a state directory that cannot be made is named', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  assert.throws(() => keyOf({ ASSAY_HOME: join(file, 'x') }), {
    code: /fingerprint-key|state-unusable/,
    message: /a-file/,
  });
});
