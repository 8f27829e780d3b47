import type { Detector } from '../../detectors/detector.ts';
import { judgeColumn } from '../classify/column-name.ts';
import { decodeObject } from '../decode/decode-object.ts';
import { memorySource } from '../model/byte-source.ts';
import type { Category, Check, Confidence, Severity } from '../model/detector-info.ts';
import { confidenceOf } from '../model/finding.ts';
import { DEFAULT_LIMITS } from '../model/limits.ts';
import { type CompiledSet, compileSet } from './compile.ts';
import { probabilityOf } from './evidence.ts';
import { StreamMatcher } from './match.ts';
import { matchText } from './match-text.ts';
import type { Match } from './placed-match.ts';

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

/**
 * Judges single texts by the matcher and the decoders of a scan; no state between texts, no raw value in the answer.
 * A text that is a JSON document is decoded like one, so that keys count as column names and escapes are undone.
 */
export function createJudge(detectors: readonly Detector[]): (input: JudgeInput) => Promise<JudgeAnswer> {
  const set = compileSet(detectors);
  return async (input) => ({
    findings: input.text === undefined ? [] : await judgeText(set, input.text, input.column),
    column: input.column === undefined || input.text !== undefined ? null : columnAnswer(input),
  });
}

function columnAnswer({ column, siblings, values }: JudgeInput): JudgeAnswer['column'] {
  const judged = judgeColumn({
    name: column ?? '',
    siblings: siblings ?? [],
    ...(values === undefined ? {} : { values }),
  });
  return judged ?? { entity: null, probability: 0 };
}

async function judgeText(set: CompiledSet, text: string, column: string | undefined): Promise<JudgedFinding[]> {
  const bytes = Buffer.from(text);
  if (column !== undefined)
    return matchText(set, bytes, () => ({ column })).map((match) => answer(match, match.start, match.end));
  if (!isJson(text)) return matchText(set, bytes).map((match) => answer(match, match.start, match.end));
  const matches: Match[] = [];
  const matcher = new StreamMatcher(set, { match: (match) => void matches.push(match), trial: () => {} });
  await decodeObject({ source: memorySource(bytes), name: 'text.json', limits: DEFAULT_LIMITS, consume: matcher.scan });
  return matches.map((match) => {
    const start = match.location.byteOffset ?? match.start;
    return answer(match, start, start + (match.location.byteLength ?? match.end - match.start));
  });
}

function isJson(text: string): boolean {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function answer(match: Match, start: number, end: number): JudgedFinding {
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
    start,
    end,
    suppressed: match.verdict.suppressed ?? null,
    alternatives: match.alternatives,
  };
}
