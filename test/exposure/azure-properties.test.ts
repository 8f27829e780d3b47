import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { smallestEdits } from '../../src/exposure/azure-fix.ts';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import type { AzureEvidence, Reach } from '../../src/model/exposure.ts';
import { collectedAt, evidenceOf, judge, OTHER_TENANT, TENANT } from './azure-sample.ts';

const WIDTH: Reach[] = ['private', 'organization', 'unknown', 'cross-account', 'public'];
const anyRange = fc.constantFrom('0.0.0.0/0', '20.0.0.0/7', '16.17.18.0/24', '128.0.0.0/1', '0.0.0.0/1', '20.1.2.3');
const anyAccount = fc.record(
  {
    allowBlobPublicAccess: fc.constantFrom(true, false, null),
    publicNetworkAccess: fc.constantFrom('Enabled', 'Disabled', 'SecuredByPerimeter', null),
    networkAcls: fc.option(
      fc.record({
        defaultAction: fc.constantFrom('Allow', 'Deny', null),
        ipRules: fc.array(
          anyRange.map((value) => ({ value })),
          { maxLength: 3 },
        ),
        resourceAccessRules: fc.array(
          fc.constantFrom(TENANT, OTHER_TENANT).map((tenantId) => ({ tenantId, resourceId: '/r' })),
          {
            maxLength: 2,
          },
        ),
      }),
    ),
    allowSharedKeyAccess: fc.constantFrom(true, false, null),
    staticWebsite: fc.constantFrom(true, false, null),
  },
  { requiredKeys: [] },
);
const anyContainers = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', '$web'),
    publicAccess: fc.constantFrom('Container', 'Blob', 'None', null, 'Novel'),
  }),
  { selector: ({ name }) => name, maxLength: 4 },
);
const anyFacts = fc.record({
  account: fc.oneof(
    anyAccount,
    fc.constant({ unavailable: 'AccessDenied' }),
    fc.constant({ unavailable: 'NotImplemented' }),
  ),
  containers: fc.oneof(anyContainers, fc.constant({ unavailable: 'AccessDenied' })),
});

test('turning public access of the account off, or its network, never widens any reach', () => {
  fc.assert(
    fc.property(
      anyFacts,
      fc.constantFrom({ allowBlobPublicAccess: false }, { publicNetworkAccess: 'Disabled' }),
      (facts, change) => {
        const before = judge({ facts, owner: { org: TENANT } });
        const after = judge({
          facts: { ...facts, account: { ...facts.account, ...change, unavailable: undefined } },
          owner: { org: TENANT },
        });
        for (const [action, reach] of Object.entries(after.effective)) {
          const was = before.effective[action as keyof typeof before.effective];
          assert.ok(WIDTH.indexOf(reach) <= WIDTH.indexOf(was), `${action}: ${was} became ${reach}`);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('after the reported changes nothing is public, and each of them was needed', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { evidence } = evidenceOf({ facts });
      const isOpen = (given: AzureEvidence) => isPublic(evaluateExposure(given, { collectedAt })) === true;
      const edits = smallestEdits(evidence, isOpen);
      const applied = (kept: typeof edits) => kept.reduce((given, edit) => edit.apply(given), evidence);
      assert.equal(isOpen(applied(edits)), false);
      for (const edit of edits) assert.equal(isOpen(applied(edits.filter((one) => one !== edit))), true, edit.words);
      const { fix } = evaluateExposure(evidence, { collectedAt });
      if (isOpen(evidence)) assert.ok(edits.length > 0 && edits.every(({ command }) => fix.includes(command)));
    }),
    { numRuns: 500 },
  );
});
