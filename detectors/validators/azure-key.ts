import type { Verdict } from '../detector.ts';
import { placeholderReason } from './placeholder.ts';

/** How the key of the storage emulator begins: a constant of its documentation. */
const EMULATOR = ['Eby8vdM0', 'C2y6yDjf'];

/** Judges the value of an Azure key whose shape is known: fillers and the key of the emulator are nobody's. */
export function judgeAzureKey(value: string, checks: Verdict['checks'] = []): Verdict {
  if (EMULATOR.some((start) => value.startsWith(start))) return { checks, suppressed: 'documentation-value' };
  const suppressed = placeholderReason(value);
  return suppressed === null ? { checks } : { checks, suppressed };
}
