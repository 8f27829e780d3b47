/** Where the scanner runs, seen from the data: what decides the price of a byte. */
export const TRANSFERS = ['same-region', 'other-region', 'internet'] as const;
export type Transfer = (typeof TRANSFERS)[number];

/** What a scan may use up; null: as much as it needs. Bytes, requests and cost are those of all its runs together. */
export interface Budget {
  /** Stored bytes read. */
  maxBytes: number | null;
  /** Requests to stores. */
  maxRequests: number | null;
  /** US dollars at the list prices of `plan/prices.ts`. */
  maxCost: number | null;
  /** Since the scan was begun or taken up again. */
  maxTimeMs: number | null;
  transfer: Transfer;
}

export interface Spent {
  bytes: number;
  requests: number;
  /** US dollars. */
  cost: number;
}

export const NOTHING_SPENT: Spent = { bytes: 0, requests: 0, cost: 0 };

/** Which part of its budget ended a scan. */
export type BudgetEnd = 'bytes' | 'requests' | 'cost' | 'time';

export const NO_BUDGET: Budget = {
  maxBytes: null,
  maxRequests: null,
  maxCost: null,
  maxTimeMs: null,
  transfer: 'internet',
};
