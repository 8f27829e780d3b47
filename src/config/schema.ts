import { z } from 'zod';
import { TRANSFERS } from '../model/budget.ts';
import { DEFAULT_LIMITS } from '../model/limits.ts';
import { parseDuration } from './duration.ts';
import { parseSize } from './size.ts';

/** A whole number; in the environment and in flags it comes as text. */
function whole(min: number): z.ZodType<number> {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given),
    z.int({ error: `must be a whole number of at least ${min}` }).min(min, `must be a whole number of at least ${min}`),
  );
}

/** Bytes: a number, or text such as `64MiB`. */
const size = z.preprocess(
  (given) => (typeof given === 'string' ? (parseSize(given) ?? given) : given),
  z.int({ error: 'must be a size in bytes, such as 1048576 or 64MiB' }).min(1, 'must be at least 1 byte'),
);

const flag = z.preprocess(
  (given) => (given === 'true' || given === '1' ? true : given === 'false' || given === '0' ? false : given),
  z.boolean({ error: 'must be true or false' }),
);

/** Milliseconds, given as `90s`, `1.5h` or a number of seconds. */
const duration = z.preprocess(
  (given) => parseDuration(String(given)) ?? given,
  z.int({ error: 'must be a time, such as 90s, 30m or 1.5h' }).min(1, 'must be at least 1 ms'),
);

/** US dollars. */
const money = z.preprocess(
  (given) => (typeof given === 'string' && /^\$?\d+(\.\d+)?$/.test(given) ? Number(given.replace('$', '')) : given),
  z.number({ error: 'must be an amount in US dollars, such as 2.50' }).positive('must be more than 0'),
);

/** Per cent, with or without the sign. */
const percent = z.preprocess(
  (given) => (typeof given === 'string' && /^\d+(\.\d+)?%?$/.test(given) ? Number.parseFloat(given) : given),
  z
    .number({ error: 'must be a percentage from 0 to 100' })
    .min(0, 'must be a percentage from 0 to 100')
    .max(100, 'must be a percentage from 0 to 100'),
);

/** In the environment a list is a JSON array, or one item to a comma. */
const list = z.preprocess(
  (given) => (typeof given === 'string' ? splitList(given) : given),
  z.array(z.string({ error: 'must be a list of texts' }).min(1, 'has an empty item'), {
    error: 'must be a list of texts',
  }),
);

/** A list whose items all have one shape. */
function listOf(shape: RegExp, what: string): typeof list {
  return list.refine((items) => items.every((item) => shape.test(item)), `must be a list of ${what}`);
}

const text = z.string({ error: 'must be text' }).min(1, 'is empty');
const url = text.refine(isPlainHttpUrl, 'must be an http:// or https:// URL without user and password');
/** A SAS stands in the query. */
const plainUrl = url.refine(
  (given) => !given.includes('?'),
  'must have no query; a SAS goes into AZURE_STORAGE_SAS_TOKEN',
);

