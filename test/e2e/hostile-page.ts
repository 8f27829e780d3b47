import { SEVERITIES } from '../../src/model/detector-info.ts';
import { renderHtml } from '../../src/report/html.ts';
import { DETECTORS, type Entry, emails, NOW, OPEN_LAKE, reportOf, suppression, value } from '../report/sample.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

export const COUNT = 10_000;

export function hostile(index: number): string {
  return HOSTILE_NAMES[index % HOSTILE_NAMES.length] ?? '';
}

/** A report of 10,000 findings in which every name, reason and place is hostile. */
export async function hostilePage(): Promise<string> {
  const entries: Entry[] = Array.from({ length: COUNT }, (_, index) => {
    const name = hostile(index);
    const severity = SEVERITIES[index % 4] ?? 'low';
    const location = { row: index, column: name, pointer: name, member: name };
    const found = value({ fingerprint: `v1:${index}`, severity, masked: name.slice(0, 4), locations: [location] });
    return { key: `${name}/${index}`, values: [{ ...found, count: index + 1 }], notes: { [name]: 1 } };
  });
  entries.push({ key: 'people.csv', columns: [emails(hostile(3))] });
  for (const [index, name] of HOSTILE_NAMES.entries())
    entries.push({ key: `${name}${index}`, outcome: 'failed:network' });
  const all = HOSTILE_NAMES.map((name, index) =>
    suppression({ fingerprint: `v1:${index}`, reason: name, owner: name, addedBy: name }),
  );
  const detectors = new Map(
    [...DETECTORS].map(([id, info]) => [id, { ...info, name: `${info.name} ${hostile(1)}`, fix: hostile(7) }]),
  );
  const { report } = await reportOf({
    entries,
    evidence: [OPEN_LAKE],
    detectors,
    options: { suppressions: { all, now: NOW } },
  });
  report.scan.targets = [...HOSTILE_NAMES];
  report.result.reasons.push(...HOSTILE_NAMES);
  return renderHtml(report, detectors);
}
