import { loadConfig } from '../config/load-config.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { Target } from '../model/object.ts';
import { leastRole } from '../providers/azure-permissions.ts';
import { leastGcsRole } from '../providers/gcs-permissions.ts';
import { parseTarget } from '../providers/parse-target.ts';
import { leastPolicy, organizationPolicy } from '../providers/s3-permissions.ts';
import { azureAccountChecks } from './doctor-azure.ts';
import { type DoctorCheck, exitOf, showChecks } from './doctor-finding.ts';
import { backendChecks, stateChecks, versionChecks } from './doctor-host.ts';
import { accountChecks, optionsOf, targetChecks } from './doctor-target.ts';
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
  const targets = targetTexts.map((text) => parseTarget(text, cwd));
  const { format } = options;
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  if (options.printPolicy === true) return printPolicy(targets, config.s3.organizationRole);
  const checks: DoctorCheck[] = [...(await versionChecks(config)), ...stateChecks(config)];
  checks.push(...(await backendChecks(config.databaseUrl, config.queueUrl)));
  const needsAws = targets.some(({ bucket }) => bucket.provider === 'aws-s3');
  checks.push(...(await accountChecks(config, needsAws)));
  checks.push(...(await azureAccountChecks(optionsOf(config), targets)));
  // One after the other: a store that is slow to answer is not asked by all at once.
  for (const target of targets) checks.push(...(await targetChecks(config, target)));
  const exit = exitOf(checks);
  const result = exit === EXIT.ok ? 'ok' : exit === EXIT.incomplete ? 'missing' : 'broken';
  if (format === 'json')
    process.stdout.write(`${JSON.stringify({ schema: 'assay.doctor/v1', result, checks }, null, 2)}\n`);
  else process.stdout.write(showChecks(checks, targets.length));
  return exit;
}

function printPolicy(targets: readonly Target[], organizationRole: string | null): ExitCode {
  const scopes = targets
    .filter(({ bucket }) => bucket.provider === 'aws-s3')
    .map(({ bucket, prefix }) => ({ bucket: bucket.name, prefix }));
  const isAzure = targets.some(({ bucket }) => bucket.provider === 'azure-blob');
  const isGoogle = targets.some(({ bucket }) => bucket.provider === 'gcs');
  const policies = [
    ...(isAzure ? [leastRole(process.env.AZURE_SUBSCRIPTION_ID ?? null)] : []),
    ...(isGoogle ? [leastGcsRole()] : []),
    ...((!isAzure && !isGoogle) || scopes.length > 0 ? [leastPolicy(scopes)] : []),
    ...(organizationRole === null ? [] : [organizationPolicy(organizationRole)]),
  ];
  for (const policy of policies) process.stdout.write(`${JSON.stringify(policy, null, 2)}\n`);
  return EXIT.ok;
}
