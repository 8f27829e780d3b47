import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AssayError } from '../errors.ts';
import type { Budget } from '../model/budget.ts';
import type { Limits } from '../model/limits.ts';
import { checkLayer, findFile, readEnvironment, readFile, readSdkVariables } from './layers.ts';
import { DEFAULTS, environmentName, type Settings } from './schema.ts';

/** Everything a command may ask, settled: nothing behind this is optional or has a second default. */
export interface Config {
  /** State directory: ledger, queue, keys. */
  readonly home: string;
  /** PostgreSQL server of the ledger; null: embedded in `home`. */
  readonly databaseUrl: string | null;
  /** Queue of a fleet on a Redis, Valkey or PostgreSQL server; null: in the ledger's database, for one process. */
  readonly queueUrl: string | null;
  /** Where the fingerprint key comes from; null: generated in `home`. */
  readonly fingerprintKey: { readonly base64: string } | { readonly file: string } | null;
  readonly threads: number;
  readonly limits: Readonly<Limits>;
  /** Folders and files of the user's detectors, absolute. */
  readonly detectors: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly resume: string;
  readonly rescan: boolean;
  readonly hash: boolean;
  readonly maxLocations: number;
  readonly budget: Readonly<Budget>;
  /** Whose buckets `gs://` means; one of them. */
  readonly project: string | null;
  readonly folder: string | null;
  readonly organization: string | null;
  readonly exposedFirst: boolean;
  readonly objects: 'notable' | 'all';
  readonly failOn: 'low' | 'medium' | 'high' | 'critical' | null;
  /** Per cent of scannable objects. */
  readonly minCoverage: number;
  readonly allowEmpty: boolean;
  /** Days after which an ended scan is forgotten, unless it is the newest of its targets; 0: never. */
  readonly keepScansDays: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly logFormat: 'text' | 'json';
  /** Accounts, organisations and networks that the user counts as their own. */
  readonly trusted: Readonly<Record<'accounts' | 'orgs' | 'orgUnits' | 'vpcs' | 'vpces' | 'ips', readonly string[]>>;
  readonly s3: {
    readonly endpoint: string | null;
    readonly controlEndpoint: string | null;
    readonly stsEndpoint: string | null;
    readonly region: string | null;
    readonly expectedBucketOwner: string | null;
    readonly requesterPays: boolean;
    readonly versions: boolean;
    readonly roles: readonly string[];
    /** Name of the role to assume in every account of the organisation; null: the organisation is not asked. */
    readonly organizationRole: string | null;
    readonly organizationsEndpoint: string | null;
    readonly kmsEndpoint: string | null;
    readonly cloudfrontEndpoint: string | null;
  };
  readonly azure: {
    /** URL of the account's blob service; null: that of Azure. */
    readonly endpoint: string | null;
    readonly subscription: string | null;
    readonly subscriptions: readonly string[];
    readonly managementEndpoint: string | null;
    readonly versions: boolean;
  };
  readonly gcs: {
    /** Null: that of Google. */
    readonly endpoint: string | null;
    readonly userProject: string | null;
    readonly anonymous: boolean;
    readonly managementEndpoint: string | null;
    readonly versions: boolean;
  };
  /** The file that was read, absolute; null: none. */
  readonly file: string | null;
}

export interface ConfigSources {
  /** From the command line, shaped like the file. */
  flags: Settings;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** `--config FILE`; absent: `assay.yaml` in `cwd` if there is one. */
  file?: string | undefined;
}

/**
 * The SDK's variables, then file, environment and flags: the later one wins. Throws `AssayError` `config` that lists
 * every problem of all of them at once.
 */
export function loadConfig(sources: ConfigSources): Config {
  const problems: string[] = [];
  const file = findFile(sources.file, sources.cwd);
  const fromSdk = readSdkVariables(sources.env, problems);
  const fromFile = file === null ? {} : checkLayer(readFile(file), (key) => `${file}: ${key}`, problems);
  const fromEnv = checkLayer(readEnvironment(sources.env, problems), environmentName, problems);
  const fromFlags = checkLayer(sources.flags, flagName, problems);
  if (problems.length > 0) throw new AssayError('config', `configuration: ${problems.join('\n  ')}`);
  return freeze(settle([fromSdk, fromFile, fromEnv, fromFlags], sources, file));
}

/** What `openProvider` takes. */
export function storesOf({ s3, azure, gcs }: Config): Config['s3'] & Pick<Config, 'azure' | 'gcs'> {
  return { ...s3, azure, gcs };
}

const NOBODY: Config['trusted'] = { accounts: [], orgs: [], orgUnits: [], vpcs: [], vpces: [], ips: [] };

