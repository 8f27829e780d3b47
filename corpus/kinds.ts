import type { Random } from '../detectors/detector.ts';
import { expand } from '../detectors/sample.ts';
import { base62Crc32 } from '../detectors/validators/base62-crc32.ts';
import { withCpf, withIban, withLuhn, withNhs, withNir, withPesel, withVerhoeff } from './checksums.ts';

/** A kind of thing that is planted: what it must be found as, and how one is made. No value of it is ever committed. */
export interface Kind {
  detector: string;
  /** Issuer of a secret or key, entity of personal data. */
  issuer?: string;
  entity?: string;
  value(random: Random): string;
  /** Text around the value in prose and code. */
  around: [before: string, after: string];
}

const DASHES = '-----';

function secret(detector: string, issuer: string, value: Kind['value'] | string, before = '', after = ''): Kind {
  const build = typeof value === 'string' ? (random: Random) => expand(value, random) : value;
  return { detector, issuer, value: build, around: [before, after] };
}

function person(detector: string, entity: string, before: string, value: Kind['value']): Kind {
  return { detector, entity, value, around: [before, ''] };
}

function withCrc(prefix: string): Kind['value'] {
  return (random) => {
    const body = random.chars('base62', 30);
    return prefix + body + base62Crc32(body);
  };
}

