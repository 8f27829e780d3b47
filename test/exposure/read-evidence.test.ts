import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';

const OPEN = {
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' }],
};
const BLOCK = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const NONE = {
  policy: null,
  acl: null,
  objectOwnership: null,
  publicAccessBlock: null,
  accountPublicAccessBlock: null,
};

function verdict(document: unknown): unknown {
  const read = readEvidence(document);
  if ('error' in read) return read.error;
  return isPublic(evaluateExposure(read.evidence, { collectedAt: '', ...read.context }));
}

function recorded(facts: Record<string, unknown>, more: Record<string, unknown> = {}): unknown {
  return { schema: 'assay.evidence/v1', id: 'one', provider: 'aws-s3', bucket: 'lake', facts, ...more };
}

test('a bare policy is judged alone', () => {
  assert.equal(verdict(OPEN), true);
  assert.equal(verdict({ Statement: [] }), false);
});

test('what is known to be none is no doubt, what was not asked or refused is one', () => {
  assert.equal(verdict(recorded(NONE)), false);
  for (const fact of ['policy', 'acl', 'publicAccessBlock', 'accountPublicAccessBlock']) {
    const { [fact as keyof typeof NONE]: _, ...rest } = { ...NONE };
    const doubtful = fact === 'policy' || fact === 'acl' ? rest : { ...rest, policy: OPEN };
    assert.equal(verdict(recorded(doubtful)), 'unknown', `without ${fact}`);
    assert.equal(
      verdict(recorded({ ...doubtful, [fact]: { unavailable: 'AccessDenied' } })),
      'unknown',
      `${fact} refused`,
    );
  }
});

test('a feature that the store lacks is no doubt', () => {
  const lacks = { unavailable: 'NotImplemented' };
  assert.equal(
    verdict(recorded({ ...NONE, policy: OPEN, publicAccessBlock: lacks, accountPublicAccessBlock: lacks })),
    true,
  );
});

test('facts are read as the calls answer them, wrapped or not', () => {
  for (const publicAccessBlock of [BLOCK, { PublicAccessBlockConfiguration: BLOCK }]) {
    assert.equal(verdict(recorded({ ...NONE, policy: JSON.stringify(OPEN), publicAccessBlock })), false);
  }
  const everyone = {
    Owner: { ID: 'o' },
    Grants: [
      { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
    ],
  };
  assert.equal(verdict(recorded({ ...NONE, acl: everyone })), true);
  for (const objectOwnership of [
    'BucketOwnerEnforced',
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
  ]) {
    assert.equal(verdict(recorded({ ...NONE, acl: everyone, objectOwnership })), false);
  }
});

test('trusted accounts are no foreigners', () => {
  const policy = {
    Statement: [
      { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' },
    ],
  };
  const read = (more: Record<string, unknown>) => {
    const answer = readEvidence(recorded({ ...NONE, policy }, { owner: { account: '111111111111' }, ...more }));
    assert.ok('evidence' in answer);
    return evaluateExposure(answer.evidence, { collectedAt: '', ...answer.context }).verdict;
  };
  assert.equal(read({}), 'cross-account');
  assert.notEqual(read({ trusted: { accounts: ['222222222222'] } }), 'cross-account');
});

test('what cannot be judged is an error that says why', () => {
  assert.match(String(verdict([])), /no JSON object/);
  assert.match(String(verdict({ schema: 'other/v1' })), /schema/);
  assert.match(String(verdict({ provider: 'somewhere', facts: {} })), /provider/);
  assert.match(String(verdict(recorded({ ...NONE, policy: 'no json' }))), /facts\.policy/);
  assert.match(String(verdict(recorded(NONE, { resource: 'table' }))), /resource/);
});
