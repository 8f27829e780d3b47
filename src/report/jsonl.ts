import { createTally } from '../classify/tally.ts';
import type { ObjectRef } from '../model/object.ts';
import type { ObjectReport, Report } from '../model/report.ts';
import type { ScanEvent, ScannedObject } from '../model/scan-event.ts';
import type { Detectors } from './summary.ts';

/** The report as one object a line, each with its `type`: scan, object, finding, bucket, coverage, result. */
export function renderJsonl(report: Report): string {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  writeScan({ schema: report.schema, ...report.scan }, write);
  for (const object of report.objects) write(jsonLine('object', object));
  writeEnd(report, write);
  return lines.join('');
}

export interface JsonlOptions {
  /** Takes one line with its line feed. */
  write: (line: string) => void;
  detectors: Detectors;
  objects: 'notable' | 'all';
  /** What the report's `scan` says beside what the events tell. */
  scan: Pick<Report['scan'], 'version' | 'targets' | 'fingerprintKeyId'>;
}

/**
 * Writes the same lines while the scan runs: `event` takes its events, `finish` the report. An object is written once,
 * when its outcome is committed; what this process did not see (an earlier run's objects, those only listed) comes at
 * the end, with findings, buckets, coverage and result.
 */
export function createJsonlWriter(options: JsonlOptions): {
  event(event: ScanEvent): void;
  finish(report: Report): void;
} {
  const { write, detectors } = options;
  const written = new Set<string>();
  let hasScan = false;
  const writeObject = (object: ObjectReport) => {
    const id = JSON.stringify([object.uri, object.version]);
    if (written.has(id)) return;
    written.add(id);
    write(jsonLine('object', object));
  };
  return {
    event(event) {
      if (event.type === 'scan') {
        const { scanId: id, startedAt, detectorSet } = event;
        writeScan({ schema: 'assay.report/v1', id, startedAt, ...options.scan, detectorSet }, write);
        hasScan = true;
      }
      if (event.type !== 'object') return;
      const object = objectLine(event.object, detectors);
      const isQuiet = object.outcome === 'complete' && object.findings === 0;
      if (options.objects === 'all' || !isQuiet) writeObject(object);
    },
    finish(report) {
      if (!hasScan) writeScan({ schema: report.schema, ...report.scan }, write);
      for (const object of report.objects) writeObject(object);
      writeEnd(report, write);
    },
  };
}

/** Alone it is judged as in the report: what a name or a whole column adds is not known before the end. */
function objectLine({ uri, version, byteLength, reused, scan }: ScannedObject, detectors: Detectors): ObjectReport {
  const bucket: ObjectRef['bucket'] = { provider: 'filesystem', uri: '', name: '' };
  const object: ObjectRef = { bucket, key: uri, version, byteLength, lastModified: '' };
  const tally = createTally(detectors, { maxLocations: 0, fingerprint: () => '' });
  const { findings, level } = tally.add({ object, outcome: scan.outcome, reused, scan });
  const { format, outcome, sha256, notes } = scan;
  return {
    ...{ uri, version, bytes: byteLength, format, outcome, reused, findings, level },
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(Object.keys(notes).length === 0 ? {} : { notes }),
  };
}

function writeScan(scan: object, write: (line: string) => void): void {
  write(jsonLine('scan', scan));
}

function writeEnd(report: Report, write: (line: string) => void): void {
  for (const finding of report.findings) write(jsonLine('finding', finding));
  for (const bucket of report.buckets) write(jsonLine('bucket', bucket));
  write(jsonLine('coverage', report.coverage));
  const { result, baseline, suppressions } = report;
  const { finishedAt, state } = report.scan;
  write(jsonLine('result', { ...result, finishedAt, state, ...(baseline && { baseline }), suppressions }));
}

function jsonLine(type: string, fields: object): string {
  return `${JSON.stringify({ type, ...fields })}\n`;
}
