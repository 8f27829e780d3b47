import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { DoctorOptions } from './doctor.ts';
import { oneOf } from './option-types.ts';
import { addSettings } from './scan-options.ts';

/** `assay doctor [target...]`. */
export function describeDoctor(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Looks at versions, backends, identity, clock and the permissions on targets; changes nothing.')
    .argument(
      '[target...]',
      'a path, s3://bucket/prefix, az://account/container/prefix or gs://bucket/prefix: what the caller may do there; s3://, az:// or gs://: whether every bucket can be found',
    )
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .option('--print-policy', 'print the least policy or role that a scan of the targets needs, and nothing else')
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  addSettings(command, (key) => /^(s3|azure|gcs)\.|^(detectors|project|folder|organization|verbose)$/.test(key))
    .addHelpText(
      'after',
      `
Examples:
  $ assay doctor                               this machine, its state directory and its backends
  $ assay doctor s3://bucket ./data            and what may be listed, read and asked there
  $ assay doctor s3://bucket --print-policy    the policy to give to whoever scans
  $ assay doctor az://account/container        the same on Azure; with --print-policy a custom role
  $ assay doctor az:// --print-policy          for every account of every subscription
  $ assay doctor s3://bucket -f json | jq '.checks[] | select(.status == "missing")'

Exit codes: 0 all is well · 2 usage or configuration · 3 something is missing · 4 something is broken`,
    )
    .action(async (targets: string[], options: DoctorOptions) => {
      const { doctor } = await import('./doctor.ts');
      done(await doctor(targets, options));
    });
}
