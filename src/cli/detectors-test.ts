import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Detector } from '../../detectors/detector.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { createJudge, type JudgeAnswer, type JudgedFinding, type JudgeInput } from '../scan/judge.ts';
import { lines } from './lines.ts';

/** Why a line could not be judged. */
type LineError = 'not-utf8' | 'not-json' | 'bad-input' | 'internal';

/**
 * One answer a line, in order; a line that cannot be judged is answered with its error. Exit 4 when there was one.
 * Neither the answer nor the error holds a raw value.
 */
export async function testLines(detectors: readonly Detector[], input: Readable, output: Writable): Promise<ExitCode> {
  const judge = createJudge(detectors);
  let exit: ExitCode = EXIT.ok;
  for await (const line of lines(input)) {
    const answer = await answerLine(line, judge);
    if (answer.error !== null) exit = EXIT.runtime;
    if (!output.write(`${JSON.stringify(answer)}\n`)) await once(output, 'drain');
  }
  return exit;
}

interface LineAnswer extends JudgeAnswer {
  id: unknown;
  error: LineError | null;
}

async function answerLine(line: Buffer, judge: (input: JudgeInput) => Promise<JudgeAnswer>): Promise<LineAnswer> {
  const failed = (id: unknown, error: LineError): LineAnswer => ({ id, findings: [], column: null, error });
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch (error) {
    return failed(null, error instanceof SyntaxError ? 'not-json' : 'not-utf8');
  }
  const id = typeof given === 'object' && given !== null && 'id' in given ? given.id : null;
  const input = readInput(given);
  if (input === null) return failed(id, 'bad-input');
  try {
    return { id, ...(await judge(input)), error: null };
  } catch {
    return failed(id, 'internal');
  }
}

function readInput(given: unknown): JudgeInput | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { text, name, column, siblings, values } = given as Record<string, unknown>;
  if (!isText(text) || !isText(name) || !isText(column) || !isTexts(siblings) || !isTexts(values)) return null;
  if ((text ?? null) === null && (column ?? null) === null) return null;
  return {
    text: text ?? undefined,
    name: name ?? undefined,
    column: column ?? undefined,
    siblings: siblings ?? undefined,
    values: values ?? undefined,
  };
}

function isText(given: unknown): given is string | null | undefined {
  return given === undefined || given === null || typeof given === 'string';
}

function isTexts(given: unknown): given is string[] | null | undefined {
  return (
    given === undefined || given === null || (Array.isArray(given) && given.every((one) => typeof one === 'string'))
  );
}

/** Explains one text for people. */
export async function testText(
  detectors: readonly Detector[],
  input: Readable,
  options: { name?: string; column?: string },
): Promise<ExitCode> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk as Buffer);
  // An echo ends its line; in a cell it would be a part of the value.
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  const judge = createJudge(detectors);
  const { findings } = await judge({ text, name: options.name, column: options.column });
  process.stdout.write(findings.length === 0 ? 'nothing found\n' : findings.map(explain).join('\n'));
  return EXIT.ok;
}

function explain(finding: JudgedFinding): string {
  const { detector, issuer, entity, category, severity, probability, confidence, checks, start, end } = finding;
  const what = [
    `${detector}: ${issuer ?? entity}, ${category}, ${severity}`,
    `  bytes ${start} to ${end}, ${confidence} (probability ${probability.toFixed(3)})`,
    ...checks.map(({ name, passed }) => `  check ${name}: ${passed ? 'passed' : 'failed'}`),
  ];
  if (finding.alternatives.length > 0) what.push(`  could also be ${finding.alternatives.join(', ')}`);
  if (finding.suppressed !== null) what.push(`  not reported: ${finding.suppressed}`);
  return `${what.join('\n')}\n`;
}
