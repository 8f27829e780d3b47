import type { Command } from 'commander';
import { flagName } from '../config/load-config.ts';
import type { Settings } from '../config/schema.ts';
import { collect } from './option-types.ts';

/** Flags of `assay scan` as they were given; `config/` checks and reads the texts. */
export interface ScanOptions extends OutputOptions, Record<string, unknown> {
  config?: string;
  verbose?: true;
}

/** Flags of every command that writes reports. */
export interface OutputOptions {
  format?: string[];
  output?: string[];
  baseline?: string;
}

/** Flags that are configuration: its key, the placeholder (none: a switch) and the help. */
const SETTINGS: [key: string, placeholder: string | null, help: string][] = [
  ['detectors', 'dir', 'look also for what the YAML files of this folder describe; repeatable'],
  ['include', 'glob', 'read only keys that match; repeatable'],
  ['exclude', 'glob', 'do not read keys that match; repeatable'],
  [
    'resume',
    'auto|never|SCAN',
    'continue the newest unfinished scan of the same targets and settings (auto), none, or this one',
  ],
  ['rescan', null, 'read objects again that an earlier scan has read completely'],
  ['hash', null, 'add the SHA-256 of its stored bytes to each object; all of them are read for it'],
  ['maxLocations', 'n', 'places shown for one finding (100)'],
  ['objects', 'notable|all', 'objects listed in the report (notable: not both complete and clean)'],
  ['failOn', 'level', 'exit 1 from this severity or risk on: low, medium, high, critical'],
  ['minCoverage', 'percent', 'exit 3 when fewer of the scannable objects were scanned completely (100)'],
  ['allowEmpty', null, 'do not exit 3 when nothing is listed'],
  [
    'keepScansDays',
    'n',
    'days after which ended scans are forgotten, the newest of each target excepted (90; 0: never)',
  ],
  ['maxBytes', 'size', 'end the scan before more stored bytes than this are read (no limit)'],
  ['maxRequests', 'n', 'before more requests than this are made to stores (no limit)'],
  ['maxCost', 'dollars', 'before it costs more at list prices; see assay plan (no limit)'],
  ['maxTime', 'time', 'after this time, 30m or 1.5h; the same command goes on where it stopped (no limit)'],
  ['transfer', 'where', 'where the bytes go, for prices: same-region, other-region or internet (internet)'],
  ['project', 'id', 'Google Cloud project whose buckets gs:// means'],
  ['folder', 'id', 'Google Cloud folder: gs:// means the buckets of all projects in it and below'],
  ['organization', 'id', 'Google Cloud organisation, likewise'],
  ['exposedFirst', null, 'ask who can reach the buckets, and begin with those that most can reach'],
  ['threads', 'n', 'scanning threads (one for each core)'],
  ['limits.maxDecodedBytes', 'size', 'decoded bytes of one object (1TiB)'],
  ['limits.maxRatio', 'n', 'decoded bytes for one stored byte (1000)'],
  ['limits.maxDepth', 'n', 'nesting of containers and codecs (5)'],
  ['limits.maxEntries', 'n', 'members of one container (1000000)'],
  ['limits.maxLineBytes', 'size', 'one line of decoded text (no limit)'],
  ['limits.maxPageBytes', 'size', 'one Parquet page (64MiB)'],
  ['limits.maxHeldBytes', 'size', 'held in memory to read Parquet or zip inside compressed streams (128MiB)'],
  ['limits.maxObjectMs', 'ms', 'time for one object (no limit)'],
  ['limits.maxStallMs', 'ms', 'time without a sign of life of a thread (60000)'],
  ['s3.endpoint', 'url', 'S3-compatible store instead of AWS (AWS_ENDPOINT_URL_S3)'],
  ['s3.controlEndpoint', 'url', 'its endpoint for account-level calls (AWS_ENDPOINT_URL_S3_CONTROL)'],
  ['s3.stsEndpoint', 'url', 'its endpoint for STS (AWS_ENDPOINT_URL_STS)'],
  ['s3.region', 'region', 'region of the buckets (AWS_REGION)'],
  ['s3.expectedBucketOwner', 'account', 'fail unless the buckets belong to this account'],
  ['s3.requesterPays', null, 'pay for the requests where the readers of a bucket pay'],
  ['s3.versions', null, 'scan earlier versions of objects too'],
  ['s3.roles', 'arn', 'roles to assume, whose buckets s3:// means; self is the identity itself; repeatable'],
  ['s3.organizationRole', 'name', 'role to assume in every account of the organisation, whose buckets s3:// means'],
  ['s3.organizationsEndpoint', 'url', 'endpoint for AWS Organizations (AWS_ENDPOINT_URL_ORGANIZATIONS)'],
  ['s3.kmsEndpoint', 'url', 'endpoint for KMS (AWS_ENDPOINT_URL_KMS)'],
  ['s3.cloudfrontEndpoint', 'url', 'endpoint for CloudFront (AWS_ENDPOINT_URL_CLOUDFRONT)'],
  [
    'azure.endpoint',
    'url',
    'blob service of the account instead of ACCOUNT.blob.core.windows.net (AZURE_STORAGE_ACCOUNT_URL)',
  ],
  ['azure.subscription', 'id', 'subscription of the accounts, to ask for their settings (AZURE_SUBSCRIPTION_ID)'],
  ['azure.subscriptions', 'id', 'subscriptions whose accounts az:// means (all that the identity sees); repeatable'],
  ['azure.managementEndpoint', 'url', 'where to ask for them instead of management.azure.com'],
  ['azure.versions', null, 'scan snapshots and earlier versions of blobs too'],
  ['gcs.endpoint', 'url', 'store instead of storage.googleapis.com (STORAGE_EMULATOR_HOST)'],
  ['gcs.userProject', 'project', 'project that pays where the readers of a bucket pay'],
  ['gcs.anonymous', null, 'read Google Cloud Storage without credentials'],
  ['gcs.managementEndpoint', 'url', 'where to ask for what lies above a bucket instead of googleapis.com'],
  ['gcs.versions', null, 'scan noncurrent generations of objects too'],
  ['quiet', null, 'no progress'],
  ['verbose', null, 'tell every step, and the stack of an error'],
  ['logFormat', 'text|json', 'form of what --verbose tells'],
];
const REPEATABLE = new Set(['detectors', 'include', 'exclude', 's3.roles', 'azure.subscriptions']);

