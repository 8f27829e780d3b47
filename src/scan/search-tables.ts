import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Detector } from '../../detectors/detector.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import type { Looks } from './trigger-kernel.ts';
import { planLooks } from './trigger-looks.ts';
import { planTriggers, type TriggerPlan } from './triggers.ts';

/** What the pass over every byte needs, made from the triggers of all detectors alone. */
export interface SearchTables {
  plan: TriggerPlan;
  automaton: Automaton;
  looks: Looks[];
}

export function buildTables(detectors: readonly Detector[]): SearchTables {
  const plan = planTriggers(detectors);
  const automaton = buildAutomaton(plan.patterns);
  return { plan, automaton, looks: planLooks(automaton.outputs, plan) };
}

/** Beside the bundle of the program, which was made of the same sources; beside the sources there is none. */
const PREPARED = new URL('search-tables', import.meta.url);

/** The tables of these detectors: those prepared with the bundle where they are for just these triggers, else built now. */
export function tablesOf(detectors: readonly Detector[], prepared: URL = PREPARED): SearchTables {
  return readTables(prepared, detectors) ?? buildTables(detectors);
}

const DIGEST_BYTES = 32;

/** What `tablesOf` reads: the digest of what follows, then the tables with what they were made of. */
export function packTables(detectors: readonly Detector[]): Buffer {
  const content = serialize({ made: madeOf(detectors), tables: buildTables(detectors) });
  return Buffer.concat([digest(content), content]);
}

/** Null when there are none, when they are damaged, and when they are of other triggers or another Node. */
export function readTables(file: URL, detectors: readonly Detector[]): SearchTables | null {
  try {
    const bytes = readFileSync(file);
    const content = bytes.subarray(DIGEST_BYTES);
    if (!digest(content).equals(bytes.subarray(0, DIGEST_BYTES))) return null;
    const { made, tables } = deserialize(content) as { made: string; tables: SearchTables };
    return made === madeOf(detectors) ? tables : null;
  } catch {
    // Built anew instead, which takes a tenth of a second and cannot be wrong.
    return null;
  }
}

function madeOf(detectors: readonly Detector[]): string {
  const triggers = JSON.stringify(detectors.map(({ triggers }) => triggers));
  return `${process.version} ${digest(triggers).toString('hex')}`;
}

function digest(content: string | Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
