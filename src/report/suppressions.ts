import type { FindingReport, Report } from '../model/report.ts';
import { isInScope, type Suppression } from '../model/suppression.ts';

/** Accepted findings at one moment. */
export interface SuppressionsAt {
  /** Whether this finding is accepted in this object. */
  cover(fingerprint: string, objectUri: string): boolean;
  /** Those, expired ones too, that are about one of these findings. */
  about(findings: readonly FindingReport[]): Report['suppressions'];
}

export function suppressionsAt(all: readonly Suppression[], now: string): SuppressionsAt {
  const time = Date.parse(now);
  const isActive = ({ expiresAt }: Suppression): boolean => Date.parse(expiresAt) > time;
  const active = Map.groupBy(all.filter(isActive), ({ fingerprint }) => fingerprint);
  return {
    cover: (fingerprint, objectUri) =>
      active.get(fingerprint)?.some(({ scope }) => isInScope(scope, objectUri)) ?? false,
    about(findings) {
      const places = new Map(findings.map(({ fingerprint, locations }) => [fingerprint, locations]));
      return all
        .filter(({ fingerprint, scope }) => places.get(fingerprint)?.some(({ object }) => isInScope(scope, object)))
        .map((suppression) => ({ ...suppression, state: isActive(suppression) ? 'active' : 'expired' }));
    },
  };
}
