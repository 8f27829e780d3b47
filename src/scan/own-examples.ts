import { createRequire } from 'node:module';
import type RE2Type from 're2';
import type { Detector } from '../../detectors/detector.ts';
import { type OwnDetector, ownDetector } from '../../detectors/own-detector.ts';
import { expand } from '../../detectors/sample.ts';
import { createJudge } from './judge.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

/** A shape is drawn: one draw may hide what another shows. */
const SEEDS = ['one', 'two', 'three'];

/** Text as it stands, or a shape of `detectors/sample.ts`. */
export type OwnExample = string | { shape: string };

export interface OwnExamples {
  examples: readonly OwnExample[];
  counterExamples: Readonly<Record<string, OwnExample>>;
}

/**
 * Examples that are not found and counter-examples that are, by the matcher of a scan and with the reason; the texts
 * themselves, which may be secrets, are never repeated.
 */
export async function exampleProblems(
  own: OwnDetector,
  { examples, counterExamples }: OwnExamples,
): Promise<{ path: PropertyKey[]; reason: string }[]> {
  const detector = ownDetector(own);
  const judge = createJudge([detector]);
  const problems: { path: PropertyKey[]; reason: string }[] = [];
  const each = async (path: PropertyKey[], example: OwnExample, look: (text: string) => Promise<string | null>) => {
    const texts = textsOf(example, own.id);
    if (texts === null) {
      problems.push({ path: [...path, 'shape'], reason: "is no shape; write parts such as 'acme_' base62:36" });
      return;
    }
    for (const text of texts) {
      const reason = await look(text);
      if (reason === null) continue;
      problems.push({ path, reason });
      return;
    }
  };
  for (const [index, example] of examples.entries()) {
    await each(['examples', index], example, async (text) => {
      const { findings } = await judge({ text });
      if (findings.some(({ suppressed, confidence }) => suppressed === null && confidence !== 'possible')) return null;
      const [best] = findings.sort((a, b) => b.probability - a.probability);
      if (best === undefined) return `is not found: ${whySilent(detector, text)}`;
      if (best.suppressed !== null) return `is not reported: its value counts as ${best.suppressed}`;
      const probability = best.probability.toFixed(2);
      return `is only possible (probability ${probability}, needs 0.6): raise probability, or put a context word beside it`;
    });
  }
  for (const [reason, example] of Object.entries(counterExamples)) {
    await each(['counterExamples', reason], example, async (text) => {
      const { findings } = await judge({ text });
      const isFound = findings.some(({ suppressed, confidence }) => suppressed === null && confidence !== 'possible');
      return isFound ? 'is found' : null;
    });
  }
  return problems;
}

function textsOf(example: OwnExample, seed: string): string[] | null {
  if (typeof example === 'string') return [example];
  try {
    return SEEDS.map((one) => expand(example.shape, `${seed} ${one}`));
  } catch {
    return null;
  }
}

function whySilent({ pattern, validate, context }: Detector, text: string): string {
  if (pattern === undefined) return 'no shape of its triggers is in it, or a check fails';
  const found = new RE2(pattern, 'u').exec(text);
  if (found === null) return 'the pattern does not match';
  const groups = { ...found.groups };
  if (validate?.(groups.value ?? found[0], groups) === null) return 'a check or the alphabet refuses its value';
  if (context?.required === true) return 'a context word is required, or the value stands inside a longer word (edges)';
  return 'the value stands inside a longer word (edges), or none of the triggers is where it should be';
}
