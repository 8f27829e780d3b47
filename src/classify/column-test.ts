/** Share of a true column's distinct values that pass: some cells are typing errors or fillers. */
const TRUE_COLUMN = 0.97;
/** Share in a column of mixed content, half of it the identifier. */
const MIXED_COLUMN = 0.5;
/** Nats (natural log odds) for a decision: odds of 1 to a million that a column of other numbers looks like this. */
const DECISIVE = Math.log(1e6);

export interface ColumnTrials {
  /** Distinct values of the shape in the column. */
  distinct: number;
  /** Those that pass the validator. */
  passes: number;
  /** Chance that a random value of the shape passes. */
  randomPass: number;
}

export type ColumnVerdict = 'accepted' | 'rejected' | 'undecided';

export interface ColumnJudgement {
  verdict: ColumnVerdict;
  /** Natural log of the likelihood ratio: column of the identifier (pure or half and half) against chance. */
  logLikelihoodRatio: number;
}

/**
 * Whether the distinct values of a column pass more often than chance explains. With a pass rate of 1 in 11, nine passes
 * out of nine are beyond doubt, 82 out of 859 are what a column of other numbers gives; an identifier that nearly every
 * number passes (US_SSN) is never decided by few values.
 */
export function judgeTrials({ distinct, passes, randomPass }: ColumnTrials): ColumnJudgement {
  const failures = Math.max(0, distinct - passes);
  // Without a validator that can fail, the values say nothing.
  if (distinct <= 0 || randomPass <= 0 || randomPass >= 1) return { verdict: 'undecided', logLikelihoodRatio: 0 };
  const ratio = (share: number): number =>
    passes * Math.log(share / randomPass) + failures * Math.log((1 - share) / (1 - randomPass));
  const mixed = MIXED_COLUMN > randomPass ? ratio(MIXED_COLUMN) : Number.NEGATIVE_INFINITY;
  const logLikelihoodRatio = Math.max(ratio(Math.max(TRUE_COLUMN, (1 + randomPass) / 2)), mixed);
  const verdict =
    logLikelihoodRatio >= DECISIVE ? 'accepted' : logLikelihoodRatio <= -DECISIVE ? 'rejected' : 'undecided';
  return { verdict, logLikelihoodRatio };
}
