/** Assay beside other scanners, on the same bytes and one core each, the credentials that each finds beside the time. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { missedBy, scanWithAssay, smallFile } from './assay.ts';
import { type BenchFile, benchFile, type Format } from './data.ts';
import { middle, ROOT, type Run, run, tableOf } from './measure.ts';
import { PEERS, type Peer, placesOf } from './peer-tools.ts';
import { PLANTED } from './planted.ts';
import type { Section, Settings } from './settings.ts';

/** Timed in all rounds. */
const TIMED = ['jsonl', 'txt'] as const satisfies Format[];
/** Read once, for what is found. */
const PACKED = ['parquet', 'jsonl.zst', 'jsonl.gz'] as const satisfies Format[];

interface Contestant {
  label: string;
  megabytes: number;
  note: string | null;
  /** It looks for something else. */
  isTimedOnly: boolean;
  scan(path: string, isPacked: boolean): Promise<Run & { finds(file: BenchFile): number | null }>;
}

interface Figures {
  contestant: Contestant;
  start: Run;
  runs: Map<Format, { run: Run; found: number | null; megabytes: number }[]>;
}

export async function peersSection({ bytes, rounds, peers }: Settings): Promise<Section> {
  const small = smallFile();
  const figures: Figures[] = [];
  for (const contestant of [assay(), ...PEERS.flatMap((peer) => contestantsOf(peer, peers))]) {
    await contestant.scan(small, false);
    figures.push({ contestant, start: await contestant.scan(small, false), runs: new Map() });
  }
  for (let round = 0; round < rounds; round++) {
    for (const format of [...TIMED, ...(round === 0 ? PACKED : [])]) {
      for (const each of figures) await measure(each, format, bytes);
    }
  }
  const rows = figures.map(rowOf);
  const notes = figures.flatMap(({ contestant: { label, note } }) => (note === null ? [] : [`${label}: ${note}.`]));
  const head = [
    'scanner',
    'MB',
    'start, s',
    ...TIMED.flatMap((format) => [`${format}, MB/s`, 'whole run, s', 'found']),
  ];
  return {
    heading: 'Side by side',
    body: `The same files for all, one core each, medians of ${rounds} interleaved rounds. MB/s are of decoded bytes and of processor time, without that of a
run on a small file (start: wall clock of such a run); on a quiet machine that is the wall clock, which stands beside it. Found: of ${PLANTED} planted
credentials of 25 kinds that most scanners know, each bare on a line, in two kinds of assignment and in JSON inside the text; Assay's count only at
their record or line. Who is slow gets a smaller file with as many planted. Verification on the network is off everywhere.

${tableOf([...head, ...PACKED.map((format) => `found in ${format}`), 'peak MB'], rows)}

${notes.join(' ')}`,
  };
}

async function measure({ contestant, runs }: Figures, format: Format, bytes: number): Promise<void> {
  const isPacked = (PACKED as readonly Format[]).includes(format);
  if (isPacked && contestant.isTimedOnly) return;
  const file = await benchFile(format, Math.min(bytes, contestant.megabytes * 1_000_000));
  const ended = await contestant.scan(file.path, isPacked);
  const one = { run: ended, found: ended.finds(file), megabytes: file.decodedBytes / 1e6 };
  console.error(`${contestant.label} ${format}: ${ended.seconds} s, ${ended.cpuSeconds.toFixed(2)} s, ${one.found}`);
  runs.set(format, [...(runs.get(format) ?? []), one]);
}

function rowOf({ contestant, start, runs }: Figures): (string | number)[] {
  const all = [...runs.values()].flat();
  const timed = TIMED.flatMap((format) => {
    const each = runs.get(format) ?? [];
    const rate = middle(each, ({ run: { cpuSeconds }, megabytes }) => megabytes / (cpuSeconds - start.cpuSeconds));
    return [number(rate), number(middle(each, ({ run: { seconds } }) => seconds)), each[0]?.found ?? '–'];
  });
  const packed = PACKED.map((format) => runs.get(format)?.[0]?.found ?? '–');
  const megabytes = Math.round(all[0]?.megabytes ?? 0);
  return [contestant.label, megabytes, number(start.seconds), ...timed, ...packed, peakOf(all.map((one) => one.run))];
}

function peakOf(runs: readonly Run[]): number {
  return Math.max(...runs.map(({ peakMb }) => peakMb));
}

function number(value: number): string {
  if (!(value > 0)) return '–';
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

function assay(): Contestant {
  return {
    label: `**Assay** ${JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version}`,
    megabytes: Number.POSITIVE_INFINITY,
    note: null,
    isTimedOnly: false,
    async scan(path) {
      const ended = await scanWithAssay(path, 1);
      return { ...ended, finds: ({ planted }) => planted.length - missedBy(ended.report, planted).length };
    },
  };
}

/** One for each place where a program is installed: there may be several versions. */
function contestantsOf(peer: Peer, folder: string | undefined): Contestant[] {
  return placesOf(peer, folder).map((program) => {
    return {
      label: `${peer.name} ${versionOf(peer, program)}`.trim(),
      isTimedOnly: peer.shown === null,
      megabytes: peer.megabytes,
      note: peer.note ?? null,
      scan: (path, isPacked) => scanWith(peer, program, path, isPacked),
    };
  });
}

/** Programs that `go install` built do not know theirs. */
function versionOf({ version }: Peer, program: string): string {
  const number = /\d+(?:\.\d+)+/;
  const said = number.exec(execFileSync(program, version, { encoding: 'utf8' }))?.[0];
  if (said !== undefined) return said;
  const built = execFileSync('go', ['version', '-m', program], { encoding: 'utf8' });
  return /\n\s*mod\s+\S+\s+v(\S+)/.exec(built)?.[1] ?? '';
}

async function scanWith(peer: Peer, program: string, path: string, isPacked: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-peer-'));
  const report = join(folder, 'report');
  const { startedIn } = peer;
  // A program in node_modules/.bin finds its packages from the folder that holds node_modules.
  const packages = dirname(dirname(dirname(program)));
  const cwd = startedIn === 'data' ? dirname(path) : startedIn === 'packages' ? packages : folder;
  try {
    const { ok, env = {} } = peer;
    const ended = await run([program, ...peer.args(path, report, isPacked)], { cores: 1, ok, env, cwd });
    const written = existsSync(report) ? readFileSync(report, 'utf8') : ended.stdout;
    const { shown, findings = (all: string) => all } = peer;
    const text = findings(written);
    return {
      ...ended,
      stdout: '',
      finds: ({ planted }: BenchFile) =>
        shown === null ? null : planted.filter(({ value }) => text.includes(shown(value))).length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
