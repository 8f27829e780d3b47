/** What a report says of a detector; the detector itself (pattern, validator) stays in `detectors/`. */
export type Category = 'secret' | 'key' | 'contact' | 'pii' | 'phi' | 'pci' | 'business';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type Level = 'none' | 'internal' | 'confidential' | 'restricted';
export type Confidence = 'confirmed' | 'likely' | 'possible';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
export const LEVELS = ['none', 'internal', 'confidential', 'restricted'] as const satisfies readonly Level[];

export interface DetectorInfo {
  id: string;
  name: string;
  /** Secrets and keys have an issuer, personal data an entity; the other is null. */
  issuer: string | null;
  entity: string | null;
  category: Category;
  severity: Severity;
  level: Level;
  /** What a person should do about a finding: one sentence. */
  fix: string;
  /** Probability that a random string of the shape passes the validator; 1 without a validator. */
  randomPass: number;
}

/** Named offline check of a value, as in `checks` of a finding. */
export interface Check {
  name: string;
  passed: boolean;
}
