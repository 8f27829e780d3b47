import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateExposure } from '../../src/exposure/evaluate.ts';
import { known, refused } from './evidence.ts';

test('readable files are in reach of the organisation, never of the public', () => {
  const some = known({ count: 3, examples: ['jane doe.csv'] });
  const none = known({ count: 0, examples: [] });
  const at = { collectedAt: '' };
  const open = evaluateExposure(
    { provider: 'filesystem', path: '/data', worldReadable: some, worldWritable: some },
    at,
  );
  assert.equal(open.verdict, 'organization');
  assert.equal(open.effective.write, 'organization');
  assert.doesNotMatch(JSON.stringify(open), /jane/);
  const shut = evaluateExposure(
    { provider: 'filesystem', path: '/data', worldReadable: none, worldWritable: none },
    at,
  );
  assert.equal(shut.verdict, 'private');
  const unseen = evaluateExposure(
    { provider: 'filesystem', path: '/data', worldReadable: refused('lstat'), worldWritable: none },
    at,
  );
  assert.equal(unseen.verdict, 'unknown');
});
