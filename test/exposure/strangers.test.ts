import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPublic } from '../../src/exposure/evaluate.ts';
import { S3_ACTIONS } from '../../src/exposure/s3-actions.ts';
import { bucket, type Draft, FOREIGN, judge, policyOf } from './evidence.ts';
import { allows, denies, statement } from './policies.ts';
import { type Caller, isAllowed } from './request.ts';

const THEIRS = '777777777777';
const BUCKET = 'arn:aws:s3:::lake';
const NOW = { 'aws:securetransport': ['true'], 'aws:useragent': ['curl/8'], 'aws:referer': ['https://example.org/x'] };
const unsigned = { 'aws:userid': ['anonymous'], 'aws:principaltype': ['Anonymous'] };
const signed = {
  'aws:userid': ['AIDASTRANGER0000'],
  'aws:principaltype': ['User'],
  'aws:principalaccount': [THEIRS],
  'aws:principalarn': [`arn:aws:iam::${THEIRS}:user/etl`],
  'aws:principalorgid': ['o-stranger0'],
  'aws:principalorgpaths': ['o-stranger0/r-ab12/ou-ab12-11111111/'],
  'aws:principalisawsservice': ['false'],
  'aws:multifactorauthpresent': ['true'],
};
const session = {
  'aws:userid': ['AROASTRANGER0000:etl'],
  'aws:principaltype': ['AssumedRole'],
  'aws:multifactorauthpresent': ['false'],
};
/** Ways into the bucket of people that no policy below names by a fixed value. */
const WAYS: Record<string, string[]>[] = [
  { 'aws:sourceip': ['99.1.2.3'] },
  { 'aws:sourceip': ['198.51.100.7'] },
  { 'aws:sourceip': ['99.1.2.3'], 'aws:referer': [] },
  { 'aws:sourceip': ['2a02:db8::7'] },
  { 'aws:sourcevpc': ['vpc-stranger'], 'aws:sourcevpce': ['vpce-stranger'] },
  {
    'aws:sourceip': ['99.1.2.3'],
    's3:dataaccesspointaccount': [THEIRS],
    's3:dataaccesspointarn': [`arn:aws:s3:eu-west-1:${THEIRS}:accesspoint/etl`],
  },
];
const STRANGERS: Caller[] = WAYS.flatMap((way) => [
  { arn: null, account: null, context: { ...NOW, ...unsigned, ...way } },
  {
    arn: `arn:aws:iam::${THEIRS}:user/etl`,
    account: THEIRS,
    context: { ...NOW, ...signed, ...way },
  },
  {
    arn: `arn:aws:sts::${THEIRS}:assumed-role/etl/x`,
    account: THEIRS,
    context: { ...NOW, ...signed, ...session, ...way },
  },
]);
/** An account that policies below do name, with nothing else that they name. */
const NAMED: Caller[] = WAYS.map((way) => {
  const arn = `arn:aws:iam::${FOREIGN}:user/x`;
  const own = { 'aws:principalaccount': [FOREIGN], 'aws:principalarn': [arn] };
  return { arn, account: FOREIGN, context: { ...NOW, ...signed, ...own, ...way } };
});
const KEYS = ['a/x', 'b/y', 'open/z'];
/** One of each kind that the elements below tell apart. */
const TRIED = [
  's3:ListBucket',
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
];
const REQUESTS = S3_ACTIONS.filter(({ name }) => TRIED.includes(name)).flatMap(({ name, level }) =>
  (level === 'bucket' ? [BUCKET] : KEYS.map((key) => `${BUCKET}/${key}`)).map((resource) => ({
    action: name,
    resource,
  })),
);

function getIn(callers: Caller[], statements: Draft[]): boolean {
  return callers.some((caller) => REQUESTS.some((request) => isAllowed(statements, { ...request, caller })));
}

const RUNS = { numRuns: 3_000 };

test('whenever a stranger gets in, the policy is public', () => {
  fc.assert(
    fc.property(allows, denies, (open, closed) => {
      const statements = [...open, ...closed];
      if (getIn(STRANGERS, statements))
        assert.equal(isPublic(judge(bucket({ policy: policyOf(...statements) }))), true);
    }),
    RUNS,
  );
});

test('whenever a foreign account gets in, it is named or everyone gets in', () => {
  fc.assert(
    fc.property(allows, denies, (open, closed) => {
      const statements = [...open, ...closed];
      if (!getIn(NAMED, statements)) return;
      const exposure = judge(bucket({ policy: policyOf(...statements) }));
      assert.ok(isPublic(exposure) === true || exposure.crossAccount.includes(FOREIGN));
    }),
    RUNS,
  );
});

/** What AWS calls open though nobody meets it: values that together spare no one, sets over keys that are never absent, ranges as text. */
const OPEN_AND_EMPTY = /Not|Null|(ForAll.*|IfExists)":{"aws:(userid|principaltype)|String\w+":{"aws:sourceip/i;

test('a statement with at most one condition is called public only when a stranger gets in', () => {
  fc.assert(
    fc.property(statement('Allow', 1), (open) => {
      fc.pre(!OPEN_AND_EMPTY.test(JSON.stringify(open.Condition)));
      if (isPublic(judge(bucket({ policy: policyOf(open) }))) === true) assert.ok(getIn(STRANGERS, [open]));
    }),
    RUNS,
  );
});
