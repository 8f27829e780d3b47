import { stringify } from 'yaml';
import { loadCatalog } from '../../detectors/catalog.ts';
import type { Detector } from '../../detectors/detector.ts';
import { type OwnDetector, withOwnDetectors } from '../../detectors/own-detector.ts';
import { closest } from '../config/closest.ts';
import { loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import type { OwnOptions } from './detectors-command.ts';
import { loadOwnDetectors } from './own-detectors.ts';

/** Folders of the user's detectors, from the flags, the environment or the configuration file. */
export function ownPaths({ detectors, config: file }: OwnOptions): readonly string[] {
  const flags = detectors === undefined ? {} : { detectors };
  return loadConfig({ flags, env: process.env, cwd: process.cwd(), file }).detectors;
}

/** What a scan with these options looks for. Throws `AssayError` `detector-invalid`. */
export async function usedDetectors(options: OwnOptions): Promise<{ detectors: Detector[]; own: OwnDetector[] }> {
  const own = await loadOwnDetectors(ownPaths(options), process.cwd());
  return { detectors: withOwnDetectors(await loadCatalog(), own), own };
}

export async function listDetectors(options: OwnOptions & { format: 'text' | 'json' }): Promise<ExitCode> {
  const { detectors } = await usedDetectors(options);
  const { format } = options;
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
export async function showDetector(id: string, options: OwnOptions): Promise<ExitCode> {
  const { detectors, own } = await usedDetectors(options);
  const detector = detectors.find((one) => one.id === id);
  if (detector === undefined) {
    const meant = closest(
      id,
      detectors.map((one) => one.id),
    );
    const hint = meant === null ? '`assay detectors list` shows all' : `did you mean ${meant}?`;
    throw new AssayError('usage', `detectors show: there is no detector ${id}; ${hint}`);
  }
  process.stdout.write(
    stringify(
      describeDetector(
        detector,
        own.find((one) => one.id === id),
      ),
      { lineWidth: 120 },
    ),
  );
  return EXIT.ok;
}

function describeDetector(detector: Detector, own: OwnDetector | undefined): object {
  const probability = Number((1 / (1 + 2 ** -detector.bits)).toFixed(4));
  if (own !== undefined) return { ...own, probability };
  const { validate, randomPass, counterExamples, examples: _shapes, ...rest } = detector;
  // What these do is said by pattern and validator.
  const { find: _find, matchAt: _match, validateDigits: _digits, counter: _counter, ...data } = rest;
  return {
    ...data,
    probability,
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
