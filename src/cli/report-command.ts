import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { ReportOptions } from './report.ts';
import { addOutputOptions, addSettings } from './scan-options.ts';

const SETTINGS = ['maxLocations', 'objects', 'failOn', 'minCoverage', 'allowEmpty', 'quiet', 'verbose'];

/** `assay report [scan]`. */
export function describeReport(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Reports a past scan again, from the ledger alone, in any format.')
    .argument('[scan]', 'id of a scan, its first characters, or latest', 'latest')
    .option('--wait', 'wait until the scan has ended');
  addOutputOptions(command).option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  addSettings(command, (key) => SETTINGS.includes(key))
    .addHelpText(
      'after',
      `
Examples:
  $ assay report                                        the latest scan
  $ assay report latest -o html=report.html -o sarif=report.sarif
  $ assay report 3f9c2a -f csv -o findings.csv
  $ assay report "$id" --wait --fail-on high            exits as \`assay scan --fail-on high\` would

Exit codes: 0 done · 1 --fail-on is violated · 2 usage or configuration · 3 incomplete (also a scan that has not
ended) · 4 failed (also a scan that failed or was cancelled)`,
    )
    .action(async (scan: string, options: ReportOptions) => {
      const { report } = await import('./report.ts');
      done(await report(scan, options));
    });
}