function oneOf<const T extends readonly [string, ...string[]]>(...words: T): z.ZodType<T[number]> {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

const SUBSCRIPTION = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Every key there is, for the file, the environment and the flags alike. What is absent comes from `DEFAULTS`. */
export const SCHEMA = z.strictObject({
  home: text.optional(),
  databaseUrl: text.refine((given) => /^postgres(ql)?:\/\//.test(given), 'must be a postgres:// URL').optional(),
  queueUrl: text
    .refine((given) => /^(rediss?|postgres(ql)?):\/\//.test(given), 'must be a redis://, rediss:// or postgres:// URL')
    .optional(),
  fingerprintKey: text.optional(),
  fingerprintKeyFile: text.optional(),
  threads: whole(0).optional(),
  limits: z
    .strictObject({
      maxDecodedBytes: size.optional(),
      maxRatio: whole(1).optional(),
      maxDepth: whole(1).optional(),
      maxEntries: whole(1).optional(),
      maxLineBytes: size.optional(),
      maxPageBytes: size.optional(),
      maxHeldBytes: size.optional(),
      maxObjectMs: whole(0).optional(),
      maxStallMs: whole(0).optional(),
    })
    .optional(),
  detectors: list.optional(),
  include: list.optional(),
  exclude: list.optional(),
  resume: text.optional(),
  rescan: flag.optional(),
  hash: flag.optional(),
  maxLocations: whole(1).optional(),
  maxBytes: size.optional(),
  maxRequests: whole(1).optional(),
  maxCost: money.optional(),
  maxTime: duration.optional(),
  transfer: oneOf(...TRANSFERS).optional(),
  project: text.regex(/^[a-z0-9.:-]+$/, 'must be the id or number of a Google Cloud project').optional(),
  folder: text.regex(/^\d+$/, 'must be the number of a folder of Google Cloud').optional(),
  organization: text.regex(/^\d+$/, 'must be the number of an organisation of Google Cloud').optional(),
  exposedFirst: flag.optional(),
  objects: oneOf('notable', 'all').optional(),
  failOn: oneOf('low', 'medium', 'high', 'critical').optional(),
  minCoverage: percent.optional(),
  allowEmpty: flag.optional(),
  keepScansDays: whole(0).optional(),
  quiet: flag.optional(),
  verbose: flag.optional(),
  logFormat: oneOf('text', 'json').optional(),
  /** Who is no stranger, beside the owner of a bucket. */
  trusted: z
    .strictObject({
      accounts: list.optional(),
      orgs: list.optional(),
      orgUnits: list.optional(),
      vpcs: listOf(/^vpc-\w+$/, 'VPC ids, such as vpc-0a1b2c3d').optional(),
      vpces: listOf(/^vpce-\w+$/, 'VPC endpoint ids, such as vpce-0a1b2c3d').optional(),
      ips: listOf(/^[\da-f.:]+(\/\d{1,3})?$/i, 'addresses and networks, such as 203.0.113.0/24').optional(),
    })
    .optional(),
  s3: z
    .strictObject({
      endpoint: url.optional(),
      controlEndpoint: url.optional(),
      stsEndpoint: url.optional(),
      region: text.optional(),
      expectedBucketOwner: text.regex(/^\d{12}$/, 'must be an account of 12 digits').optional(),
      requesterPays: flag.optional(),
      versions: flag.optional(),
      roles: listOf(/^(self|arn:[\w-]+:iam::\d{12}:role\/\S+)$/, 'ARNs of roles, or self').optional(),
      organizationRole: text
        .regex(/^[\w+=,.@-]+(\/[\w+=,.@-]+)*$/, 'must be the name of a role, with its path when it has one')
        .optional(),
      organizationsEndpoint: url.optional(),
      kmsEndpoint: url.optional(),
      cloudfrontEndpoint: url.optional(),
    })
    .optional(),
  azure: z
    .strictObject({
      endpoint: plainUrl.optional(),
      subscription: text.regex(SUBSCRIPTION, 'must be the id of a subscription').optional(),
      subscriptions: listOf(SUBSCRIPTION, 'ids of subscriptions').optional(),
      managementEndpoint: plainUrl.optional(),
      versions: flag.optional(),
    })
    .optional(),
  gcs: z
    .strictObject({
      endpoint: url.optional(),
      userProject: text.regex(/^[\w.:-]{1,100}$/, 'must be the id or number of a project').optional(),
      anonymous: flag.optional(),
      managementEndpoint: url.optional(),
      versions: flag.optional(),
    })
    .optional(),
});

/** One layer of configuration as it was given: everything may be absent. */
export type Settings = z.infer<typeof SCHEMA>;

export const DEFAULTS = {
  threads: 0,
  limits: DEFAULT_LIMITS,
  detectors: [],
  include: [],
  exclude: [],
  resume: 'auto',
  rescan: false,
  hash: false,
  maxLocations: 100,
  transfer: 'internet',
  exposedFirst: false,
  objects: 'notable',
  minCoverage: 100,
  allowEmpty: false,
  keepScansDays: 90,
  quiet: false,
  verbose: false,
  logFormat: 'text',
} as const satisfies Settings;

/** Paths of all keys, `limits.maxDepth`; derived, so that a new key needs no second list. */
export const KEYS: readonly string[] = keysOf(SCHEMA);

/** `limits.maxDepth` is `ASSAY_LIMITS_MAX_DEPTH`. */
export function environmentName(key: string): string {
  return `ASSAY_${key.replaceAll('.', '_').replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
}

function keysOf(schema: z.ZodObject, prefix = ''): string[] {
  return Object.entries(schema.shape).flatMap(([name, value]) => {
    const inner = value instanceof z.ZodOptional ? value.unwrap() : value;
    return inner instanceof z.ZodObject ? keysOf(inner, `${prefix}${name}.`) : [prefix + name];
  });
}

function splitList(given: string): unknown {
  if (!given.startsWith('[')) return given.split(',').map((item) => item.trim());
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

/** Addresses are shown and stored, so that none may hold a password. */
function isPlainHttpUrl(given: string): boolean {
  const url = URL.parse(given);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
