import type { StoredResult } from '../../../src/model/ledger.ts';
import type { OpenLedger } from '../../../src/store/ledger.ts';

export interface Rule {
  title: string;
  run(ledger: OpenLedger): Promise<void>;
}

/** Rules are told one after the other, and kept in this order. */
export function ruleBook(): { rules: Rule[]; rule(title: string, run: Rule['run']): void } {
  const rules: Rule[] = [];
  return { rules, rule: (title, run) => void rules.push({ title, run }) };
}

export async function collect(ledger: OpenLedger, scanId: string): Promise<StoredResult[]> {
  const results: StoredResult[] = [];
  for await (const result of ledger.results(scanId)) results.push(result);
  return results;
}

export const HOSTILE_KEYS = [
  '',
  '\n',
  'a\0b',
  'a/../b',
  'dir/',
  'emoji 🦄',
  'rtl \u202e txt.exe',
  '__proto__',
  `long/${'ö'.repeat(2000)}`,
  '\ud800lone',
  '\uffff',
  '𝔘',
];
