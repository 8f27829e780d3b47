import type { Level } from './detector-info.ts';
import type { Exposure } from './exposure.ts';

export interface Sensitivity {
  level: Level | 'unknown';
  /** 0..100, see docs/detectors.md; `scoreAtMost` adds what was not scanned. */
  score: number;
  scoreAtMost: number;
  because: string[];
}
export type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'critical' | 'unknown';
export interface Risk {
  level: RiskLevel;
  because: string[];
}
/** What is below a prefix and who can reach it. */
export interface PrefixPosture {
  /** As it may be shown; '' is the whole bucket. */
  prefix: string;
  /** Only those below it that the same people can reach: the grants that make the difference, `public/` or `*.csv`. */
  scope?: string[];
  objects: number;
  sensitivity: Sensitivity;
  exposure: Exposure;
  risk: Risk;
}
export interface BucketPosture {
  sensitivity: Sensitivity;
  exposure: Exposure;
  risk: Risk;
}
