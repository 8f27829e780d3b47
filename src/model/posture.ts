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
export interface BucketPosture {
  sensitivity: Sensitivity;
  exposure: Exposure;
  risk: Risk;
}
