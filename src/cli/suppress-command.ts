import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import { DEFAULT_EXPIRY } from './expiry.ts';
import { oneOf } from './option-types.ts';
import type { AddOptions, ListOptions, RemoveOptions } from './suppress.ts';

/** `assay suppress add|list|rm`. */
export function describeSuppress(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Accepts findings for a time: they stay in reports and do not count for --fail-on.')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  $ assay suppress add v1:… --reason 'key of a test account' --owner data-team --expires 90d
  $ assay suppress list
  $ assay suppress rm v1:…`,
    );
  withConfig(command.command('add').description('Accepts findings until they expire; one accepted already is renewed.'))
    .argument('<fingerprint...>', 'as the JSON, HTML, CSV and SARIF reports name it')
    .requiredOption('--reason <text>', 'why it is no danger')
    .requiredOption('--owner <name>', 'who answers for it')
    .option('--expires <when>', 'a duration (36h, 90d, 12w, 1y), a day (2027-01-31) or a time', DEFAULT_EXPIRY)
    .option('--scope <uri>', 'only in this bucket, folder or object: s3://bucket/prefix, or a path')
    .addHelpText(
      'after',
      `
Examples:
  $ assay suppress add v1:… --reason 'key of a test account' --owner data-team
  $ assay suppress add v1:… --reason 'published sample' --owner jo --scope s3://bucket/samples --expires 2027-01-31`,
    )
    .action(async (fingerprints: string[], options: AddOptions) => {
      const { addSuppressions } = await import('./suppress.ts');
      done(await addSuppressions(fingerprints, options));
    });
  withConfig(command.command('list').description('What is accepted, by whom and until when; also what has expired.'))
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .option('--all', 'also those that were taken back or renewed')
    .addHelpText(
      'after',
      `
Examples:
  $ assay suppress list
  $ assay suppress list -f json | jq '.[] | select(.state == "expired")'`,
    )
    .action(async (options: ListOptions) => {
      const { listSuppressions } = await import('./suppress.ts');
      done(await listSuppressions(options));
    });
  withConfig(command.command('rm').description('Takes an acceptance back; it stays in `list --all`.'))
    .argument('<fingerprint>', 'as `suppress list` shows it')
    .option('--scope <uri>', 'only the one of this scope')
    .addHelpText(
      'after',
      `
Examples:
  $ assay suppress rm v1:…
  $ assay suppress rm v1:… --scope s3://bucket/samples`,
    )
    .action(async (fingerprint: string, options: RemoveOptions) => {
      const { removeSuppressions } = await import('./suppress.ts');
      done(await removeSuppressions(fingerprint, options));
    });
}

function withConfig(command: Command): Command {
  return command.option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
}
