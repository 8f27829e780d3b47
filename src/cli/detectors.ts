import { loadCatalog } from '../../detectors/catalog.ts';
import type { Detector } from '../../detectors/detector.ts';
import { closest } from '../config/closest.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';

export async function listDetectors(format: 'text' | 'json'): Promise<ExitCode> {
  const detectors = await loadCatalog();
  if (format === 'json') {
    const shown = detectors.map(({ id, name, issuer, entity, category, severity, level }) => {
      return { id, name, issuer: issuer ?? null, entity: entity ?? null, category, severity, level };
    });
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT.ok;
  }
  const rows = detectors.map(({ id, issuer, entity, severity, level, name }) => {
    return [id, issuer ?? entity ?? '', severity, level, name];
  });
  process.stdout.write(columns([['ID', 'ISSUER/ENTITY', 'SEVERITY', 'LEVEL', 'NAME'], ...rows]));
  return EXIT.ok;
}

/** The detector as data. Its examples stay shapes: expanded, they would look like live secrets. */
export async function showDetector(id: string): Promise<ExitCode> {
  const detectors = await loadCatalog();
  const detector = detectors.find((one) => one.id === id);
  if (detector === undefined) {
    const meant = closest(
      id,
      detectors.map((one) => one.id),
    );
    const hint = meant === null ? '`assay detectors list` shows all' : `did you mean ${meant}?`;
    throw new AssayError('usage', `detectors show: there is no detector ${id}; ${hint}`);
  }
  const { stringify } = await import('yaml');
  process.stdout.write(stringify(describeDetector(detector), { lineWidth: 120 }));
  return EXIT.ok;
}

function describeDetector(detector: Detector): object {
  const { validate, randomPass, counterExamples, examples: _shapes, ...data } = detector;
  return {
    ...data,
    probability: Number((1 / (1 + 2 ** -detector.bits)).toFixed(4)),
    ...(validate === undefined ? {} : { validator: validate.name || 'yes' }),
    ...(randomPass === undefined ? {} : { randomPass }),
    silentOn: Object.keys(counterExamples),
  };
}

function columns(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
