import type { DetectorInfo } from '../model/detector-info.ts';
import { type ColumnEvidence, confidenceOf, type DistinctSketch, type MatchTally } from '../model/finding.ts';
import { judgeTrials } from './column-test.ts';
import { estimateDistinct, mergeSketches } from './distinct.ts';
import { mergeTallies } from './merge.ts';

/** Personal data of one entity in one column of one object, judged. */
export interface JudgedColumn {
  info: DetectorInfo;
  column: string | null;
  matches: MatchTally;
  alternatives: string[];
  /** Whether the values alone, tested against chance, made it a finding. */
  byValues: boolean;
}

/** What a column that its values prove is worth at least. */
const PROVEN = 0.97;

interface Candidate extends JudgedColumn {
  /** Evidence of the values in nats; 0 where no test was made. */
  logLikelihoodRatio: number;
}

/**
 * Judges the columns of one object: strong matches stand; weak ones count where the distinct values of the column pass
 * more often than chance. One finding an entity and column, whichever of the entity's detectors saw it. Where one set
 * of values proves two entities, the likelier wins and the other becomes an alternative.
 */
export function judgeColumns(
  columns: readonly ColumnEvidence[],
  detectors: ReadonlyMap<string, DetectorInfo>,
  maxLocations: number,
): JudgedColumn[] {
  const byColumn = new Map<string | null, Map<string, Candidate>>();
  for (const evidence of columns) {
    const info = detectors.get(evidence.detector);
    const candidate = info === undefined ? null : judge(evidence, info, maxLocations);
    if (candidate === null) continue;
    let entities = byColumn.get(evidence.column);
    if (entities === undefined) {
      entities = new Map();
      byColumn.set(evidence.column, entities);
    }
    // Published test values of an entity are kept apart from the real ones.
    const kind = `${evidence.entity} ${candidate.info.level}`;
    const known = entities.get(kind);
    entities.set(kind, known === undefined ? candidate : join(known, candidate, maxLocations));
  }
  return [...byColumn.values()].flatMap((entities) => settle([...entities.values()]));
}

function judge(evidence: ColumnEvidence, info: DetectorInfo, maxLocations: number): Candidate | null {
  const { strong, weak, column, alternatives } = evidence;
  const passes = estimateDistinct(mergeSketches(strong.distinct, weak.distinct));
  const distinct = Math.max(passes, estimateDistinct(evidence.trials));
  const test = judgeTrials({ distinct, passes, randomPass: info.randomPass });
  const { logLikelihoodRatio } = test;
  if (test.verdict === 'accepted' && weak.count > 0) {
    const matches = mergeTallies(strong, weak, maxLocations);
    matches.probability = Math.max(matches.probability, PROVEN);
    return { info, column, matches, alternatives, byValues: strong.count === 0, logLikelihoodRatio };
  }
  if (strong.count === 0 || confidenceOf(strong.probability) === 'possible') return null;
  return { info, column, matches: strong, alternatives, byValues: false, logLikelihoodRatio };
}

function join(a: Candidate, b: Candidate, maxLocations: number): Candidate {
  const best = b.matches.probability > a.matches.probability ? b : a;
  return {
    ...best,
    matches: mergeTallies(a.matches, b.matches, maxLocations),
    alternatives: [...new Set([...a.alternatives, ...b.alternatives])].sort(),
    byValues: a.byValues && b.byValues,
    logLikelihoodRatio: Math.max(a.logLikelihoodRatio, b.logLikelihoodRatio),
  };
}

/** Of candidates that only their values prove, those of the same values compete. */
function settle(candidates: Candidate[]): JudgedColumn[] {
  const ranked = [...candidates].sort(
    (a, b) =>
      Number(a.byValues) - Number(b.byValues) ||
      b.logLikelihoodRatio - a.logLikelihoodRatio ||
      ((a.info.entity ?? '') < (b.info.entity ?? '') ? -1 : 1),
  );
  const kept: Candidate[] = [];
  for (const candidate of ranked) {
    const rival = candidate.byValues ? kept.find((other) => isSameValues(candidate, other)) : undefined;
    if (rival === undefined) kept.push(candidate);
    else rival.alternatives = [...new Set([...rival.alternatives, candidate.info.entity ?? ''])].sort();
  }
  return kept.map(({ logLikelihoodRatio: _, ...judged }) => judged);
}

function isSameValues(a: Candidate, b: Candidate): boolean {
  const sizes = [a, b].map(({ matches }) => estimateDistinct(matches.distinct));
  const smaller = Math.min(...sizes);
  return smaller > 0 && overlap(a.matches.distinct, b.matches.distinct) * 2 > smaller;
}

function overlap(a: DistinctSketch, b: DistinctSketch): number {
  return estimateDistinct(a) + estimateDistinct(b) - estimateDistinct(mergeSketches(a, b));
}
