import type { Exposure } from '../model/exposure.ts';

/** The exposure of a bucket whose facts could not be asked at all. */
export function unknownExposure(collectedAt: string): Exposure {
  return {
    verdict: 'unknown',
    effective: { list: 'unknown', read: 'unknown', write: 'unknown', delete: 'unknown', changePermissions: 'unknown' },
    vendorPublic: 'unknown',
    crossAccount: [],
    grants: [],
    unknowns: [{ call: 'exposure', reason: 'the facts were not collected', permission: '' }],
    collectedAt,
    because: ['Who can reach this bucket is not known: the facts could not be collected.'],
    fix: [],
  };
}
