import type { Severity } from '../model/detector-info.ts';
import type { Reach } from '../model/exposure.ts';
import type { BucketReport, FindingReport } from '../model/report.ts';
import type { Detectors } from './summary.ts';

export type Level = 'error' | 'warning' | 'note';

/** A `reportingDescriptor`. */
export interface Rule {
  id: string;
  name: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string; markdown: string };
  defaultConfiguration: { level: Level };
  properties: Record<string, unknown>;
}

/** What GitHub sorts by, from 0 to 10: above 9 critical, above 7 high, above 4 medium. */
const SCORES: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };
const LEVELS: Record<Severity, Level> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };

/** The detectors that found something, in the order of the findings. */
export function findingRules(findings: readonly FindingReport[], detectors: Detectors): Rule[] {
  const first = new Map<string, FindingReport>();
  for (const finding of findings) if (!first.has(finding.detector)) first.set(finding.detector, finding);
  return [...first].map(([id, finding]) => {
    const info = detectors.get(id);
    const severity = info?.severity ?? finding.severity;
    const name = info?.name ?? id;
    const fix = info?.fix || 'Remove the value from the data, and make a new one where it is a secret.';
    const what = { secret: 'A secret', key: 'A key' }[finding.category as string] ?? 'Personal or business data';
    return {
      id,
      name: pascalCase(id),
      shortDescription: { text: name },
      fullDescription: { text: `${what} stands in the data: ${name}.` },
      help: { text: fix, markdown: `**What to do.** ${fix}` },
      defaultConfiguration: { level: LEVELS[severity] },
      properties: {
        'security-severity': SCORES[severity],
        precision: 'high',
        tags: ['security', finding.category, ...[finding.issuer ?? finding.entity].filter((tag) => tag !== null)],
      },
    };
  });
}

const REACHES: Record<Reach, { name: string; text: string; severity: Severity }> = {
  public: {
    name: 'Bucket is public',
    text: 'Anyone on the internet can list or read the bucket.',
    severity: 'critical',
  },
  'cross-account': {
    name: 'Bucket is open to other accounts',
    text: 'Foreign accounts can list or read the bucket.',
    severity: 'high',
  },
  organization: {
    name: 'Bucket is open to the organisation',
    text: 'Everybody in the organisation can list or read the bucket.',
    severity: 'medium',
  },
  private: {
    name: 'Private bucket with sensitive data',
    text: 'Only its owner can reach the bucket, and its data is sensitive.',
    severity: 'low',
  },
  unknown: {
    name: 'Exposure of the bucket is unknown',
    text: 'Who can reach the bucket could not be found out.',
    severity: 'medium',
  },
};

/** One rule for each reach that a bucket has. */
export function bucketRules(buckets: readonly BucketReport[]): Rule[] {
  const seen = new Set(buckets.filter(({ risk }) => risk.level !== 'none').map(({ exposure }) => exposure.verdict));
  return [...seen].map((reach) => {
    const { name, text, severity } = REACHES[reach];
    const fix = 'The result says which permission opens it and how to take it back.';
    return {
      id: `exposure-${reach}`,
      name: pascalCase(`exposure-${reach}`),
      shortDescription: { text: name },
      fullDescription: { text },
      help: { text: fix, markdown: fix },
      defaultConfiguration: { level: LEVELS[severity] },
      properties: { 'security-severity': SCORES[severity], precision: 'high', tags: ['security', 'exposure'] },
    };
  });
}

function pascalCase(id: string): string {
  return id
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
