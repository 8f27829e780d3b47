/** Speed of `assay scan` and of the engine alone on one file of each format; what was planted is found before a time counts. */
import { availableParallelism } from 'node:os';
import type { Alone } from './alone.ts';
import { type AssayRun, missedBy, runAlone, scanWithAssay, smallFile } from './assay.ts';
import { type BenchFile, benchFile, FORMATS, type Format } from './data.ts';
import { middle, tableOf } from './measure.ts';
import { PLANTED } from './planted.ts';
import type { Section, Settings } from './settings.ts';

/** Of `PLANTED`, in every format. */
const LEAST_FOUND = 495;

export async function formatsSection({ bytes, rounds, formats }: Settings): Promise<Section> {
  const start = await repeated(rounds, () => scanWithAssay(small, 1));
  const startSeconds = middle(start, ({ seconds }) => seconds);
  const startCpu = middle(start, ({ cpuSeconds }) => cpuSeconds);
  const rows: (string | number)[][] = [];
  for (const format of formats) {
    const file = await benchFile(format, bytes);
    const runs = await measureFormat(file, rounds);
    const rate = (seconds: number): string => (file.decodedBytes / 1e6 / seconds).toFixed(0);
    const aloneRate = middle(runs.alone, ({ cpuMs }) => cpuMs / 1000);
    const floor = middle(runs.floor, ({ cpuMs }) => cpuMs / 1000);
    rows.push([
      format,
      rate(middle(runs.one, ({ cpuSeconds }) => cpuSeconds - startCpu)),
      rate(middle(runs.all, ({ seconds }) => seconds - startSeconds)),
      rate(aloneRate),
      rate(floor),
      (aloneRate / floor).toFixed(1),
      runs.found,
      Math.max(...runs.one.map(({ peakMb }) => peakMb)),
      Math.max(...runs.all.map(({ peakMb }) => peakMb)),
      Math.max(...runs.alone.map(({ peakMb }) => peakMb)),
    ]);
    console.error(rows.at(-1)?.join(' | '));
  }
  const head = [
    'format',
    'one core',
    `${availableParallelism()} cores`,
    'engine alone',
    'floor',
    'engine ÷ floor, time',
    `found of ${PLANTED}`,
    'peak MB, one core',
    'all cores',
    'engine alone',
  ];
  return {
    heading: 'By format',
    body: `MB/s of decoded bytes: code and prose of some ${bytes / 1e6} MB in each file, ${PLANTED} planted credentials of 25 kinds counted at their
record (in \`txt\` and \`js\` at their line) before a time counts; medians of ${rounds} interleaved rounds. One core: \`assay scan\` pinned to it, processor time of all
its threads without that of a scan of one small file; on a quiet machine this is the wall clock. All cores: wall clock, without the start. Engine
alone: one thread that reads, decodes and scans, without ledger, queue and report. Floor: the same reads and codecs, and nothing is looked for.

${tableOf(head, rows)}

Start: \`assay scan\` of one small file takes ${startSeconds.toFixed(2)} s (${startCpu.toFixed(2)} s of processor time) on one core, and ${Math.max(...start.map(({ peakMb }) => peakMb))} MB.`,
  };
}

const small = smallFile();

interface FormatRuns {
  one: AssayRun[];
  all: AssayRun[];
  alone: Alone[];
  floor: Alone[];
  found: number;
}

async function measureFormat({ path, planted }: BenchFile, rounds: number): Promise<FormatRuns> {
  const runs: FormatRuns = { one: [], all: [], alone: [], floor: [], found: PLANTED };
  for (let round = 0; round < rounds; round++) {
    runs.one.push(await scanWithAssay(path, 1));
    runs.all.push(await scanWithAssay(path, availableParallelism()));
    runs.alone.push(await runAlone('scan', path));
    runs.floor.push(await runAlone('decode', path));
  }
  for (const { report } of [...runs.one, ...runs.all]) {
    const missed = missedBy(report, planted);
    runs.found = Math.min(runs.found, PLANTED - missed.length);
    if (runs.found < LEAST_FOUND) {
      const classes = new Set(missed.map(({ kind, way }) => `${kind} (${way})`));
      throw new Error(`${path}: ${runs.found} of ${PLANTED} found; missed ${[...classes].join(', ')}`);
    }
  }
  return runs;
}

async function repeated<T>(rounds: number, once: () => Promise<T>): Promise<T[]> {
  const runs: T[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await once());
  return runs;
}

export function formatsOf(names: string): Format[] {
  return FORMATS.filter((format) => names === '' || names.split(',').includes(format));
}
