import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import { oneOf } from './option-types.ts';
import type { PlanOptions } from './plan.ts';
import { addSettings } from './scan-options.ts';

const SETTINGS =
  /^(detectors|include|exclude|rescan|hash|allowEmpty|threads|transfer|project|folder|organization|s3\..*|azure\..*|gcs\..*|verbose)$/;

/** `assay plan <target>…`. */
export function describePlan(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Tells what a scan would read, cost and take; lists, and reads no object.')
    .argument('<target...>', 'a path, a quoted glob, s3://bucket/prefix, or s3:// for every bucket')
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .option('--inventory <manifest>', 'take the objects of the bucket from its S3 Inventory: s3://…/manifest.json')
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  addSettings(command, (key) => SETTINGS.test(key))
    .addHelpText(
      'after',
      `
Examples:
  $ assay plan s3://bucket/train --transfer same-region
  $ assay plan s3:// --exclude '*.png' -f json

What an earlier scan has read completely is not counted again. Money is at the list prices of the vendors' pages, time at
the measured speeds of docs/speed.md: both are estimates. \`assay scan --max-cost 5\` holds a scan to one.
Exit codes: 0 done · 2 usage or configuration · 3 a target of several could not be listed, nothing listed · 4 failed`,
    )
    .action(async (targets: string[], options: PlanOptions) => {
      const { plan } = await import('./plan.ts');
      done(await plan(targets, options));
    });
}
