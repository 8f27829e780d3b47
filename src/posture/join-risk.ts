import type { Level } from '../model/detector-info.ts';
import type { Exposure, Reach } from '../model/exposure.ts';
import type { Risk, RiskLevel, Sensitivity } from '../model/posture.ts';

/** Columns in the order public, cross-account, organization, private, unknown. */
const TABLE: Record<Level | 'unknown', Record<Reach, RiskLevel>> = {
  restricted: row('critical', 'high', 'medium', 'low', 'high'),
  confidential: row('high', 'medium', 'low', 'low', 'medium'),
  internal: row('medium', 'low', 'low', 'none', 'low'),
  none: row('low', 'none', 'none', 'none', 'none'),
  unknown: row('high', 'medium', 'unknown', 'unknown', 'unknown'),
};

function row(...levels: [RiskLevel, RiskLevel, RiskLevel, RiskLevel, RiskLevel]): Record<Reach, RiskLevel> {
  const [inPublic, crossAccount, organization, inPrivate, unknown] = levels;
  return { public: inPublic, 'cross-account': crossAccount, organization, private: inPrivate, unknown };
}

/** `unknown` stands between low and medium: it asks for a look, it proves nothing. */
export const RISK_ORDER: readonly RiskLevel[] = ['none', 'low', 'unknown', 'medium', 'high', 'critical'];

/** The risk of data of this level within this reach, before anyone's power to change it counts. */
export function riskCell(level: Level | 'unknown', reach: Reach): RiskLevel {
  return TABLE[level][reach];
}

const REACH_WORDS: Record<Reach, string> = {
  public: 'anyone can reach it',
  'cross-account': 'foreign accounts can reach it',
  organization: 'the own organisation can reach it',
  private: 'only its owner can reach it',
  unknown: 'who can reach it is not known',
};
const DATA_WORDS: Record<Level | 'unknown', string> = {
  restricted: 'The data is restricted',
  confidential: 'The data is confidential',
  internal: 'The data is internal',
  none: 'No sensitive data was found',
  unknown: 'What the data holds is not known',
};
const CHANGES: [keyof Exposure['effective'], string][] = [
  ['write', 'write into it, and so poison what is trained on it'],
  ['delete', 'delete from it'],
  ['changePermissions', 'change who has access to it'],
];

/**
 * The risk of a bucket: what it holds by who can read or list it. Whoever outside can change it makes it at least high,
 * whatever it holds, since data can be poisoned or lost.
 */
export function joinRisk(sensitivity: Sensitivity, exposure: Exposure): Risk {
  const base = TABLE[sensitivity.level][exposure.verdict];
  const because = [`${DATA_WORDS[sensitivity.level]} and ${REACH_WORDS[exposure.verdict]}.`];
  const changes = CHANGES.flatMap(([field, words]) => {
    const reach = exposure.effective[field];
    if (reach !== 'public' && reach !== 'cross-account') return [];
    return [`${reach === 'public' ? 'Anyone' : 'A foreign account'} can ${words}: at least high.`];
  });
  return { level: changes.length > 0 ? atLeastHigh(base) : base, because: [...because, ...changes] };
}

function atLeastHigh(level: RiskLevel): RiskLevel {
  return RISK_ORDER.indexOf(level) < RISK_ORDER.indexOf('high') ? 'high' : level;
}
