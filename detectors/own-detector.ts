import type { Detector, Verdict } from './detector.ts';
import { ALPHABETS, type AlphabetName } from './sample.ts';
import { entropyOf, isMadeOf } from './validators/entropy.ts';
import { type NamedCheck, namedCheck } from './validators/named-checks.ts';
import { placeholderReason } from './validators/placeholder.ts';

/**
 * A detector that a user wrote, settled and checked: data alone, so that it can be kept in the ledger and sent to
 * threads. What judges a value is named, not programmed.
 */
export interface OwnDetector extends Omit<Detector, 'validate' | 'examples' | 'counterExamples'> {
  rules: OwnRules;
  /** Id of the detector of the catalogue whose place it takes. */
  replaces?: string;
}

/** What is asked of a value; `body` is the group of that name where the pattern has one, else the value. */
export interface OwnRules {
  /** Names of `validators/named-checks.ts`; a value that fails one is none. */
  checks: string[];
  /** An alphabet of `sample.ts` or letters of its own: a body with any other character is none. */
  alphabet?: string;
  /** Bits a character; a body with fewer is counted as `low-entropy`. */
  minEntropy?: number;
  /** Counts bodies that are fillers (`xxxx`, `your_key`, `12345678`) under their reason. */
  skipsPlaceholders: boolean;
}

/** The detector that a scanner runs. Throws `Error` on a check that this version does not know. */
export function ownDetector(own: OwnDetector): Detector {
  const { rules, replaces: _replaces, ...data } = own;
  const checks = rules.checks.map((name) => ({ name, check: checkOf(name) }));
  const letters = lettersOf(rules.alphabet);
  return {
    ...data,
    validate(value, groups) {
      const body = groups.body ?? value;
      if (letters !== null && !isMadeOf(body, letters)) return null;
      if (!checks.every(({ check }) => check.passes(value, groups))) return null;
      const verdict: Verdict = { checks: checks.map(({ name }) => ({ name, passed: true })) };
      const normalize = checks.find(({ check }) => check.normalize !== undefined)?.check.normalize;
      if (normalize !== undefined) verdict.normalized = normalize(value);
      const suppressed = suppressionOf(body, rules);
      if (suppressed !== null) verdict.suppressed = suppressed;
      return verdict;
    },
    examples: [],
    counterExamples: {},
  };
}

function suppressionOf(body: string, { minEntropy, skipsPlaceholders }: OwnRules): string | null {
  const reason = skipsPlaceholders ? placeholderReason(body) : null;
  return reason ?? (minEntropy !== undefined && entropyOf(body) < minEntropy ? 'low-entropy' : null);
}

function lettersOf(alphabet: string | undefined): string | null {
  if (alphabet === undefined) return null;
  return Object.hasOwn(ALPHABETS, alphabet) ? ALPHABETS[alphabet as AlphabetName] : alphabet;
}

function checkOf(name: string): NamedCheck {
  const check = namedCheck(name);
  if (check === undefined) throw new Error(`own detector: there is no check ${name}`);
  return check;
}

/** The catalogue with a user's detectors among it, sorted by id; what they replace is left out. */
export function withOwnDetectors(catalog: readonly Detector[], own: readonly OwnDetector[]): Detector[] {
  if (own.length === 0) return [...catalog];
  const replaced = new Set(own.map(({ replaces }) => replaces));
  const all = [...catalog.filter(({ id }) => !replaced.has(id)), ...own.map(ownDetector)];
  return all.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
