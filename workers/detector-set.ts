import { loadCatalog } from '../detectors/catalog.ts';
import type { Detector } from '../detectors/detector.ts';
import { type OwnDetector, withOwnDetectors } from '../detectors/own-detector.ts';
import { AssayError } from '../src/errors.ts';
import type { DetectorInfo } from '../src/model/detector-info.ts';
import { catalogDigest } from './catalog-digest.ts';
import { canonicalJson, sha256 } from './digest.ts';

export interface DetectorSet {
  /** `sha256:` over the source text of the catalogue and the user's detectors. */
  digest: string;
  /** The catalogue with the user's detectors among it. */
  detectors: Detector[];
  /** The user's detectors, as data: what another thread or worker needs to build the same set. */
  own: readonly OwnDetector[];
}

/** What the ledger keeps under the digest. */
interface StoredSet {
  detectors: (Partial<Omit<Detector, 'validate'>> & { id: string })[];
  own: OwnDetector[];
}

let catalogue: Promise<{ detectors: Detector[]; digest: string }> | undefined;
let plain: Promise<DetectorSet> | undefined;

/** The catalogue of this program, loaded once a thread, with the detectors of a user. */
export function loadDetectorSet(own: readonly OwnDetector[] = []): Promise<DetectorSet> {
  if (own.length > 0) return build(own);
  plain ??= build([]);
  return plain;
}

/**
 * The set that the ledger keeps under `digest` (`source` is what `saveDetectorSet` was given), for a worker that joins a
 * scan which another machine began. Throws `AssayError` `config` when this program's catalogue is another one.
 */
export async function detectorSetOf(digest: string, source: unknown): Promise<DetectorSet> {
  const set = await loadDetectorSet(storedOwn(source));
  if (set.digest === digest) return set;
  throw new AssayError(
    'config',
    `detector set ${digest}: this program's catalogue gives ${set.digest}; every worker of a scan must be of the same version`,
  );
}

/** How a report names the detectors of a stored set, also of one that an earlier version made. */
export function storedInfos(source: unknown): Map<string, DetectorInfo> {
  const { detectors } = source as StoredSet;
  return new Map(detectors.map((detector) => [detector.id, infoOf(detector)]));
}

/** The user's detectors of a stored set. */
export function storedOwn(source: unknown): readonly OwnDetector[] {
  return (source as StoredSet | null)?.own ?? [];
}

export function infoOf(detector: Partial<Detector> & { id: string }): DetectorInfo {
  const { id, name, issuer, entity, category, severity, level, fix, randomPass } = detector;
  return {
    id,
    name: name ?? id,
    issuer: issuer ?? null,
    entity: entity ?? null,
    category: category ?? 'secret',
    severity: severity ?? 'high',
    level: level ?? 'restricted',
    fix: fix ?? '',
    randomPass: randomPass ?? 1,
  };
}

async function build(own: readonly OwnDetector[]): Promise<DetectorSet> {
  catalogue ??= load();
  const { detectors, digest } = await catalogue;
  return {
    digest: sha256(canonicalJson({ catalogue: digest, own })),
    detectors: own.length === 0 ? detectors : withOwnDetectors(detectors, own),
    own,
  };
}

async function load(): Promise<{ detectors: Detector[]; digest: string }> {
  const [detectors, digest] = await Promise.all([loadCatalog(), catalogDigest()]);
  return { detectors, digest };
}

/** What the ledger is given to keep. */
export function describeSet({ detectors, own }: DetectorSet): unknown {
  return { detectors: describeDetectors(detectors), own };
}

/** The detectors as plain data; examples are left out, since they change no result. */
function describeDetectors(detectors: readonly Detector[]): unknown[] {
  return detectors.map(
    ({ examples: _examples, counterExamples: _counterExamples, validate: _validate, ...data }) => data,
  );
}
