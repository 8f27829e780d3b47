import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exposure, Reach } from '../../src/model/exposure.ts';
import type { RiskLevel, Sensitivity } from '../../src/model/posture.ts';
import { joinRisk, RISK_ORDER } from '../../src/posture/join-risk.ts';

const REACHES: Reach[] = ['public', 'cross-account', 'organization', 'private', 'unknown'];
const TABLE: Record<Sensitivity['level'], RiskLevel[]> = {
  restricted: ['critical', 'high', 'medium', 'low', 'high'],
  confidential: ['high', 'medium', 'low', 'low', 'medium'],
  internal: ['medium', 'low', 'low', 'none', 'low'],
  none: ['low', 'none', 'none', 'none', 'none'],
  unknown: ['high', 'medium', 'unknown', 'unknown', 'unknown'],
};
const LEVELS = Object.keys(TABLE) as Sensitivity['level'][];

function sensitivity(level: Sensitivity['level']): Sensitivity {
  return { level, score: 0, scoreAtMost: 0, because: [] };
}
function exposure(verdict: Reach, effective: Partial<Exposure['effective']> = {}): Exposure {
  return {
    verdict,
    effective: {
      list: 'private',
      read: verdict,
      write: 'private',
      delete: 'private',
      changePermissions: 'private',
      ...effective,
    },
    vendorPublic: 'unknown',
    crossAccount: [],
    grants: [],
    unknowns: [],
    collectedAt: '',
    because: [],
    fix: [],
  };
}

test('risk follows the table of sensitivity by exposure', () => {
  for (const level of LEVELS) {
    const answers = REACHES.map((reach) => joinRisk(sensitivity(level), exposure(reach)).level);
    assert.deepEqual(answers, TABLE[level], level);
  }
});

test('whoever outside can write, delete or change permissions makes it at least high', () => {
  for (const field of ['write', 'delete', 'changePermissions'] as const) {
    for (const reach of ['public', 'cross-account'] as const) {
      for (const level of LEVELS) {
        for (const verdict of REACHES) {
          const risk = joinRisk(sensitivity(level), exposure(verdict, { [field]: reach }));
          assert.ok(RISK_ORDER.indexOf(risk.level) >= RISK_ORDER.indexOf('high'), `${level} ${verdict} ${field}`);
          assert.equal(risk.because.length, 2);
        }
      }
    }
  }
});

test('writing from inside the organisation raises nothing', () => {
  assert.equal(joinRisk(sensitivity('none'), exposure('private', { write: 'organization' })).level, 'none');
});

test('a public place with restricted data stays critical when it can also be written', () => {
  assert.equal(joinRisk(sensitivity('restricted'), exposure('public', { write: 'public' })).level, 'critical');
});
