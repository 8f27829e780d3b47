import { type Config, loadConfig } from '../config/load-config.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { ProviderName, Target } from '../model/object.ts';
import { discoveryRole, leastRole } from '../providers/azure-permissions.ts';
import { type GcsScope, leastGcsRole } from '../providers/gcs-permissions.ts';
import { isAboveProjects, parseEvery } from '../providers/parse-every.ts';
import { parseTarget } from '../providers/parse-target.ts';
import { EVERY_BUCKET, leastPolicy, organizationPolicy } from '../providers/s3-permissions.ts';
import { azureAccountChecks } from './doctor-azure.ts';
import { discoveryChecks } from './doctor-discovery.ts';
import { type DoctorCheck, exitOf, showChecks } from './doctor-finding.ts';
import { backendChecks, stateChecks, versionChecks } from './doctor-host.ts';
import { accountChecks, optionsOf, targetChecks } from './doctor-target.ts';
import { googleParent } from './resolve-targets.ts';
import { settingsOf } from './scan-options.ts';

export interface DoctorOptions extends Record<string, unknown> {
  config?: string;
  format: 'text' | 'json';
  printPolicy?: true;
}

/**
 * `assay doctor`: looks at everything that a scan of these targets needs, changes nothing, and says what is missing and
 * how to get it. Exit 0 when all is well, 3 when something is missing, 4 when something is broken.
 */
export async function doctor(targetTexts: string[], options: DoctorOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const { format } = options;
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  const parent = googleParent(config);
  const targets = targetTexts.map((text) => parseEvery(text, parent) ?? parseTarget(text, cwd));
  if (options.printPolicy === true) return printPolicy(targets, config);
  const checks: DoctorCheck[] = [...(await versionChecks(config)), ...stateChecks(config)];
  checks.push(...(await backendChecks(config.databaseUrl, config.queueUrl)));
  const needsAws = targets.some(({ bucket }) => bucket.provider === 'aws-s3');
  checks.push(...(await accountChecks(config, needsAws)));
  checks.push(...(await azureAccountChecks(optionsOf(config), targets)));
  // One after the other: a store that is slow to answer is not asked by all at once.
  for (const target of targets) {
    checks.push(...(await (target.every === true ? discoveryChecks(config, target) : targetChecks(config, target))));
  }
  const exit = exitOf(checks);
  const result = exit === EXIT.ok ? 'ok' : exit === EXIT.incomplete ? 'missing' : 'broken';
  if (format === 'json')
    process.stdout.write(`${JSON.stringify({ schema: 'assay.doctor/v1', result, checks }, null, 2)}\n`);
  else process.stdout.write(showChecks(checks, targets.length));
  return exit;
}

function printPolicy(targets: readonly Target[], { s3, azure }: Config): ExitCode {
  const of = (name: ProviderName) => targets.filter(({ bucket }) => bucket.provider === name);
  const [amazon, microsoft, google] = [of('aws-s3'), of('azure-blob'), of('gcs')];
  const scopes = amazon.map(({ every, bucket, prefix }) => ({
    bucket: every === true ? EVERY_BUCKET : bucket.name,
    prefix,
  }));
  const { subscription, subscriptions } = azure;
  const isEverySubscription = microsoft.some(({ every, bucket }) => every === true && bucket.name === '');
  const policies = [
    ...(microsoft.length === 0 ? [] : [isEverySubscription ? discoveryRole(subscriptions) : leastRole(subscription)]),
    ...(google.length === 0 ? [] : [leastGcsRole(scopeOf(google))]),
    ...(microsoft.length + google.length === 0 || amazon.length > 0 ? [leastPolicy(scopes, s3)] : []),
    ...(s3.organizationRole === null ? [] : [organizationPolicy(s3.organizationRole)]),
  ];
  for (const policy of policies) process.stdout.write(`${JSON.stringify(policy, null, 2)}\n`);
  return EXIT.ok;
}

/** The widest of what is meant: all of a folder or organisation, of a project, or buckets by their names. */
function scopeOf(targets: readonly Target[]): GcsScope {
  const every = targets.filter((target) => target.every === true);
  if (every.length === 0) return 'bucket';
  return every.some(({ bucket }) => isAboveProjects(bucket.name)) ? 'organization' : 'project';
}
