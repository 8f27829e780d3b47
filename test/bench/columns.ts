/** Columns that are nothing but addresses, card numbers or numbers; each must be counted to the last row. */
import { runAlone } from './assay.ts';
import { middle, tableOf } from './measure.ts';
import type { Section, Settings } from './settings.ts';
import { ENTITIES, TABLES, tableFile } from './tables.ts';

/** Made-up numbers may by chance be what another detector takes for something of its own. */
const LEAST_SHARE = 0.99;

export async function columnsSection({ bytes, rounds }: Settings): Promise<Section> {
  const rows: (string | number)[][] = [];
  for (const table of TABLES) {
    for (const format of ['csv', 'parquet'] as const) {
      const file = await tableFile(table, format, bytes / 4);
      const scans = [];
      const floors = [];
      for (let round = 0; round < rounds; round++) {
        scans.push(await runAlone('scan', file.path));
        floors.push(await runAlone('decode', file.path));
      }
      const entity = ENTITIES[table];
      const found = entity === null ? null : Math.min(...scans.map(({ entities }) => entities[entity] ?? 0));
      if (found !== null && found < LEAST_SHARE * file.rows) {
        throw new Error(`${file.path}: ${found} of ${file.rows} rows are ${entity}`);
      }
      const time = middle(scans, ({ cpuMs }) => cpuMs / 1000);
      const floor = middle(floors, ({ cpuMs }) => cpuMs / 1000);
      const rate = (seconds: number): string => (file.decodedBytes / 1e6 / seconds).toFixed(0);
      const perValue = ((time - floor) / file.rows) * 1e9;
      rows.push([`${table}, ${format}`, file.rows, found ?? 'none', rate(time), rate(floor), perValue.toFixed(0)]);
      console.error(rows.at(-1)?.join(' | '));
    }
  }
  return {
    heading: 'Columns of one kind',
    body: `The engine alone on tables of one column, MB/s of decoded bytes, and what a value takes beyond reading it.

${tableOf(['column', 'rows', 'counted', 'MB/s', 'floor', 'ns a value'], rows)}`,
  };
}
