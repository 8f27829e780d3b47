import type { Detector, Random, Verdict } from '../detector.ts';
import { inside, prefixedToken } from '../prefixed-token.ts';
import { countLetters, entropyOf, isMadeOf } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { randomBody } from '../validators/random-body.ts';

const SOURCE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BEDROCK_PREFIX = 'bedrock-api-key-';
/** Keys go on after it with a signed request. */
const BEDROCK_HOST = Buffer.from('bedrock.amazonaws.com').toString('base64');
const FIX_ID = 'Deactivate the access key in IAM, create a new one, and look the old id up in CloudTrail.';

const keyId: Detector['validate'] = (value) => {
  const body = value.slice(4);
  const passed = isMadeOf(body, BASE32);
  const checks = [{ name: 'base32', passed }];
  const suppressed = placeholderReason(body);
  const bits = (passed ? 0 : -4) + (isWord(body) ? -7 : 0);
  return suppressed === null ? { checks, bits } : { checks, bits, suppressed };
};

/** Letters only, and vowels as dense as in words: one drawn body in 500. */
function isWord(body: string): boolean {
  if (countLetters(body).digit > 0) return false;
  let vowels = 0;
  for (const letter of body) if ('AEIOU'.includes(letter)) vowels++;
  return vowels * 3 > body.length;
}

/** 30 random bytes in base64: mixed case and digits, and neither a hash in hex nor a path. */
function judgeSecretKey(value: string): Verdict | null {
  const letters = countLetters(value);
  if (letters.lower < 1 || letters.upper < 1 || letters.digit < 1) return null;
  if (isMadeOf(value.toLowerCase(), '0123456789abcdef')) return null;
  const suppressed = placeholderReason(value) ?? (entropyOf(value) < 3 ? 'low-entropy' : null);
  const checks = [{ name: 'base64', passed: true }];
  return suppressed === null ? { checks } : { checks, suppressed };
}

const secretKey = (random: Random): string => random.chars('base64', 40);
const id = (random: Random): string => `AKIA${random.chars('base32', 15)}7`;

