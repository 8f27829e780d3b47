import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadDetectorSet } from '../../workers/detector-set.ts';
import { describeScan } from '../../workers/open-scan.ts';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import type { Config } from '../config/load-config.ts';
import { isAssayError } from '../errors.ts';
import type { ObjectRef, Target } from '../model/object.ts';
import type { ProviderOptions } from '../providers/open-provider.ts';
import { openLedgerToRead } from './open-ledger.ts';
import { loadOwnDetectors } from './own-detectors.ts';
import { scanConfig } from './scan-config.ts';

/** What earlier scans have read. */
export interface KnownScans {
  /** Whether a scan would take over the answer of an earlier one, for each of these. */
  isReusable(objects: ObjectRef[]): Promise<boolean[]>;
  close(): Promise<void>;
}

/** Null when there is no ledger yet, another process holds it, or everything is to be read again. Makes nothing. */
export async function openKnownScans(
  targets: Target[],
  config: Config,
  stores: ProviderOptions,
  cwd: string,
): Promise<KnownScans | null> {
  if (config.rescan || (config.databaseUrl === null && !existsSync(join(config.home, 'pgdata')))) return null;
  const ofScan = scanConfig(config, loadFingerprintKey(config), stores);
  const { digest } = await loadDetectorSet(await loadOwnDetectors(config.detectors, cwd));
  const key = describeScan(targets, ofScan, digest);
  const ledger = await openLedgerToRead(config).catch((error: unknown) => {
    if (isAssayError(error) && error.code === 'state-locked') return null;
    throw error;
  });
  if (ledger === null) return null;
  return {
    async isReusable(objects) {
      const found = await ledger.findReusable(objects, { ...key, hashed: config.hash });
      return found.map((scan) => scan !== null);
    },
    close: () => ledger.close(),
  };
}
