import type { DetectorInfo } from '../model/detector-info.ts';
import type { Report } from '../model/report.ts';
import { FORMATS, type FormatName } from '../report/formats.ts';
import { type Output, writeWhole } from './outputs.ts';

const TERMINAL_WIDTH = 100;

/** Renders the report in every form that was asked for. */
export function writeOutputs(
  outputs: readonly Output[],
  report: Report,
  detectors: ReadonlyMap<string, DetectorInfo>,
): void {
  const { stdout } = process;
  const hasPage = outputs.some(({ format }) => format === 'html');
  for (const { format, file } of outputs) {
    const color = file === null && stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
    const width = file === null ? Math.min(stdout.columns || TERMINAL_WIDTH, 120) : TERMINAL_WIDTH;
    const content = FORMATS[format as FormatName](report, { detectors, width, color, hasPage });
    if (file === null) stdout.write(content);
    else writeWhole(file, content);
  }
}
