import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import { addSettings } from './scan-options.ts';
import type { SubmitOptions } from './submit.ts';

/** Those that shape the scan; how it is reported is asked of \`assay report`. */
const SETTINGS =
  /^(detectors|include|exclude|resume|rescan|hash|max(Locations|Bytes|Requests|Cost|Time)|transfer|project|folder|organization|exposedFirst|limits\..*|(s3|azure|gcs)\..*|verbose)$/;

/** `assay submit <target>…`. */
export function describeSubmit(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Gives a scan to the workers of a fleet and prints its id.')
    .argument(
      '<target...>',
      'a path that every worker sees, a quoted glob, s3://bucket/prefix, az://account/container/prefix or gs://bucket/prefix',
    )
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  addSettings(command, (key) => SETTINGS.test(key))
    .addHelpText(
      'after',
      `
Examples:
  $ assay submit s3://bucket/train
  $ id=$(assay submit s3://bucket --hash)

\`assay report "$id" --wait --fail-on high\` then exits as \`assay scan\` would.
Environment: as for \`assay worker\`.
Exit codes: 0 submitted · 2 usage or configuration · 4 failed`,
    )
    .action(async (targets: string[], options: SubmitOptions) => {
      const { submit } = await import('./submit.ts');
      done(await submit(targets, options));
    });
}
