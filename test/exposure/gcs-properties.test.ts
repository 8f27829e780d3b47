import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import { smallestGcsEdits } from '../../src/exposure/gcs-fix.ts';
import { compareReach } from '../../src/exposure/reach.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import { recordEvidence } from '../../src/exposure/record-evidence.ts';
import type { Exposure, GcsEvidence } from '../../src/model/exposure.ts';
import { known, lakes, NOW, prevented } from './gcs-sample.ts';

test('the reported fix closes every public bucket', () => {
  const seen = { open: 0 };
  fc.assert(
    fc.property(lakes, (evidence) => {
      if (isPublic(exposureOf(evidence)) !== true) return;
      seen.open += 1;
      const edits = smallestGcsEdits(evidence, (given) =>
        exposureOf(given).grants.every(({ state, principal }) => {
          return state !== 'effective' || !['internet', 'any-authenticated'].includes(principal.class);
        }),
      );
      const { fix } = exposureOf(evidence);
      for (const { words, command } of edits) assert.ok(fix.includes(words) && fix.includes(command));
      const mended = edits.reduce((left, edit) => edit.apply(left), evidence);
      assert.notEqual(isPublic(exposureOf(mended)), true);
    }),
    { numRuns: 500 },
  );
  assert.ok(seen.open > 50, `${seen.open} were public`);
});

test('turning public access prevention or uniform access on never widens any reach', () => {
  fc.assert(
    fc.property(lakes, (evidence) => {
      if (evidence.metadata.state !== 'known') return;
      const bucket = evidence.metadata.value ?? {};
      const uniform = {
        ...bucket,
        iamConfiguration: { ...bucket.iamConfiguration, uniformBucketLevelAccess: { enabled: true } },
      };
      const before = exposureOf(evidence).effective;
      for (const metadata of [prevented(bucket), uniform]) {
        const after = exposureOf({ ...evidence, metadata: known(metadata) }).effective;
        for (const action of Object.keys(before) as (keyof Exposure['effective'])[]) {
          assert.ok(
            compareReach(after[action], before[action]) >= 0,
            `${action}: ${before[action]} to ${after[action]}`,
          );
        }
      }
      assert.equal(isPublic(exposureOf({ ...evidence, metadata: known(prevented(bucket)) })) === true, false);
    }),
    { numRuns: 500 },
  );
});

test('recorded evidence is judged as the live one', () => {
  fc.assert(
    fc.property(lakes, (evidence) => {
      const document = JSON.parse(JSON.stringify(recordEvidence('gs://lake', evidence, { collectedAt: NOW })));
      const read = readEvidence(document);
      assert.ok('evidence' in read);
      assert.deepEqual(evaluateExposure(read.evidence, { collectedAt: NOW, ...read.context }), exposureOf(evidence));
    }),
    { numRuns: 200 },
  );
});

test('the order of bindings and members is of no meaning', () => {
  fc.assert(
    fc.property(lakes, (evidence) => {
      if (evidence.iamPolicy.state !== 'known') return;
      const bindings = [...(evidence.iamPolicy.value?.bindings ?? [])].reverse();
      const turned = bindings.map((one) => ({ ...one, members: [...one.members].reverse() }));
      const other = exposureOf({ ...evidence, iamPolicy: known({ bindings: turned }) });
      const found = exposureOf(evidence);
      assert.deepEqual([other.effective, other.crossAccount], [found.effective, found.crossAccount]);
      assert.equal(isPublic(other), isPublic(found));
    }),
    { numRuns: 300 },
  );
});

function exposureOf(evidence: GcsEvidence): Exposure {
  return evaluateExposure(evidence, { collectedAt: NOW });
}
