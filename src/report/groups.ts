import type { Severity } from '../model/detector-info.ts';
import type { FindingReport } from '../model/report.ts';
import { plural, thousands } from './shown.ts';
import { type Detectors, findingCount, findingName } from './summary.ts';

/** Findings of one kind and severity: one thing to do about all of them. */
export interface FindingGroup {
  severity: Severity;
  name: string;
  /** In the order of the report. */
  findings: FindingReport[];
  count: number;
  /** What to do; '' when the detector says nothing. */
  fix: string;
}

/** Kinds in the order of their first finding, which is the most severe one. */
export function groupFindings(findings: readonly FindingReport[], detectors: Detectors): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const finding of findings) {
    const { severity, detector, count } = finding;
    const key = `${severity} ${detector}`;
    const group = groups.get(key);
    if (group === undefined) {
      const fix = detectors.get(detector)?.fix ?? '';
      groups.set(key, { severity, name: findingName(finding, detectors), findings: [finding], count, fix });
    } else {
      group.findings.push(finding);
      group.count += count;
    }
  }
  return [...groups.values()];
}

/** `12 times in 3 objects` of one, `507 values, 4,563 times` of many. */
export function groupCount({ findings, count }: FindingGroup): string {
  const [first, second] = findings;
  if (first === undefined) return '';
  if (second === undefined) return findingCount(first);
  const noun = first.kind === 'value' ? 'different value' : 'place';
  return `${plural(findings.length, noun)}, ${thousands(count)} times`;
}
