import type { Detector } from '../../detectors/detector.ts';
import type { OwnDetector } from '../../detectors/own-detector.ts';
import { idProblems, type OwnProblem, readOwnDetectors } from '../config/own-detector-files.ts';
import { AssayError } from '../errors.ts';
import { settleOwnDetector } from '../scan/own-detector.ts';
import { exampleProblems } from '../scan/own-examples.ts';

/** Instructions of all patterns together, some 100 bytes each in every thread. */
const MAX_PROGRAMS = 500_000;
/** Looked for in one pass, whose table grows with them. */
const MAX_TRIGGERS = 4000;

export interface OwnDetectors {
  own: OwnDetector[];
  problems: OwnProblem[];
  /** What is allowed and still not good. */
  warnings: OwnProblem[];
}

/** Reads the detectors of folders and files, and tells everything that is wrong with them. */
export async function inspectOwnDetectors(
  paths: readonly string[],
  cwd: string,
  catalog: readonly Detector[],
): Promise<OwnDetectors> {
  if (paths.length === 0) return { own: [], problems: [], warnings: [] };
  const { drafts, problems } = readOwnDetectors(paths, cwd);
  problems.push(
    ...idProblems(
      drafts,
      catalog.map(({ id }) => id),
    ),
  );
  const own: OwnDetector[] = [];
  const warnings: OwnProblem[] = [];
  let programs = 0;
  let triggers = 0;
  for (const { given, problem } of drafts) {
    const settled = settleOwnDetector(given);
    problems.push(...settled.problems.map(({ path, reason }) => problem(path, reason)));
    programs += settled.program;
    triggers += settled.own?.triggers.reduce((sum, one) => sum + ('digits' in one ? one.digits.length : 1), 0) ?? 0;
    if (programs > MAX_PROGRAMS || triggers > MAX_TRIGGERS) {
      const what = programs > MAX_PROGRAMS ? `${MAX_PROGRAMS} instructions of patterns` : `${MAX_TRIGGERS} triggers`;
      problems.push(problem([], `with this one, all together need more than ${what}; scan with fewer detectors`));
      break;
    }
    if (given.counterExamples === undefined) {
      warnings.push(problem([], 'has no counterExamples: nothing shows where it stays silent'));
    }
    if (settled.own === null || given.examples === undefined) continue;
    const { examples, counterExamples = {} } = given;
    const found = await exampleProblems(settled.own, { examples, counterExamples });
    problems.push(...found.map(({ path, reason }) => problem(path, reason)));
    own.push(settled.own);
  }
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  return { own, problems, warnings };
}

/** The user's detectors for a scan. Throws `AssayError` `detector-invalid` that lists every problem. */
export async function loadOwnDetectors(paths: readonly string[], cwd: string): Promise<OwnDetector[]> {
  if (paths.length === 0) return [];
  const { loadCatalog } = await import('../../detectors/catalog.ts');
  const { own, problems } = await inspectOwnDetectors(paths, cwd, await loadCatalog());
  if (problems.length === 0) return own;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new AssayError(
    'detector-invalid',
    `detectors: ${count}\n${problems.map((one) => `  ${lineOf(one)}`).join('\n')}`,
  );
}

/** `detectors/acme.yaml:12: acme-key: triggers[0].literal: reason`. */
export function lineOf({ file, line, detector, field, reason }: OwnProblem): string {
  return [`${file}:${line}`, detector, [field, reason].filter((part) => part !== '').join(' ')]
    .filter((part) => part !== '')
    .join(': ');
}
