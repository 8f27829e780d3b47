import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnDetector } from '../../detectors/own-detector.ts';
import { AssayError } from '../../src/errors.ts';
import { describeSet, detectorSetOf, loadDetectorSet, storedInfos } from '../../workers/detector-set.ts';

const OWN: OwnDetector = {
  id: 'acme-badge',
  name: 'Acme badge',
  entity: 'ACME_BADGE',
  category: 'pii',
  severity: 'medium',
  level: 'restricted',
  fix: 'Remove them.',
  triggers: [{ literal: 'acme-' }],
  pattern: 'acme-[0-9]{6}',
  maxLength: 11,
  bits: 3,
  rules: { checks: ['luhn'], skipsPlaceholders: false },
};

/** As the ledger gives it back. */
function stored(set: Parameters<typeof describeSet>[0]): unknown {
  return JSON.parse(JSON.stringify(describeSet(set)));
}

test('the digest covers the detectors of a user: every change of one makes another set', async () => {
  const plain = await loadDetectorSet();
  assert.equal((await loadDetectorSet([])).digest, plain.digest);
  const digests = await Promise.all(
    [
      [OWN],
      [{ ...OWN, pattern: 'acme-[0-9]{7}' }],
      [{ ...OWN, rules: { ...OWN.rules, checks: [] } }],
      [{ ...OWN, replaces: 'us-ssn' }],
    ].map(async (own) => (await loadDetectorSet(own)).digest),
  );
  assert.equal(new Set([...digests, plain.digest]).size, 5);
  assert.equal((await loadDetectorSet([{ ...OWN }])).digest, digests[0]);
});

test('a worker builds the same set from what the ledger keeps', async () => {
  const set = await loadDetectorSet([OWN]);
  const rebuilt = await detectorSetOf(set.digest, stored(set));
  assert.equal(rebuilt.digest, set.digest);
  assert.deepEqual(rebuilt.own, [OWN]);
  const badge = rebuilt.detectors.find(({ id }) => id === OWN.id);
  assert.equal(badge?.validate?.('acme-123456', {}), null);
  assert.deepEqual(badge?.validate?.('acme-123455', {})?.checks, [{ name: 'luhn', passed: true }]);
});

test('a worker with another catalogue refuses, and says what to do', async () => {
  const set = await loadDetectorSet([OWN]);
  await assert.rejects(
    detectorSetOf('sha256:another', stored(set)),
    (error) => error instanceof AssayError && error.code === 'config' && /same version/.test(error.message),
  );
});

test('what a detector replaces is not looked for', async () => {
  const { detectors } = await loadDetectorSet([{ ...OWN, replaces: 'us-ssn' }]);
  const ids = detectors.map(({ id }) => id);
  assert.ok(!ids.includes('us-ssn'));
  assert.deepEqual(ids, [...ids].sort());
  assert.ok(ids.includes('acme-badge'));
});

test('a report names the detectors of a stored set', async () => {
  const infos = storedInfos(stored(await loadDetectorSet([OWN])));
  assert.equal(infos.get('acme-badge')?.name, 'Acme badge');
  assert.equal(infos.get('acme-badge')?.entity, 'ACME_BADGE');
  assert.equal(infos.get('us-ssn')?.entity, 'US_SSN');
});
