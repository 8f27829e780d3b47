import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPublic } from '../../src/exposure/evaluate.ts';
import { S3_ACTIONS } from '../../src/exposure/s3-actions.ts';
import { bucket, type Draft, FOREIGN, judge, OWN, policyOf } from './evidence.ts';
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

const VALUES: Record<string, string[]> = {
  'aws:PrincipalAccount': [OWN, FOREIGN, '*', '7*', '77777777777?', 'not-a-number'],
  'aws:PrincipalArn': [
    `arn:aws:iam::${OWN}:role/*`,
    `arn:aws:iam::${FOREIGN}:user/x`,
    'arn:aws:iam::*:user/etl',
    '*',
    'etl',
  ],
  'aws:PrincipalOrgID': ['o-home000001', 'o-*', '*'],
  'aws:PrincipalOrgPaths': ['o-home000001/*', 'o-home000001/r-ab12/*/ou-ab12-1/*', '*/r-ab12/*', 'o-*'],
  'aws:SourceIp': [
    '10.0.0.0/8',
    '203.0.113.0/24',
    '52.0.0.0/8',
    '0.0.0.0/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '::/0',
    '2001:db8::/32',
  ],
  'aws:SourceVpc': ['vpc-1', 'vpc-*', '*'],
  'aws:SourceVpce': ['vpce-1', 'vpce-*'],
  'aws:userid': ['AROAEXAMPLEID1:*', 'AIDAEXAMPLEID1', 'anonymous', '*:etl', 'AIDA*'],
  'aws:PrincipalType': ['User', 'Anonymous', 'AssumedRole'],
  'aws:Referer': ['https://example.org/*', '*'],
  's3:DataAccessPointAccount': [OWN, FOREIGN, '*'],
  's3:DataAccessPointArn': [`arn:aws:s3:eu-west-1:${OWN}:accesspoint/*`, 'arn:aws:s3:*:*:accesspoint/etl'],
};
const TEXT = ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringLike', 'StringNotLike'];
const ARN = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'];
function operators(key: string): string[] {
  if (key === 'aws:SourceIp') return ['IpAddress', 'NotIpAddress', 'StringEquals', 'StringLike'];
  return /Arn$/.test(key) ? [...TEXT, ...ARN] : TEXT;
}
const pair = fc.constantFrom(...Object.keys(VALUES)).chain((key) =>
  fc.record({
    key: fc.constantFrom(key, key.toUpperCase()),
    values: fc.subarray(VALUES[key] as string[], { minLength: 1 }),
    operator: fc
      .tuple(
        fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:'),
        fc.constantFrom(...operators(key)),
        fc.constantFrom('', '', 'IfExists'),
      )
      .map((parts) => parts.join('')),
  }),
);
const present = fc.record({
  key: fc.constantFrom(...Object.keys(VALUES)),
  values: fc.constantFrom(['true'], ['false']),
  operator: fc.constant('Null'),
});
const flag = fc.record({
  key: fc.constantFrom('aws:PrincipalIsAWSService', 'aws:MultiFactorAuthPresent'),
  values: fc.constantFrom(['true'], ['false']),
  operator: fc.constantFrom('Bool', 'BoolIfExists'),
});
const conditions = (maxLength: number) =>
  fc.array(fc.oneof({ arbitrary: pair, weight: 6 }, present, flag), { maxLength }).map((pairs) => {
    const block: Record<string, Record<string, readonly string[]>> = {};
    for (const { operator, key, values } of pairs) block[operator] = { ...block[operator], [key]: values };
    return block;
  });
const who = fc.constantFrom<Draft>(
  { Principal: '*' },
  { Principal: { AWS: '*' } },
  { Principal: { AWS: [OWN, '*'] } },
  { Principal: { AWS: FOREIGN } },
  { Principal: { AWS: `arn:aws:iam::${OWN}:root` } },
  { NotPrincipal: { AWS: `arn:aws:iam::${OWN}:root` } },
);
const what = fc.constantFrom<Draft>(
  { Action: 's3:*' },
  { Action: 's3:GetObject' },
  { Action: ['s3:List*', 's3:Put*'] },
  { NotAction: 's3:GetObject' },
  { NotAction: ['s3:Put*', 's3:Get*'] },
);
const where = fc.constantFrom<Draft>(
  { Resource: [BUCKET, `${BUCKET}/*`] },
  { Resource: `${BUCKET}/*` },
  { Resource: `${BUCKET}/a/*` },
  { Resource: 'arn:aws:s3:::la*' },
  { NotResource: `${BUCKET}/open/*` },
  { NotResource: [BUCKET, `${BUCKET}/*`] },
);
const statement = (Effect: string, maxConditions: number) =>
  fc
    .tuple(who, what, where, conditions(maxConditions))
    .map(([a, b, c, Condition]): Draft => ({ Effect, ...a, ...b, ...c, Condition }));
const allows = fc.array(statement('Allow', 3), { minLength: 1, maxLength: 2 });
const denies = fc.array(statement('Deny', 2), { maxLength: 2 });
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
