import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../errors.ts';
import { describeCompletion } from './completion-command.ts';
import { describeDetectors } from './detectors-command.ts';
import { describeDoctor } from './doctor-command.ts';
import { describeExposure } from './exposure-command.ts';
import { describePlan } from './plan-command.ts';
import { printError } from './print-error.ts';
import { describeReport } from './report-command.ts';
import { addScanOptions, type ScanOptions } from './scan-options.ts';
import { describeScans } from './scans-command.ts';
import { describeSubmit } from './submit-command.ts';
import { describeSuppress } from './suppress-command.ts';
import { readVersion } from './version.ts';
import { describeWorker } from './worker-command.ts';

/** Runs one command line and answers its exit code. Commands are imported when they run, so that `--help` is fast. */
export async function run(args: string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const program = describeProgram((code) => {
    exit = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return printError(error, { verbose: args.includes('--verbose') });
  }
}

/** The program with every command and option; `done` is told the exit code of the one that ran. */
export function describeProgram(done: (code: ExitCode) => void): Command {
  const program = new Command('assay')
    .description('Finds secrets, keys and personal data in AI training data, and who can reach it.')
    .version(readVersion())
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('(add --help for what there is)');
  program.addHelpText(
    'after',
    `
Examples:
  $ assay scan ./data                        a folder, a file or a quoted glob
  $ assay scan s3://bucket/prefix            a bucket, or a part of it
  $ assay scan az://account/container        the same on Azure
  $ assay plan s3://                         what scanning every bucket would read and cost
  $ assay scan s3://bucket -f json -o report.json --fail-on high
  $ assay report latest -o html=report.html  a past scan again, in any format
  $ assay doctor s3://bucket                 what is missing before a scan
  $ assay detectors list

Exit codes: 0 done · 1 --fail-on is violated · 2 usage or configuration · 3 incomplete · 4 failed`,
  );

  addScanOptions(program.command('scan')).action(async (targets: string[], options: ScanOptions) => {
    const { scan } = await import('./scan.ts');
    done(await scan(targets, options));
  });
  describePlan(program.command('plan'), done);
  describeWorker(program.command('worker'), done);
  describeSubmit(program.command('submit'), done);
  describeScans(program.command('scans'), done);
  describeReport(program.command('report'), done);
  describeSuppress(program.command('suppress'), done);
  describeDetectors(program.command('detectors'), done);
  describeExposure(program.command('exposure'), done);
  describeDoctor(program.command('doctor'), done);
  describeCompletion(program.command('completion'), program);
  return program;
}
