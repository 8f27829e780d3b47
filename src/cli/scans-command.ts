import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import { oneOf } from './option-types.ts';
import type { ScansOptions } from './scans.ts';

/** `assay scans [list|show|cancel]`. */
export function describeScans(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Lists the scans of the ledger, shows how far one is, and cancels one.')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  $ assay scans list
  $ assay scans show 3f9c2a
  $ assay scans cancel 3f9c2a`,
    );
  withOptions(command.command('list', { isDefault: true }).description('Lists the newest scans, also those that run.'))
    .addHelpText(
      'after',
      `
Examples:
  $ assay scans list
  $ assay scans list -f json | jq '.[] | select(.state == "running") | .id'`,
    )
    .action(async (options: ScansOptions) => {
      const { listScans } = await import('./scans.ts');
      done(await listScans(options));
    });
  withOptions(command.command('show').description('Shows the targets of a scan and how far it is.'))
    .argument('<scan>', 'its id, its first characters, or latest')
    .addHelpText(
      'after',
      `
Examples:
  $ assay scans show latest
  $ assay scans show 3f9c2a -f json`,
    )
    .action(async (scan: string, options: ScansOptions) => {
      const { showScan } = await import('./scans.ts');
      done(await showScan(scan, options));
    });
  command
    .command('cancel')
    .description('Ends a scan that runs; what was found stays in the ledger.')
    .argument('<scan>', 'its id, its first characters, or latest')
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)')
    .addHelpText(
      'after',
      `
Examples:
  $ assay scans cancel 3f9c2a

The workers of a fleet stop reading within seconds.`,
    )
    .action(async (scan: string, options: ScansOptions) => {
      const { cancelScan } = await import('./scans.ts');
      done(await cancelScan(scan, options));
    });
}

function withOptions(command: Command): Command {
  return command
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
}
