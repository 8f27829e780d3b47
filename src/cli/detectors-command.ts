import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import { collect, oneOf, positiveInteger } from './option-types.ts';

/** Options of every command below `assay detectors`. */
export interface OwnOptions {
  detectors?: string[];
  config?: string;
}

/** `assay detectors list|show|check|test|cost`. */
export function describeDetectors(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('The catalogue of what is looked for, and your own detectors.')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  $ assay detectors list
  $ assay detectors check --detectors ./detectors
  $ assay detectors test --detectors ./detectors < sample.txt
  $ assay detectors cost --detectors ./detectors --on data.jsonl`,
    );
  withOwn(command.command('list').description('All detectors, one a line.'))
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .addHelpText(
      'after',
      `
Examples:
  $ assay detectors list
  $ assay detectors list -f json | jq -r '.[].id'
  $ assay detectors list --detectors ./detectors`,
    )
    .action(async (options: OwnOptions & { format: 'text' | 'json' }) => {
      const { listDetectors } = await import('./detectors.ts');
      done(await listDetectors(options));
    });
  withOwn(command.command('show').description('What one detector looks for, and why it stays silent.'))
    .argument('<id>', 'id as `detectors list` shows it')
    .addHelpText(
      'after',
      `
Examples:
  $ assay detectors show github-personal-access-token
  $ assay detectors show acme-api-key --detectors ./detectors`,
    )
    .action(async (id: string, options: OwnOptions) => {
      const { showDetector } = await import('./detectors.ts');
      done(await showDetector(id, options));
    });
  withOwn(command.command('check').description('Holds every detector against its own examples and counter-examples.'))
    .addHelpText(
      'after',
      `
Examples:
  $ assay detectors check
  $ assay detectors check --detectors ./detectors     every problem of your own, with file and line

Exit codes: 0 nothing is wrong · 2 something is`,
    )
    .action(async (options: OwnOptions) => {
      const { checkDetectors } = await import('./detectors-check.ts');
      done(await checkDetectors(options));
    });
  withOwn(command.command('test').description('Reads one text from standard input and explains what is found in it.'))
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
  $ assay detectors test --jsonl < cases.jsonl > answers.jsonl

Exit codes: 0 every text was judged · 4 a line could not be`,
    )
    .action(async (options: OwnOptions & { jsonl?: true; name?: string; column?: string }, self: Command) => {
      if (options.jsonl && (options.name !== undefined || options.column !== undefined)) {
        self.error('error: with --jsonl, name and column are given in each line');
      }
      const { testLines, testText } = await import('./detectors-test.ts');
      const { usedDetectors } = await import('./detectors.ts');
      const { detectors } = await usedDetectors(options);
      done(
        options.jsonl
          ? await testLines(detectors, process.stdin, process.stdout)
          : await testText(detectors, process.stdin, options),
      );
    });
  withOwn(command.command('cost').description('What each detector costs on one file, the dearest first.'))
    .requiredOption('--on <file>', 'a file of the data that is to be scanned, in any format that a scan reads')
    .option('--top <n>', 'detectors to show as text', positiveInteger, 20)
    .option('-f, --format <format>', 'text or json', oneOf('text', 'json'), 'text')
    .addHelpText(
      'after',
      `
The file is scanned on one thread, first as it is, then with a clock around each step. Of the counts for each MB of text,
SEEN are places where the automaton met a part of a trigger, CANDIDATES those with all of it, RE2 the searches for a pattern.

Examples:
  $ assay detectors cost --on train.jsonl.zst
  $ assay detectors cost --on train.jsonl.zst --detectors ./detectors -f json | jq '.detectors[0]'`,
    )
    .action(async (options: OwnOptions & { on: string; top: number; format: 'text' | 'json' }) => {
      const { costDetectors } = await import('./detectors-cost.ts');
      done(await costDetectors(options));
    });
}

function withOwn(command: Command): Command {
  return command
    .option('--detectors <dir>', 'with the detectors in the YAML files of this folder; repeatable', collect)
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
}
