/**
 * A process that reads, decodes and scans one file on its only thread, without ledger, queue or report: the engine apart
 * from the program around it. Prints what `Alone` says, of the second of two rounds.
 *
 *   taskset -c 0 node test/bench/alone.ts decode|scan FILE [--issuers N] [--root DIR]
 */
import '../../workers/process-settings.ts';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type * as Catalog from '../../detectors/catalog.ts';
import type * as DecodeObject from '../../src/decode/decode-object.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type * as FileSources from '../../src/providers/file-source.ts';
import type * as Scanners from '../../src/scan/scanner.ts';

export interface Alone {
  /** Compiling the catalogue. */
  compileMs: number;
  /** Processor time of the process, all its threads. */
  cpuMs: number;
  bytes: number;
  outcome: string;
  /** Secrets by detector, and entities by rows. */
  secrets: number;
  entities: Record<string, number>;
  peakMb: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { issuers: { type: 'string' }, root: { type: 'string', default: join(import.meta.dirname, '../..') } },
});
const [mode, path = ''] = positionals;
// The same bench for another revision of the code.
const from = async <T>(file: string): Promise<T> => (await import(join(resolve(values.root), file))) as T;
const { loadCatalog } = await from<typeof Catalog>('detectors/catalog.ts');
const { createScanner } = await from<typeof Scanners>('src/scan/scanner.ts');
const { decodeObject } = await from<typeof DecodeObject>('src/decode/decode-object.ts');
const { FileSource } = await from<typeof FileSources>('src/providers/file-source.ts');

const detectors = await loadCatalog();
const began = performance.now();
const key = Buffer.alloc(32, 7);
const scanner =
  values.issuers === undefined ? createScanner(detectors, key) : await withIssuers(Number(values.issuers));
const compileMs = performance.now() - began;

async function withIssuers(count: number): Promise<Scanners.Scanner> {
  const { scannerWithIssuers } = await import('./issuers.ts');
  const { issuerRows } = await import('../../detectors/issuers.ts');
  return scannerWithIssuers(detectors, key, count, issuerRows());
}

async function round(): Promise<Omit<Alone, 'compileMs' | 'peakMb'>> {
  const handle = await open(path);
  const { size } = await handle.stat();
  const file = { byteLength: size, version: '', root: '' };
  const source = new FileSource(handle, file, { requests: 0, retries: 0, bytes: 0 }, undefined);
  const before = process.cpuUsage();
  const facts = { bytes: 0, outcome: '', secrets: 0, entities: {} as Record<string, number> };
  if (mode === 'decode') {
    const { bytesScanned, outcome } = await decodeObject({ source, name: path, limits: DEFAULT_LIMITS, consume() {} });
    Object.assign(facts, { bytes: bytesScanned, outcome });
  } else {
    const scan = await scanner.scanObject({ source, key: path, limits: DEFAULT_LIMITS, maxLocations: 1 });
    Object.assign(facts, { bytes: scan.bytesScanned, outcome: scan.outcome, secrets: scan.values.length });
    for (const { entity, strong, weak } of scan.columns) {
      facts.entities[entity] = (facts.entities[entity] ?? 0) + strong.count + weak.count;
    }
  }
  const { user, system } = process.cpuUsage(before);
  await handle.close();
  return { ...facts, cpuMs: (user + system) / 1000 };
}

await round();
const last = await round();
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`${JSON.stringify({ compileMs, ...last, peakMb } satisfies Alone)}\n`);