/** `limits.maxDepth` is `--max-depth`, `s3.endpoint` is `--s3-endpoint`. */
export function flagName(key: string): string {
  const name = key.startsWith('limits.') ? key.slice('limits.'.length) : key.replaceAll('.', '-');
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function settle(layers: Settings[], { env, cwd }: ConfigSources, file: string | null): Config {
  const given: Given<Settings> = Object.assign({}, ...layers.map(withoutAbsent));
  const limits: Given<Limits> = Object.assign({}, ...layers.map((layer) => withoutAbsent(layer.limits ?? {})));
  const s3: Given<NonNullable<Settings['s3']>> = Object.assign(
    {},
    ...layers.map((layer) => withoutAbsent(layer.s3 ?? {})),
  );
  const azure: Given<NonNullable<Settings['azure']>> = Object.assign(
    {},
    ...layers.map((layer) => withoutAbsent(layer.azure ?? {})),
  );
  const trusted: Given<NonNullable<Settings['trusted']>> = Object.assign(
    {},
    ...layers.map((layer) => withoutAbsent(layer.trusted ?? {})),
  );
  const gcs: Given<NonNullable<Settings['gcs']>> = Object.assign(
    {},
    ...layers.map((layer) => withoutAbsent(layer.gcs ?? {})),
  );
  const settled = { ...DEFAULTS, ...given };
  return {
    home: resolve(cwd, settled.home ?? defaultHome(env)),
    databaseUrl: settled.databaseUrl ?? null,
    queueUrl: queueUrl(settled),
    fingerprintKey: keySource(layers, cwd),
    threads: settled.threads,
    limits: { ...DEFAULTS.limits, ...limits },
    detectors: settled.detectors.map((path) => resolve(cwd, path)),
    include: settled.include,
    exclude: settled.exclude,
    resume: settled.resume,
    rescan: settled.rescan,
    hash: settled.hash,
    maxLocations: settled.maxLocations,
    budget: {
      maxBytes: settled.maxBytes ?? null,
      maxRequests: settled.maxRequests ?? null,
      maxCost: settled.maxCost ?? null,
      maxTimeMs: settled.maxTime ?? null,
      transfer: settled.transfer,
    },
    project: settled.project ?? null,
    folder: settled.folder ?? null,
    organization: settled.organization ?? null,
    exposedFirst: settled.exposedFirst,
    objects: settled.objects,
    failOn: settled.failOn ?? null,
    minCoverage: settled.minCoverage,
    allowEmpty: settled.allowEmpty,
    keepScansDays: settled.keepScansDays,
    quiet: settled.quiet,
    verbose: settled.verbose,
    logFormat: settled.logFormat,
    trusted: { ...NOBODY, ...trusted },
    s3: {
      endpoint: s3.endpoint ?? null,
      controlEndpoint: s3.controlEndpoint ?? null,
      stsEndpoint: s3.stsEndpoint ?? null,
      region: s3.region ?? null,
      expectedBucketOwner: s3.expectedBucketOwner ?? null,
      requesterPays: s3.requesterPays ?? false,
      versions: s3.versions ?? false,
      roles: s3.roles ?? [],
      organizationRole: s3.organizationRole ?? null,
      organizationsEndpoint: s3.organizationsEndpoint ?? null,
      kmsEndpoint: s3.kmsEndpoint ?? null,
      cloudfrontEndpoint: s3.cloudfrontEndpoint ?? null,
    },
    azure: {
      endpoint: azure.endpoint ?? null,
      subscription: azure.subscription ?? null,
      subscriptions: azure.subscriptions ?? [],
      managementEndpoint: azure.managementEndpoint ?? null,
      versions: azure.versions ?? false,
    },
    gcs: {
      endpoint: gcs.endpoint ?? null,
      userProject: gcs.userProject ?? null,
      anonymous: gcs.anonymous ?? false,
      managementEndpoint: gcs.managementEndpoint ?? null,
      versions: gcs.versions ?? false,
    },
    file,
  };
}

/** The ledger of a fleet must be one that all its machines reach. */
function queueUrl({ queueUrl, databaseUrl }: Settings): string | null {
  if (queueUrl !== undefined && databaseUrl === undefined) {
    throw new AssayError('config', 'configuration: ASSAY_QUEUE_URL needs ASSAY_DATABASE_URL, the ledger of the fleet');
  }
  return queueUrl ?? null;
}

/** The last layer that names a key decides, whether it gives the key itself or a file. */
function keySource(layers: Settings[], cwd: string): Config['fingerprintKey'] {
  const layer = layers.findLast((one) => one.fingerprintKey !== undefined || one.fingerprintKeyFile !== undefined);
  if (layer === undefined) return null;
  const { fingerprintKey, fingerprintKeyFile } = layer;
  if (fingerprintKey !== undefined && fingerprintKeyFile !== undefined) {
    throw new AssayError('config', 'configuration: give the fingerprint key or its file, not both');
  }
  return fingerprintKey === undefined ? { file: resolve(cwd, fingerprintKeyFile ?? '') } : { base64: fingerprintKey };
}

function defaultHome(env: ConfigSources['env']): string {
  return join(present(env.XDG_STATE_HOME) ?? join(present(env.HOME) ?? homedir(), '.local', 'state'), 'assay');
}

function present(given: string | undefined): string | null {
  return given === undefined || given === '' ? null : given;
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(layer: T): Given<T> {
  return Object.fromEntries(Object.entries(layer).filter(([, given]) => given !== undefined)) as Given<T>;
}

function freeze<T extends object>(config: T): T {
  for (const inner of Object.values(config)) if (typeof inner === 'object' && inner !== null) Object.freeze(inner);
  return Object.freeze(config);
}
