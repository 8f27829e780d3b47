import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode } from '../errors.ts';
import { printError } from './print-error.ts';
import { addScanOptions, type ScanOptions } from './scan-options.ts';
import { readVersion } from './version.ts';

/** Runs one command line and answers its exit code. Commands are imported when they run, so that `--help` is fast. */
export async function run(args: string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const program = describe((code) => {
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

function describe(done: (code: ExitCode) => void): Command {
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
  $ assay scan s3://bucket -f json -o report.json --fail-on high
  $ assay detectors list

Exit codes: 0 done · 1 --fail-on is violated · 2 usage or configuration · 3 incomplete · 4 failed`,
  );

  addScanOptions(program.command('scan')).action(async (targets: string[], options: ScanOptions) => {
    const { scan } = await import('./scan.ts');
    done(await scan(targets, options));
  });
  describeDetectors(program.command('detectors'), done);
  return program;
}

function describeDetectors(command: Command, done: (code: ExitCode) => void): void {
  command.description('The catalogue of what is looked for.').helpCommand(false);
  command
    .command('list')
    .description('All detectors, one a line.')
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const { listDetectors } = await import('./detectors.ts');
      done(await listDetectors(format));
    });
  command
    .command('show')
    .description('What one detector looks for, and why it stays silent.')
    .argument('<id>', 'id as `detectors list` shows it')
    .action(async (id: string) => {
      const { showDetector } = await import('./detectors.ts');
      done(await showDetector(id));
    });
  command
    .command('check')
    .description('Holds every detector against its own examples and counter-examples.')
    .action(async () => {
      const { checkDetectors } = await import('./detectors-check.ts');
      done(await checkDetectors());
    });
  command
    .command('test')
    .description('Reads one text from standard input and explains what is found in it.')
    .option('--jsonl', 'answer JSON lines {"id", "text"?, "name"?, "column"?, "siblings"?, "values"?}, one line each')
    .option('--name <file>', 'judge the text as the content of a file of this name')
    .option('--column <column>', 'judge the text as one cell of this column')
    .option('--verbose', 'show the stack of an error')
    .addHelpText(
      'after',
      `
Examples:
  $ assay detectors test < notes.txt
  $ echo 078-05-1120 | assay detectors test --column ssn
  $ assay detectors test --jsonl < cases.jsonl > answers.jsonl`,
    )
    .action(async (options: { jsonl?: true; name?: string; column?: string }, self: Command) => {
      if (options.jsonl && (options.name !== undefined || options.column !== undefined)) {
        self.error('error: with --jsonl, name and column are given in each line');
      }
      const { testLines, testText } = await import('./detectors-test.ts');
      done(options.jsonl ? await testLines(process.stdin, process.stdout) : await testText(process.stdin, options));
    });
}

function oneOf<T extends string>(...words: T[]): (given: string) => T {
  return (given) => {
    const found = words.find((word) => word === given);
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`);
    return found;
  };
}
