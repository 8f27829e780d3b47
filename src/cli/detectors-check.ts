import { checkDetector, loadCatalog, type Problem } from '../../detectors/catalog.ts';
import type { Detector } from '../../detectors/detector.ts';
import { expandExample } from '../../detectors/sample.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { createJudge, type JudgedFinding } from '../scan/judge.ts';

/** Prints what is wrong with the catalogue; exit 2 when anything is. */
export async function checkDetectors(): Promise<ExitCode> {
  const detectors = await loadCatalog();
  const problems = await findProblems(detectors);
  for (const { detector, problem } of problems) process.stdout.write(`${detector}: ${problem}\n`);
  const count =
    problems.length === 0 ? 'no problem' : problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  process.stdout.write(`${detectors.length} detectors, ${count}\n`);
  return problems.length === 0 ? EXIT.ok : EXIT.usage;
}

/** Malformed detectors, examples that are not found and counter-examples that are, each judged by the whole catalogue. */
export async function findProblems(detectors: Detector[]): Promise<Problem[]> {
  const problems = detectors.flatMap(checkDetector);
  // What is malformed may not compile at all.
  if (problems.length > 0) return problems;
  const judge = createJudge(detectors);
  for (const detector of detectors) {
    const isFound = async (text: string, counts: (finding: JudgedFinding) => boolean): Promise<boolean> => {
      const { findings } = await judge({ text });
      return findings.some(
        (finding) => finding.detector === detector.id && finding.suppressed === null && counts(finding),
      );
    };
    for (const [index, example] of detector.examples.entries()) {
      const text = expandExample(example, `${detector.id} ${index}`);
      if (!(await isFound(text, () => true))) {
        problems.push({ detector: detector.id, problem: `example ${index + 1} is not found` });
      }
    }
    for (const [reason, example] of Object.entries(detector.counterExamples)) {
      const text = expandExample(example, `${detector.id} ${reason}`);
      if (await isFound(text, (finding) => finding.confidence !== 'possible')) {
        problems.push({ detector: detector.id, problem: `counter-example "${reason}" is found` });
      }
    }
  }
  return problems;
}