function jsonWebToken(random: Random): string {
  const part = (data: object): string => Buffer.from(JSON.stringify(data)).toString('base64url');
  const payload = { sub: random.chars('lalnum', 18), iat: 1_760_000_000 + random.int(9_000_000) };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}.${random.chars('base64url', 43)}`;
}

function privateKey(random: Random): string {
  const body = Buffer.from(`MIICXQIBAAKBgQC${random.chars('base64', 797)}`, 'base64').toString('base64');
  const lines = body.match(/.{1,64}/g) ?? [];
  return `${DASHES}BEGIN RSA PRIVATE KEY${DASHES}\n${lines.join('\n')}\n${DASHES}END RSA PRIVATE KEY${DASHES}`;
}

function telegramToken(random: Random): string {
  return `${random.chars('123456789', 1)}${random.chars('digit', 9)}:AA${random.chars('base64url', 33)}`;
}

export const SECRETS = {
  awsId: secret('aws-access-key-id', 'aws', "'AKIA' base32:15 '7'", 'AWS_ACCESS_KEY_ID='),
  awsSecret: secret('aws-secret-access-key', 'aws', 'base64:40', 'aws_secret_access_key = '),
  github: secret('github-personal-access-token', 'github', withCrc(['gh', 'p_'].join('')), 'token '),
  gitlab: secret('gitlab-personal-access-token', 'gitlab', "'glpat-' alnum:20", 'GITLAB: '),
  slack: secret('slack-token', 'slack', "'xoxb-' digit:12 '-' digit:12 '-' alnum:24", 'bot '),
  slackHook: secret(
    'slack-webhook',
    'slack',
    "'https://hooks.slack.com/services/T' ualnum:10 '/B' ualnum:10 '/' alnum:24",
    'post to ',
  ),
  stripe: secret('stripe-secret-key', 'stripe', "'sk_live_' alnum:24", 'charge with '),
  openai: secret('openai-api-key', 'openai', "'sk-proj-' alnum:74 'T3BlbkFJ' alnum:74", 'my key is '),
  anthropic: secret('anthropic-api-key', 'anthropic', "'sk-ant-api03-' alnum:93 'AA'", 'use '),
  huggingface: secret('huggingface-user-token', 'huggingface', "'hf_' alpha:34", 'login with '),
  google: secret('google-api-key', 'google', "'AIzaSy' alnum:33", 'maps key '),
  azure: secret('azure-storage-key', 'azure', "base64:85 'Q=='", 'AccountName=data;AccountKey=', ';'),
  npm: secret('npm-access-token', 'npm', withCrc('npm_'), '//registry.npmjs.org/:_authToken='),
  sendgrid: secret('sendgrid-api-key', 'sendgrid', "'SG.' alnum:22 '.' alnum:43", 'mail through '),
  twilio: secret('twilio-api-key', 'twilio', "'SK' hex:32", 'twilio sid '),
  telegram: secret('telegram-bot-token', 'telegram', telegramToken, 'bot '),
  jwt: secret('jwt', 'generic', jsonWebToken, 'session='),
  privateKey: secret('pem-private-key', 'generic', privateKey),
  database: secret('database-url', 'generic', "'postgres://app:' alnum:16 '@db.shop.internal:5432/orders'"),
  urlPassword: secret('url-password', 'generic', "'https://robot:' alnum:16 '@files.shop.internal/nightly'"),
  password: secret('generic-password', 'generic', "upper:2 lower:6 digit:4 '!'", 'db_password = "', '"'),
} satisfies Record<string, Kind>;

const GIVEN = ['anna', 'bruno', 'chen', 'dara', 'elif', 'farid', 'greta', 'hugo', 'ines', 'jonas', 'kofi', 'lucia'];
const FAMILY = ['abel', 'brandt', 'costa', 'dubois', 'eriksen', 'fischer', 'gupta', 'haddad', 'ito', 'jansen', 'kovac'];
const DOMAINS = ['fernmail.de', 'nordpost.se', 'lagoa.pt', 'brightpath.io', 'kestrelworks.co.uk'];

export const PEOPLE = {
  email: person('email-address', 'EMAIL', 'write to ', (random) => {
    return `${random.pick(GIVEN)}.${random.pick(FAMILY)}${random.int(900) + 100}@${random.pick(DOMAINS)}`;
  }),
  phone: person('phone-international', 'PHONE', 'phone ', (random) => `+49 151 ${random.chars('23456789', 8)}`),
  card: person('credit-card', 'CREDIT_CARD', 'card number ', (random) => {
    return withLuhn(`4${random.chars('digit', 14)}`).replace(/(.{4})(?=.)/g, '$1 ');
  }),
  iban: person('iban', 'IBAN', 'IBAN ', (random) => withIban('DE', random.chars('123456789', 18))),
  ip: person('ipv4-address', 'IP_ADDRESS', 'client ip ', (random) => {
    return `87.${random.int(200) + 30}.${random.int(200) + 30}.${random.int(200) + 30}`;
  }),
  ssn: person('us-ssn', 'US_SSN', 'SSN ', (random) => {
    const area = 100 + random.int(500);
    return `${area}-${10 + random.int(89)}-${1000 + random.int(8999)}`;
  }),
  nhs: person('uk-nhs-number', 'UK_NHS', 'NHS number ', (random) => {
    for (;;) {
      const number = withNhs(`4${random.chars('digit', 8)}`);
      if (number !== null) return number.replace(/^(...)(...)/, '$1 $2 ');
    }
  }),
  nir: person('fr-nir', 'FR_NIR', 'numéro de sécurité sociale ', (random) => {
    const two = (n: number): string => String(n).padStart(2, '0');
    const place = 1 + random.int(90);
    return withNir(
      `${1 + random.int(2)}${two(random.int(99))}${two(1 + random.int(12))}75${100 + place}${100 + place}`,
    );
  }),
  pesel: person('pl-pesel', 'PL_PESEL', 'PESEL ', (random) => {
    const two = (n: number): string => String(n).padStart(2, '0');
    return withPesel(
      `${50 + random.int(49)}${two(1 + random.int(12))}${two(1 + random.int(28))}${random.chars('digit', 4)}`,
    );
  }),
  cpf: person('br-cpf', 'BR_CPF', 'CPF ', (random) => {
    return withCpf(random.chars('123456789', 9)).replace(/^(...)(...)(...)/, '$1.$2.$3-');
  }),
  aadhaar: person('in-aadhaar', 'IN_AADHAAR', 'Aadhaar ', (random) => {
    return withVerhoeff(`${2 + random.int(8)}${random.chars('digit', 10)}`).replace(/^(.{4})(.{4})/, '$1 $2 ');
  }),
} satisfies Record<string, Kind>;

/** What text about `kind` looks like, with a value in it. */
export function phrase(kind: Kind, value: string): string {
  return kind.around[0] + value + kind.around[1];
}
