import { loadCatalog } from '../../detectors/catalog.ts';
import { checkDetector, type Problem } from '../../detectors/check-detector.ts';
import type { Detector, Example } from '../../detectors/detector.ts';
import { expandExample } from '../../detectors/sample.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { createJudge } from '../scan/judge.ts';
import { ownPaths } from './detectors.ts';
import type { OwnOptions } from './detectors-command.ts';
import { inspectOwnDetectors, lineOf } from './own-detectors.ts';

/** Samples are drawn: one draw may hide what another shows. */
const SEEDS = ['one', 'two', 'three'];

/** Prints what is wrong with the catalogue and the user's detectors; exit 2 when anything is. */
export async function checkDetectors(options: OwnOptions): Promise<ExitCode> {
  const catalog = await loadCatalog();
  const { own, problems, warnings } = await inspectOwnDetectors(ownPaths(options), process.cwd(), catalog);
  const lines = (await findProblems(catalog)).map(({ detector, problem }) => `${detector}: ${problem}`);
  lines.push(...problems.map(lineOf));
  const { stdout } = process;
  for (const line of lines) stdout.write(`${line}\n`);
  for (const warning of warnings) stdout.write(`warning: ${lineOf(warning)}\n`);
  const count = lines.length === 0 ? 'no problem' : lines.length === 1 ? '1 problem' : `${lines.length} problems`;
  const owned = own.length === 0 ? '' : ` and ${own.length} of your own`;
  stdout.write(`${catalog.length} detectors${owned}, ${count}\n`);
  return lines.length === 0 ? EXIT.ok : EXIT.usage;
}

/**
 * Malformed detectors, examples that are not found and counter-examples that are. Each is judged by itself: where two
 * detectors know a text, the better one is shown, and that is no fault of the other.
 */
export async function findProblems(detectors: readonly Detector[]): Promise<Problem[]> {
  const problems = detectors.flatMap(checkDetector);
  // What is malformed may not compile at all.
  if (problems.length > 0) return problems;
  for (const detector of detectors) {
    const judge = createJudge([detector]);
    const alarms = async (example: Example): Promise<boolean[]> =>
      await Promise.all(
        SEEDS.map(async (seed) => {
          const { findings } = await judge({ text: expandExample(example, `${detector.id} ${seed}`) });
          return findings.some(({ suppressed, confidence }) => suppressed === null && confidence !== 'possible');
        }),
      );
    for (const [index, example] of detector.examples.entries()) {
      if ((await alarms(example)).includes(false)) {
        problems.push({ detector: detector.id, problem: `example ${index + 1} is not found` });
      }
    }
    for (const [reason, example] of Object.entries(detector.counterExamples)) {
      if ((await alarms(example)).includes(true)) {
        problems.push({ detector: detector.id, problem: `counter-example "${reason}" is found` });
      }
    }
  }
  return problems;
}
