import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { ExposureOptions } from './exposure.ts';
import { oneOf } from './option-types.ts';
import { addSettings } from './scan-options.ts';

/** `assay exposure [target...]`. */
export function describeExposure(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Tells who can list, read, write, delete or re-permission buckets; reads no object.')
    .argument('[target...]', 'a path, s3://bucket, az://account/container or gs://bucket')
    .option('--evidence <file>', 'judge recorded evidence or a bucket policy, one document or JSON lines, offline')
    .option('--record <file>', 'write what was asked as evidence, which --evidence judges again')
    .option('-f, --format <format>', 'text, json or jsonl', oneOf('text', 'json', 'jsonl'), 'text')
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  addSettings(command, (key) => /^((s3|azure|gcs)\.|(project|folder|organization|exposedFirst|verbose)$)/.test(key))
    .addHelpText(
      'after',
      `
Examples:
  $ assay exposure s3://bucket                        ask the store now
  $ assay exposure s3:// --exposed-first               every bucket, the most exposed first
  $ assay exposure s3://bucket --record facts.json    and keep what it said
  $ assay exposure az://account/container --azure-subscription ID
  $ assay exposure --evidence policy.json             a policy before it is applied
  $ assay exposure --evidence facts.jsonl -f jsonl    recorded evidence, one answer a line

Exit codes: 0 all were judged · 2 usage or configuration · 4 one could not be judged`,
    )
    .action(async (targets: string[], options: ExposureOptions) => {
      const { exposure } = await import('./exposure.ts');
      done(await exposure(targets, options));
    });
}
