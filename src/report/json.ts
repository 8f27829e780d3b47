import type { Report } from '../model/report.ts';

/** `assay.report/v1` as the contract has it, indented. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
