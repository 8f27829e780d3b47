import assert from 'node:assert/strict';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import { readEvidence } from '../../src/exposure/read-evidence.ts';
import type { AzureEvidence, Exposure } from '../../src/model/exposure.ts';

export const collectedAt = '2026-06-01T00:00:00Z';
export const TENANT = '11111111-2222-3333-4444-555555555555';
export const OTHER_TENANT = '99999999-8888-7777-6666-555555555555';

export interface Given {
  facts: Record<string, unknown>;
  bucket?: string;
  owner?: object;
  trusted?: object;
}

/** Recorded facts, read. */
export function evidenceOf({ facts, bucket, owner, trusted }: Given) {
  const read = readEvidence({
    schema: 'assay.evidence/v1',
    id: 'x',
    provider: 'azure-blob',
    bucket,
    owner,
    trusted,
    facts,
  });
  assert.ok('evidence' in read, 'error' in read ? read.error : '');
  assert.equal(read.evidence.provider, 'azure-blob');
  return read as typeof read & { evidence: AzureEvidence };
}

export function judge(given: Given): Exposure & { public: boolean | 'unknown' } {
  const { evidence, context } = evidenceOf(given);
  const exposure = evaluateExposure(evidence, { ...context, collectedAt });
  return { ...exposure, public: isPublic(exposure) };
}
