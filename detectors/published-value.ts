import type { Detector } from './detector.ts';

/** Values that a standard, a regulator or a vendor publishes for documentation and tests. */
export interface PublishedValues {
  /** The detector of the real thing: its context and edges are taken over. */
  of: Detector;
  id: string;
  name: string;
  /** Every way they are written. */
  texts: readonly string[];
  source: string;
}

/**
 * A detector for published values: reported as what they are, but as nobody's data (level `none`), so that test data is
 * told apart from data instead of being hidden or feared.
 */
export function publishedValues({ of, id, name, texts, source }: PublishedValues): Detector {
  const [first = '', second = first] = texts;
  return {
    id,
    name,
    ...(of.entity === undefined ? {} : { entity: of.entity }),
    category: 'business',
    severity: 'low',
    level: 'none',
    fix: 'Nothing: the value is published for documentation and tests.',
    source,
    triggers: texts.map((literal) => ({ literal })),
    pattern: texts.map(escaped).join('|'),
    maxLength: texts.reduce((most, text) => Math.max(most, text.length), 0),
    ...(of.edges === undefined ? {} : { edges: of.edges }),
    validate: (value) => ({ checks: [{ name: 'published', passed: true }], normalized: compact(value) }),
    bits: 5,
    ...(of.context === undefined ? {} : { context: of.context }),
    examples: [() => `paid with ${first} in the test`, () => `"${second}"`],
    counterExamples: { 'part of a longer value': () => `7${first}7` },
  };
}

function compact(value: string): string {
  return value.replaceAll(' ', '').replaceAll('-', '');
}

function escaped(text: string): string {
  return text.replaceAll('.', '\\.');
}
