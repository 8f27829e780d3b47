import { shareOfEntity } from './column-values.ts';
import {
  ABOUT_WORDS,
  BARE_NAMES,
  COLUMN_NAMES,
  FILLER_WORDS,
  OFFICES,
  PERSONAL_WORDS,
  THING_WORDS,
  US_STATES,
} from './column-vocabulary.ts';
import { columnWords } from './column-words.ts';

export interface ColumnQuestion {
  name: string;
  siblings: readonly string[];
  /** Some values of the column, where they are known. */
  values?: readonly string[];
}

export interface ColumnAnswer {
  entity: string;
  probability: number;
}

/** The whole name is the entity's; the entity's name ends it; it stands in the middle. */
const WHOLE = 0.97;
const ENDING = 0.9;
const INSIDE = 0.7;
/** Below this share of fitting values the name is taken to mean something else. */
const MIN_SHARE = 0.2;

/**
 * What a column holds, from its name, those of its neighbours and, where given, its values. Null when the name says
 * nothing: most columns.
 */
export function judgeColumn({ name, siblings, values = [] }: ColumnQuestion): ColumnAnswer | null {
  const words = columnWords(name);
  const answer = judgeName(words, () => siblings.map(columnWords));
  if (answer === null) return null;
  const share = shareOfEntity(answer.entity, values);
  if (share === null) return answer;
  if (share < MIN_SHARE) return null;
  return { entity: answer.entity, probability: Math.max(answer.probability, share * WHOLE) };
}

function judgeName(words: readonly string[], siblings: () => string[][]): ColumnAnswer | null {
  if (words.length === 0) return null;
  const whole = words.join(' ');
  if (BARE_NAMES.has(whole)) return isTableOfPeople(siblings()) ? { entity: 'PERSON', probability: 0.85 } : null;
  if (OFFICES.has(whole)) return isTableOfPeople(siblings()) ? { entity: 'PERSON', probability: 0.75 } : null;
  const state = words.some((word) => US_STATES.has(word));
  const rest = words.filter((word) => !US_STATES.has(word) && !isNumber(word));
  const spellings = [whole, words.join(''), rest.join(' '), rest.map(withoutEndDigits).join(' '), withoutFillers(rest)];
  const entity = spellings.map((spelling) => ENTITY_OF.get(spelling)).find((found) => found !== undefined);
  if (entity !== undefined) return refine(entity, WHOLE, state, siblings);
  // `num_credit_card` counts them.
  if (words[0] === 'number' || words.some((word) => ABOUT_WORDS.has(word))) return null;
  for (const [phrase, candidate] of ENTITY_OF) {
    // Everyday words name an entity only when nothing else does.
    if (WHOLE_ONLY.has(candidate)) continue;
    const at = ` ${rest.join(' ')} `.indexOf(` ${phrase} `);
    if (at < 0) continue;
    const isEnding = at + phrase.length === rest.join(' ').length;
    return refine(candidate, isEnding ? ENDING : INSIDE, state, siblings);
  }
  return null;
}

const ENTITY_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(COLUMN_NAMES).flatMap(([entity, names]) => names.map((name) => [name, entity] as const)),
);
const WHOLE_ONLY = new Set([
  'AGE',
  'GENDER',
  'USERNAME',
  'BANK_ACCOUNT',
  'ES_NIE',
  'ES_DNI',
  'FR_NIR',
  'US_ABA_ROUTING',
  'STREET_ADDRESS',
]);
/** Found in records of things as often as in records of people. */
const NEEDS_PEOPLE = new Set(['AGE']);

function refine(
  entity: string,
  probability: number,
  hasState: boolean,
  siblings: () => string[][],
): ColumnAnswer | null {
  if (entity === 'DRIVER_LICENSE' && hasState) return { entity: 'US_DRIVER_LICENSE', probability };
  if (NEEDS_PEOPLE.has(entity) && isTableOfThings(siblings())) return null;
  return { entity, probability };
}

function withoutFillers(words: readonly string[]): string {
  return words.filter((word) => !FILLER_WORDS.has(word)).join(' ');
}

function withoutEndDigits(word: string): string {
  let end = word.length;
  while (end > 0 && isNumber(word.charAt(end - 1))) end--;
  return word.slice(0, end);
}

function isTableOfPeople(siblings: readonly string[][]): boolean {
  return hasWord(siblings, PERSONAL_WORDS) && !hasWord(siblings, THING_WORDS);
}

function isTableOfThings(siblings: readonly string[][]): boolean {
  return hasWord(siblings, THING_WORDS) && !hasWord(siblings, PERSONAL_WORDS);
}

function hasWord(siblings: readonly string[][], words: ReadonlySet<string>): boolean {
  return siblings.some((sibling) => sibling.some((word) => words.has(word)));
}

function isNumber(word: string): boolean {
  return word.charAt(0) >= '0' && word.charAt(0) <= '9' && Number.isInteger(Number(word));
}
