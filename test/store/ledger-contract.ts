import { LISTINGS } from './contract/listings.ts';
import { RESULTS } from './contract/results.ts';
import { REUSE } from './contract/reuse.ts';
import type { Rule } from './contract/rule.ts';
import { SCANS } from './contract/scans.ts';

/** What every ledger does, whatever database it is on. Each case makes its own scans and buckets. */
export const LEDGER_CONTRACT: readonly Rule[] = [...SCANS, ...LISTINGS, ...RESULTS, ...REUSE];
