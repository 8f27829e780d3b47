import { randomUUID } from 'node:crypto';
import { AssayError } from '../src/errors.ts';
import type { Ledger, NewScan, ScanRow } from '../src/model/ledger.ts';
import type { Target } from '../src/model/object.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import { type DetectorSet, describeSet } from './detector-set.ts';
import { canonicalJson, sha256 } from './digest.ts';

export interface OpenedScan extends NewScan {
  resumed: boolean;
}

/** Continues the scan that `config.resume` names, or begins a new one. Throws `AssayError` `usage` when it cannot be continued. */
export async function openScan(
  ledger: Ledger,
  targets: Target[],
  config: ScanConfig,
  set: DetectorSet,
  isShared = false,
): Promise<OpenedScan> {
  const scan = describeScan(targets, config, set.digest, isShared);
  const earlier = await findEarlier(ledger, config.resume, scan.signature);
  if (earlier !== null) {
    if (!goesOn(earlier, scan)) await ledger.takeUpScan(earlier.id, scan.config, new Date().toISOString());
    return { ...earlier, config: scan.config, resumed: true };
  }
  await ledger.saveDetectorSet(set.digest, describeSet(set));
  await ledger.createScan(scan);
  return { ...scan, resumed: false };
}

/** `isShared`: for the workers of a fleet. The two kinds have other signatures, so that neither continues the other. */
export function describeScan(targets: Target[], config: ScanConfig, detectorSet: string, isShared = false): NewScan {
  const { version, limits, maxLocations, budget, include, exclude, rescan, hash, fingerprintKeyId, providerOptions } =
    config;
  const stored = { version, limits, maxLocations, include, exclude, rescan, hash, providerOptions };
  const places = targets.map(({ bucket, prefix, glob }) => ({ bucket, prefix, glob: glob ?? null }));
  return {
    id: randomUUID(),
    signature: sha256(
      canonicalJson({ places, config: stored, detectorSet, fingerprintKeyId, ...(isShared ? { isShared } : {}) }),
    ),
    detectorSet,
    // Decoders change with the program, so an answer of another version is not taken for one of this.
    limitsDigest: sha256(canonicalJson({ version, limits, maxLocations, ...storeOf(targets, config) })),
    fingerprintKeyId,
    targets,
    // Not in the signature: the same scan goes on with another budget.
    config: { ...stored, budget },
    startedAt: new Date().toISOString(),
    version,
    isShared,
  };
}

/** Whether the workers of a fleet are at it just so. */
function goesOn(earlier: ScanRow, { config, isShared }: NewScan): boolean {
  return isShared && earlier.state === 'running' && canonicalJson(earlier.config) === canonicalJson(config);
}

/** Two stores may each have a bucket of the same name. Local files are the same whatever store is set. */
function storeOf(targets: Target[], { providerOptions }: ScanConfig): Record<string, string> {
  type Store = { endpoint?: unknown };
  const { endpoint, azure, gcs } = providerOptions as Store & { azure?: Store; gcs?: Store };
  const isOf = (name: string) => targets.some(({ bucket }) => bucket.provider === name);
  return {
    ...(isOf('aws-s3') ? placeOf('store', endpoint) : {}),
    ...(isOf('azure-blob') ? placeOf('azureStore', azure?.endpoint) : {}),
    ...(isOf('gcs') ? placeOf('gcsStore', gcs?.endpoint) : {}),
  };
}

function placeOf(name: string, endpoint: unknown): Record<string, string> {
  if (typeof endpoint !== 'string') return {};
  const { host, pathname } = new URL(endpoint);
  return { [name]: host + pathname };
}

async function findEarlier(ledger: Ledger, resume: string, signature: string): Promise<ScanRow | null> {
  if (resume === 'never') return null;
  if (resume === 'auto') {
    const id = await ledger.findUnfinishedScan(signature);
    return id === null ? null : await ledger.getScan(id);
  }
  const scan = await ledger.getScan(resume);
  if (scan === null) throw new AssayError('usage', `--resume ${resume}: there is no such scan`);
  if (scan.state !== 'running' && scan.budgetEnd === null)
    throw new AssayError('usage', `--resume ${resume}: this scan has ended (${scan.state})`);
  if (scan.signature !== signature) {
    throw new AssayError('usage', `--resume ${resume}: its targets, configuration or detectors were others`);
  }
  return scan;
}
