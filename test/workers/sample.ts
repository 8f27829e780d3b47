import { type Budget, NO_BUDGET, NOTHING_SPENT } from '../../src/model/budget.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { BucketRef, ObjectRef } from '../../src/model/object.ts';
import type { ScanConfig } from '../../src/model/scan-config.ts';
import { BudgetMeter, type BudgetMeterOptions } from '../../workers/budget-meter.ts';
import type { ScanTask } from '../../workers/thread-protocol.ts';

export const BUCKET: BucketRef = { provider: 'filesystem', uri: 'file:///data', name: '/data' };

export function objectRef(key: string, byteLength = 100, storageClass?: string): ObjectRef {
  const object = { bucket: BUCKET, key, version: `v-${key}`, byteLength, lastModified: '' };
  return storageClass === undefined ? object : { ...object, storageClass };
}

export function scanTask(key: string, byteLength = 100, maxObjectMs = 0, maxStallMs = 0): ScanTask {
  const limits = { ...DEFAULT_LIMITS, maxObjectMs, maxStallMs };
  return { object: objectRef(key, byteLength), limits, maxLocations: 10, detectorSet: 'sha256:0', hash: false };
}

/** Of a scan that may read as much as it needs; or not. */
export function budgetMeter(budget: Partial<Budget> = {}, over: Partial<BudgetMeterOptions> = {}): BudgetMeter {
  return new BudgetMeter({
    budget: { ...NO_BUDGET, ...budget },
    ledger: { spend: async (_scanId, more) => more },
    scanId: 'scan',
    spent: NOTHING_SPENT,
    takenUpAt: new Date().toISOString(),
    providerOptions: {},
    otherRequests: () => 0,
    ...over,
  });
}

export function scanConfig(over: Partial<ScanConfig> = {}): ScanConfig {
  return {
    version: '0.0.0',
    threads: 2,
    limits: DEFAULT_LIMITS,
    maxLocations: 10,
    budget: NO_BUDGET,
    include: [],
    exclude: [],
    resume: 'auto',
    rescan: false,
    hash: false,
    fingerprintKey: Buffer.alloc(32, 7),
    fingerprintKeyId: 'test',
    providerOptions: {},
    ...over,
  };
}
