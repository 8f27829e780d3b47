import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/model/report.ts';
import { mask } from '../../src/scan/redact.ts';
import type { Alone } from './alone.ts';
import { ROOT, type Run, run } from './measure.ts';
import type { Planted } from './planted.ts';

export interface AssayRun extends Run {
  report: Report;
}

/** A state directory that stands already: making one is a user's first scan only, and takes as long as the file system likes. */
let home: string | undefined;

/** One `assay scan`, as users start it, of an object that is read whatever is known of it. */
export async function scanWithAssay(path: string, cores: number): Promise<AssayRun> {
  if (home === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'assay-bench-home-'));
    process.once('exit', () => rmSync(made, { recursive: true }));
    home = made;
    await scanWithAssay(smallFile(), cores);
  }
  const output = join(home, 'report.json');
  const command = ['sh', `${ROOT}script/assay`, 'scan', '--rescan', path];
  const options = ['-f', 'json', '-o', output, '--quiet', '--threads', `${cores}`, '--max-locations', '3'];
  const ended = await run([...command, ...options], { cores, env: { ASSAY_HOME: home } });
  return { ...ended, report: JSON.parse(readFileSync(output, 'utf8')) };
}

/** Which credentials are not reported at their record, or at their line where there are no records. */
export function missedBy({ findings }: Report, planted: readonly Planted[]): Planted[] {
  const found = new Set<string>();
  for (const { category, masked, locations } of findings) {
    if (category !== 'secret' && category !== 'key') continue;
    for (const { row, line } of locations) found.add(`${row ?? line} ${masked}`);
  }
  return planted.filter(({ value, place }) => !found.has(`${place} ${mask(value)}`));
}

/** A file that is scanned in no time: what a run costs before it scans anything. */
export function smallFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-bench-small-')), 'small.txt');
  writeFileSync(path, 'nothing to see here\n');
  return path;
}

/** Reading and decoding, or the whole engine, on one thread that is all of its process. */
export async function runAlone(mode: 'decode' | 'scan', path: string, ...options: string[]): Promise<Alone> {
  // As in the threads of a scan: the first thread's heap is made before `process-settings.ts` is read.
  const settings = ['--disable-warning=ExperimentalWarning', '--initial-old-space-size=64'];
  const command = [process.execPath, ...settings, `${ROOT}test/bench/alone.ts`, mode, path];
  const { stdout } = await run([...command, ...options], { cores: 1 });
  return JSON.parse(stdout);
}
