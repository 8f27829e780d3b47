/**
 * Speed of `assay scan` on one file of each format, on one core and on all: the planted keys are counted first, then the
 * time is printed. Runs are interleaved and the median is taken, since machines are shared and noisy.
 *
 *   npm run bench -- --megabytes 1000 --rounds 3 --formats jsonl,jsonl.zst,parquet --write docs/speed.md
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Report } from '../../src/model/report.ts';
import { benchFile, FORMATS, type Format, PLANTED } from './data.ts';

const root = new URL('../..', import.meta.url).pathname;
const main = join(root, 'src/cli/main.ts');

interface Run {
  seconds: number;
  /** Resident set of the whole process at its highest, MB. */
  peakMb: number;
}

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    formats: { type: 'string', default: FORMATS.join(',') },
    write: { type: 'string' },
  },
});
const bytes = Number(values.megabytes) * 1_000_000;
const formats = values.formats
  .split(',')
  .filter((name): name is Format => (FORMATS as readonly string[]).includes(name));
const rows: string[] = [];
const small = await tinyFile();
const start = await median(Number(values.rounds), () => scan(small, 1, 0));
for (const format of formats) {
  const { path, decodedBytes } = await benchFile(format, bytes);
  const one: Run[] = [];
  const all: Run[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    one.push(await scan(path, 1, PLANTED));
    all.push(await scan(path, availableParallelism(), PLANTED));
  }
  const rate = (runs: Run[]) =>
    (decodedBytes / 1e6 / middle(runs.map((run) => run.seconds - start.seconds))).toFixed(0);
  const peak = Math.max(...one.map((run) => run.peakMb));
  const row = `| ${format} | ${rate(one)} | ${rate(all)} | ${peak} | ${Math.max(...all.map((run) => run.peakMb))} |`;
  console.log(row);
  rows.push(row);
}
const text = `# Speed

Measured ${new Date().toISOString().slice(0, 10)} at ${revision()} on ${cpus()[0]?.model.trim()}, ${availableParallelism()} shared cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}.
Whole \`assay scan\` runs over one file of ${values.megabytes} MB decoded (code and prose, ${PLANTED} planted keys, all found at their records), median of ${values.rounds},
start-up subtracted. MB/s of decoded bytes; one core means the process is pinned to it.

| format | one core, MB/s | all cores, MB/s | peak memory on one core, MB | on all, MB |
|---|---|---|---|---|
${rows.join('\n')}

Start: \`assay scan\` of one small file takes ${start.seconds.toFixed(2)} s.

Repeat it with \`npm run bench -- --megabytes ${values.megabytes}\`.
`;
console.log(text);
if (values.write !== undefined) writeFileSync(join(root, values.write), text);

/** One scan in a process of its own with a state directory of its own; throws unless it finds what was planted. */
async function scan(path: string, cores: number, planted: number): Promise<Run> {
  const home = mkdtempSync(join(tmpdir(), 'assay-bench-home-'));
  const output = join(home, 'report.json');
  const args = [
    main,
    'scan',
    path,
    '-f',
    'json',
    '-o',
    output,
    '--quiet',
    '--threads',
    String(cores),
    '--max-locations',
    '1',
  ];
  const command = cores === 1 ? ['taskset', '-c', '0', process.execPath] : [process.execPath];
  const began = performance.now();
  const child = spawn(command[0] as string, [...command.slice(1), '--disable-warning=ExperimentalWarning', ...args], {
    env: { ...process.env, ASSAY_HOME: home },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let peakKb = 0;
  const sample = setInterval(() => {
    peakKb = Math.max(peakKb, peakOf(child.pid as number));
  }, 50);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  const seconds = (performance.now() - began) / 1000;
  clearInterval(sample);
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  rmSync(home, { recursive: true });
  if (code !== 0) throw new Error(`scan of ${path} ended with ${code}`);
  const found = report.findings.filter((finding) => finding.issuer === 'gitlab').length;
  if (found !== planted) throw new Error(`scan of ${path} found ${found} of ${planted} planted keys`);
  return { seconds, peakMb: Math.round(peakKb / 1024) };
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function tinyFile(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-bench-tiny-')), 'small.txt');
  writeFileSync(path, 'nothing to see here\n');
  return path;
}

async function median(rounds: number, run: () => Promise<Run>): Promise<Run> {
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await run());
  return { seconds: middle(runs.map((each) => each.seconds)), peakMb: Math.max(...runs.map((each) => each.peakMb)) };
}

function middle(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}

function revision(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
}
