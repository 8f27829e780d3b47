import type { Detector, Trigger } from '../../detectors/detector.ts';
import type { ByteSet } from './automaton.ts';
import * as bytes from './byte-class.ts';
import { planTriggers } from './triggers.ts';

/** A trigger for people. */
export interface ShownTrigger {
  /** `"…"` fixed text, `i"…"` without case, `[…]` a sequence of classes (`9` digit, `h` hex digit, `A` and `a` letter). */
  text: string;
  /** The part of it that the automaton looks for. */
  piece: string;
  /** Its place in the plan's triggers; null for what is noticed by the shapes that all numbers share, or by the table. */
  id: number | null;
}

const CLASSES: readonly (readonly [ByteSet, string])[] = [
  [bytes.DIGIT, '9'],
  [bytes.HEX, 'h'],
  [bytes.UPPER, 'A'],
  [bytes.LOWER, 'a'],
];

/** What was chosen to look for, by detector. */
export function showTriggers(detectors: readonly Detector[]): ShownTrigger[][] {
  const { triggers, patterns } = planTriggers(detectors);
  const shown = detectors.map((detector) => detector.triggers.flatMap(showOther));
  for (const { id, sets } of patterns) {
    const trigger = triggers[id];
    if (trigger?.kind === 'text')
      shown[trigger.detector]?.push({ text: showSets(trigger.sets), piece: showSets(sets), id });
  }
  return shown;
}

function showOther(trigger: Trigger): ShownTrigger[] {
  if ('digits' in trigger) return trigger.digits.map((text) => ({ text, piece: 'number', id: null }));
  if ('number' in trigger) {
    const { min, max } = trigger.number;
    return [{ text: `${min} to ${max} digits`, piece: 'number', id: null }];
  }
  return 'table' in trigger ? [{ text: `table of ${trigger.table}`, piece: 'run', id: null }] : [];
}

function showSets(sets: readonly ByteSet[]): string {
  const text = sets.map(showSet).join('');
  if (sets.some((set) => sizeOf(set) > 2)) return `[${text}]`;
  return `${sets.some((set) => sizeOf(set) === 2) ? 'i' : ''}${JSON.stringify(text)}`;
}

function showSet(set: ByteSet): string {
  if (sizeOf(set) > 2) return CLASSES.find(([known]) => known.every((flag, byte) => flag === set[byte]))?.[1] ?? '?';
  // Of both cases the lower one stands last.
  return String.fromCharCode(set.lastIndexOf(1));
}

function sizeOf(set: ByteSet): number {
  return set.reduce((sum, flag) => sum + flag, 0);
}
