import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { loadCatalog } from '../detectors/catalog.ts';
import type { Detector } from '../detectors/detector.ts';
import { canonicalJson, sha256 } from './digest.ts';

export interface DetectorSet {
  /** `sha256:` over the detectors' data and the source text of their validators. */
  digest: string;
  detectors: Detector[];
}

let loaded: Promise<DetectorSet> | undefined;

/** The catalogue of this program, loaded once a thread. */
export function loadDetectorSet(): Promise<DetectorSet> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<DetectorSet> {
  const [detectors, validators] = await Promise.all([loadCatalog(), digestValidators()]);
  return { digest: sha256(canonicalJson({ detectors: describeDetectors(detectors), validators })), detectors };
}

/** The detectors as plain data: functions as their source text, examples left out since they change no result. */
export function describeDetectors(detectors: Detector[]): unknown[] {
  return detectors.map(({ examples: _examples, counterExamples: _counterExamples, validate, ...data }) => ({
    ...data,
    validate: validate === undefined ? null : validate.toString(),
  }));
}

/** The text of `validate` does not hold the functions that it calls: they are in the validators' files. */
async function digestValidators(): Promise<string> {
  const folder = new URL('../detectors/validators/', import.meta.url);
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).sort()) {
    hash.update(`${file}\0`).update(await readFile(new URL(file, folder)));
  }
  return hash.digest('hex');
}
