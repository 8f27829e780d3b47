import type { ActionClass, Exposure, Fact } from '../model/exposure.ts';
import type { JudgedGrant } from './policy-grants.ts';

export type Unknown = Exposure['unknowns'][number];

/** What the judgement of one bucket collects on its way. */
export interface Findings {
  grants: JudgedGrant[];
  unknowns: Unknown[];
  /** Action classes that a missing fact leaves open. */
  open: Set<ActionClass>;
  because: string[];
  vendorPublic: boolean | 'unknown';
}

export const EVERY_CLASS: ActionClass[] = ['list', 'read', 'write', 'delete', 'change-permissions', 'config-read'];
export const MISSING = Symbol('missing');

/** The value of a fact without which the classes stay open; says so when it was refused or the store lacks it. */
export function needed<T>(
  fact: Fact<T>,
  classes: readonly ActionClass[],
  name: string,
  found: Findings,
): T | null | typeof MISSING {
  if (fact.state === 'known') return fact.value;
  if (fact.state === 'unsupported') {
    found.because.push(`This store has no ${name} (${fact.call} is not available there).`);
    return MISSING;
  }
  leaveOpen(found, classes, unknownOf(fact));
  found.because.push(`The ${name} is not known: ${fact.call} answered ${fact.reason}.`);
  return MISSING;
}

export function leaveOpen(found: Findings, classes: readonly ActionClass[], unknown: Unknown): void {
  found.unknowns.push(unknown);
  for (const name of classes) found.open.add(name);
}

export function unknownOf({ call, reason, permission }: Unknown): Unknown {
  return { call, reason, permission };
}
