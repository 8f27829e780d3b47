/** What a row of the table of issuers costs. */
import { issuerRows } from '../../detectors/issuers.ts';
import { runAlone } from './assay.ts';
import { benchFile } from './data.ts';
import { middle, tableOf } from './measure.ts';
import type { Section, Settings } from './settings.ts';

const FEW = 50;
const MORE = 2000;

export async function issuersSection({ bytes, rounds }: Settings): Promise<Section> {
  const { path, decodedBytes } = await benchFile('jsonl', bytes);
  const known = issuerRows().length;
  const counts = [FEW, known, known + MORE];
  const runs = counts.map((): { cpuMs: number; compileMs: number }[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, count] of counts.entries()) runs[at]?.push(await runAlone('scan', path, '--issuers', `${count}`));
  }
  const rows = counts.map((count, at) => {
    const each = runs[at] ?? [];
    const rate = decodedBytes / 1000 / middle(each, ({ cpuMs }) => cpuMs);
    return [count, rate.toFixed(0), middle(each, ({ compileMs }) => compileMs).toFixed(0)];
  });
  return {
    heading: 'Rows of issuers',
    body: `The engine alone on the JSONL above, with the first ${FEW} rows of the table of issuers, all ${known}, and ${MORE} made-up ones beside them.

${tableOf(['rows', 'MB/s', 'ms to compile everything'], rows)}`,
  };
}
