import type { Detector } from './detector.ts';

/**
 * The detectors that files export by default, sorted by id. Throws `Error` when two share an id or a file exports none.
 */
export function assembleCatalog(modules: readonly (readonly [path: string, exported: unknown])[]): Detector[] {
  const detectors: Detector[] = [];
  for (const [path, exported] of modules) {
    if (exported === undefined) throw new Error(`detector catalogue: ${path} has no default export`);
    detectors.push(...[exported as Detector | Detector[]].flat());
  }
  detectors.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (const [index, { id }] of detectors.entries()) {
    if (detectors[index + 1]?.id === id) throw new Error(`detector catalogue: two detectors are called ${id}`);
  }
  return detectors;
}
