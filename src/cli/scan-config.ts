import type { FingerprintKey } from '../config/fingerprint-key.ts';
import type { Config } from '../config/load-config.ts';
import type { ScanConfig } from '../model/scan-config.ts';
import type { ProviderOptions } from '../providers/open-provider.ts';
import { readVersion } from './version.ts';

/** What a scan is made of. */
export function scanConfig(config: Config, { key, keyId }: FingerprintKey, stores: ProviderOptions): ScanConfig {
  const { threads, limits, maxLocations, budget, include, exclude, resume, rescan, hash } = config;
  return {
    version: readVersion(),
    threads,
    limits,
    maxLocations,
    budget: { ...budget },
    include: [...include],
    exclude: [...exclude],
    resume,
    rescan,
    hash,
    fingerprintKey: key,
    fingerprintKeyId: keyId,
    providerOptions: { ...stores },
  };
}
