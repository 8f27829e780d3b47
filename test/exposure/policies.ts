import fc from 'fast-check';
import { type Draft, FOREIGN, OWN } from './evidence.ts';

/** Policies over the bucket `lake` with every element, operator and key that decides who gets in. */
const BUCKET = 'arn:aws:s3:::lake';
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
export const statement = (Effect: string, maxConditions: number) =>
  fc
    .tuple(who, what, where, conditions(maxConditions))
    .map(([a, b, c, Condition]): Draft => ({ Effect, ...a, ...b, ...c, Condition }));
export const allows = fc.array(statement('Allow', 3), { minLength: 1, maxLength: 2 });
export const denies = fc.array(statement('Deny', 2), { maxLength: 2 });