export function addScanOptions(command: Command): Command {
  command
    .description('Scans now, waits, and prints the report.')
    .argument(
      '<target...>',
      'a path, a quoted glob, s3://bucket/prefix, az://account/container/prefix, gs://bucket/prefix, or - for standard input',
    );
  addOutputOptions(command).option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  return addSettings(command, () => true).addHelpText(
    'after',
    `
Examples:
  $ assay scan ./data --exclude '**/*.png'
  $ assay scan s3://bucket/train --s3-endpoint http://127.0.0.1:9000
  $ assay scan az://account/container/train --fail-on high
  $ assay scan ./data -f json -o report.json -o html=report.html --fail-on high
  $ assay scan s3://bucket --fail-on high --baseline accepted.json
  $ assay scan s3:// --exposed-first --max-cost 20
  $ assay scan ./data --detectors ./detectors --threads 4
  $ zcat dump.jsonl.gz | assay scan -

Exit codes: 0 done · 1 --fail-on is violated · 2 usage or configuration · 3 incomplete (below --min-coverage,
a target that could not be listed, nothing listed) · 4 failed`,
  );
}

export function addOutputOptions(command: Command): Command {
  return command
    .option('-f, --format <format>', 'text, json, jsonl, html, sarif or csv; repeatable', collect)
    .option('-o, --output <file>', 'write the report to a file, or FORMAT=FILE; repeatable', collect)
    .option('--baseline <report>', 'an earlier JSON report: only findings that it does not have count for --fail-on');
}

/** The flags of those settings that `isWanted` by their key. */
export function addSettings(command: Command, isWanted: (key: string) => boolean): Command {
  for (const [key, placeholder, help] of SETTINGS) {
    if (!isWanted(key)) continue;
    const flags = placeholder === null ? flagName(key) : `${flagName(key)} <${placeholder}>`;
    if (REPEATABLE.has(key)) command.option(flags, help, collect);
    else command.option(flags, help);
  }
  return command;
}

/** The flags that were given, shaped like the configuration file; `checkLayer` finds what is wrong with their texts. */
export function settingsOf(options: Record<string, unknown>): Settings {
  const settings: Record<string, unknown> = {};
  for (const [key] of SETTINGS) {
    const given = options[attributeName(key)];
    if (given === undefined) continue;
    const [group, inner] = key.split('.') as [string, string | undefined];
    if (inner === undefined) settings[group] = given;
    else settings[group] = { ...(settings[group] as object | undefined), [inner]: given };
  }
  return settings as Settings;
}

/** Commander's name of a flag: `--max-depth` is `maxDepth`. */
function attributeName(key: string): string {
  return flagName(key)
    .slice(2)
    .replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