export default [
  prefixedToken({
    id: 'aws-access-key-id',
    name: 'AWS access key id',
    issuer: 'aws',
    severity: 'high',
    shapes: ["'AKIA' ualnum:16"],
    fix: FIX_ID,
    source: SOURCE,
    build: id,
    examples: [
      inside('{"config": "AWS_KEY=', id, '\\nBACKUP=true"}'),
      inside('https://bucket.s3.amazonaws.com/?id=', id, '&x'),
    ],
    validate: keyId,
    counterExamples: {
      "the documentation's own key": "'AKIAIOSFODNN7' 'EXAMPLE'",
      'lower case in the body': "'AKIA' upper:8 lower:8",
      'a word in capitals': "'AKIASACKOFRICEFELLON'",
    },
  }),
  prefixedToken({
    id: 'aws-temporary-access-key-id',
    name: 'AWS temporary access key id',
    issuer: 'aws',
    severity: 'medium',
    shapes: ["'ASIA' ualnum:16"],
    fix: 'Revoke the active sessions of the role; the key ends by itself within 36 hours.',
    source: SOURCE,
    build: (random) => `ASIA${random.chars('base32', 15)}2`,
    validate: keyId,
    counterExamples: { 'a word in capitals': "'ASIAANDTHEFARFAREAST'" },
  }),
  prefixedToken({
    id: 'aws-service-credential-id',
    name: 'AWS bearer token or context credential id',
    issuer: 'aws',
    severity: 'medium',
    shapes: ["'ABIA' ualnum:16", "'ACCA' ualnum:16"],
    fix: FIX_ID,
    source: SOURCE,
    build: (random) => `ABIA${random.chars('base32', 15)}3`,
    validate: keyId,
    bits: 5.6,
    examples: [],
    counterExamples: { 'a word in capitals': "'ACCADEMIADELLASCIENZ'" },
  }),
  {
    id: 'aws-secret-access-key',
    name: 'AWS secret access key',
    issuer: 'aws',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: FIX_ID,
    source: SOURCE,
    triggers: [
      { literal: 'aws_secret', fold: true },
      { literal: 'aws-secret', fold: true },
      { literal: 'aws secret', fold: true },
      { literal: 'aws.secret', fold: true },
      { literal: 'awssecret', fold: true },
      { literal: 'secretaccesskey', fold: true },
      { literal: 'secret_access_key', fold: true },
      { literal: 'secret-access-key', fold: true },
      { literal: 'secret access key', fold: true },
    ],
    pattern: '[0-9A-Za-z_. -]{9,40}[^0-9A-Za-z/+]{1,12}(?P<value>[0-9A-Za-z/+]{40})',
    maxLength: 140,
    edges: 'base64',
    validate: judgeSecretKey,
    bits: 6,
    examples: [
      inside('AWS_SECRET_ACCESS_KEY=', secretKey, '\n'),
      inside('{"SecretAccessKey": "', secretKey, '"}'),
      inside('aws_secret_key: ', secretKey, ''),
      inside('Secret access key: ', secretKey, ' (keep it)'),
      inside('\\"awsSecretKey\\":\\"', secretKey, '\\",'),
    ],
    counterExamples: {
      "the documentation's own key": "'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY' 'EXAMPLEKEY'",
      'a hash in hex': "'aws_secret_hash = ' hex:40",
      'a longer base64 text': "'aws_secret_access_key = ' base64:44",
      'lower case only': "'aws_secret_access_key = ' lower:40",
      'a variable': "'aws_secret_access_key = process.env.AWS_SECRET_ACCESS_KEY'",
    },
  },
  {
    id: 'aws-key-pair',
    name: 'AWS secret access key beside its id',
    issuer: 'aws',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: FIX_ID,
    source: SOURCE,
    triggers: [{ literal: 'AKIA' }, { literal: 'ASIA' }],
    pattern: 'A[KS]IA[A-Z0-9]{16}[^0-9A-Za-z](?:[^\\x00]{0,200}?[^0-9A-Za-z/+=])??(?P<value>[0-9A-Za-z/+]{40})',
    maxLength: 320,
    edges: 'base64',
    validate: judgeSecretKey,
    bits: 7,
    examples: [
      (random) => `${id(random)},${secretKey(random)}\n`,
      (random) => `access_key = "${id(random)}"\nsecret_key = "${secretKey(random)}"\n`,
      (random) => `${id(random)}:${secretKey(random)}`,
    ],
    counterExamples: {
      'a hash beside an id': (random) => `${id(random)} ${random.chars('hex', 40)}`,
      'the secret is far away': (random) =>
        `${id(random)}\n${'some words and lines. '.repeat(12)}\n${secretKey(random)}`,
      'part of a longer base64 text': (random) => `${id(random)} ${random.chars('base64', 60)}`,
    },
  },
  prefixedToken({
    id: 'aws-bedrock-api-key',
    name: 'Amazon Bedrock API key',
    issuer: 'aws',
    severity: 'critical',
    shapes: ["'ABSK' base64:109-269"],
    fix: 'Delete the API key of the Bedrock user in IAM and create a new one.',
    source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
    edges: { left: 'base64', right: 'word' },
    build: (random) => `ABSKQmVkcm9ja0FQSUtleS${random.chars('base64', 110)}`,
  }),
  prefixedToken({
    id: 'aws-bedrock-short-term-key',
    name: 'Amazon Bedrock short-term API key',
    issuer: 'aws',
    severity: 'high',
    shapes: ["'bedrock-api-key-' base64:28-1000"],
    fix: 'Revoke the sessions of the role that made it; the key ends by itself within 12 hours.',
    source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
    validate: (value) =>
      value.endsWith(BEDROCK_HOST)
        ? { checks: [], suppressed: 'placeholder' }
        : randomBody(value, BEDROCK_PREFIX.length),
    counterExamples: { 'the name of the service and no key': () => BEDROCK_PREFIX + BEDROCK_HOST },
  }),
  prefixedToken({
    id: 'aws-mws-auth-token',
    name: 'Amazon MWS auth token',
    issuer: 'aws',
    severity: 'medium',
    shapes: ["'amzn.mws.' uuid"],
  }),
  prefixedToken({
    id: 'aws-appsync-api-key',
    name: 'AWS AppSync API key',
    issuer: 'aws',
    severity: 'medium',
    shapes: ["'da2-' lalnum:26"],
    source: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html',
  }),
] satisfies Detector[];
