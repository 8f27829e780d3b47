import type { Detector } from '../../detectors/detector.ts';
import { judgeColumn } from '../classify/column-name.ts';
import { confidenceOf } from '../model/finding.ts';
import type { Category, Check, Confidence, Severity } from '../model/detector-info.ts';
import { compileSet, type CompiledSet } from './compile.ts';
import { probabilityOf } from './evidence.ts';
import type { Match } from './match.ts';
import { matchText } from './scanner.ts';
import { unescapeJsonText } from './json-text.ts';

/** One text to judge alone, as in `assay detectors test --jsonl`. */
export interface JudgeInput {
  text?: string | undefined;
  /** File name. */
  name?: string | undefined;
  /** With `text`: the text is one cell of this column. Without: judge the column itself. */
  column?: string | undefined;
  siblings?: string[] | undefined;
  values?: string[] | undefined;
}
export interface JudgedFinding {
  detector: string;
  issuer: string | null;
  entity: string | null;
  category: Category;
  severity: Severity;
  probability: number;
  confidence: Confidence;
  checks: Check[];
  /** UTF-8 bytes of `text`, end exclusive. */
  start: number;
  end: number;
  suppressed: string | null;
  alternatives: string[];
}
export interface JudgeAnswer {
  findings: JudgedFinding[];
  column: { entity: string | null; probability: number } | null;
}

/** Judges single texts by the same matcher as a scan; no state between texts, no raw value in the answer. */
export function createJudge(detectors: readonly Detector[]): (input: JudgeInput) => JudgeAnswer {
  const set = compileSet(detectors);
  return (input) => ({
    findings: input.text === undefined ? [] : judgeText(set, input.text, input.column),
    column: input.column === undefined || input.text !== undefined ? null : columnAnswer(input),
  });
}

function columnAnswer({ column, siblings, values }: JudgeInput): JudgeAnswer['column'] {
  const judged = judgeColumn({ name: column ?? '', siblings: siblings ?? [], ...(values === undefined ? {} : { values }) });
  return judged ?? { entity: null, probability: 0 };
}

function judgeText(set: CompiledSet, text: string, column: string | undefined): JudgedFinding[] {
  const bytes = Buffer.from(text);
  const unescaped = unescapeJsonText(bytes);
  const locate = column === undefined ? () => ({}) : () => ({ column });
  const matches = matchText(set, unescaped?.bytes ?? bytes, locate);
  return matches.map((match) => answer(match, unescaped?.offset ?? ((at) => at)));
}

function answer(match: Match, offset: (at: number) => number): JudgedFinding {
  const { detector } = match.detector;
  const probability = probabilityOf(match.bits);
  return {
    detector: detector.id,
    issuer: match.verdict.issuer ?? detector.issuer ?? null,
    entity: detector.entity ?? null,
    category: detector.category,
    severity: match.verdict.severity ?? detector.severity,
    probability,
    confidence: confidenceOf(probability),
    checks: match.verdict.checks,
    start: offset(match.start),
    end: offset(match.end),
    suppressed: match.verdict.suppressed ?? null,
    alternatives: match.alternatives,
  };
}
