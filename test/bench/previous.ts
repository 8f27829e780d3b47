/**
 * The engine of this tree beside that of the commit before it, on the same bytes in turn: a report, which never fails and
 * ends within `--seconds`. Builds nothing: the commit is unpacked beside the packages of this tree.
 *
 *   node test/bench/previous.ts --seconds 120 [--commit HEAD~1]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runAlone } from './assay.ts';
import { benchFile, type Format } from './data.ts';
import { circumstances, median, ROOT, tableOf } from './measure.ts';

const FORMATS = ['jsonl', 'parquet', 'txt'] as const satisfies Format[];
const MAX_ROUNDS = 7;

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '120' },
    commit: { type: 'string', default: 'HEAD~1' },
  },
});
const deadline = performance.now() + Number(values.seconds) * 1000;
const before = mkdtempSync(join(tmpdir(), 'assay-bench-before-'));
try {
  console.log(await compare());
} catch (error) {
  console.log(`speed: not compared with ${values.commit}: ${error instanceof Error ? error.message : error}`);
} finally {
  rmSync(before, { recursive: true });
}

async function compare(): Promise<string> {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', args, { cwd: ROOT, maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'pipe'] });
  const revision = git('rev-parse', '--short', '--verify', values.commit).toString().trim();
  execFileSync('tar', ['-x', '-C', before], { input: git('archive', revision) });
  symlinkSync(join(ROOT, 'node_modules'), join(before, 'node_modules'));
  const files = new Map(
    await Promise.all(
      FORMATS.map(async (format) => [format, await benchFile(format, Number(values.megabytes) * 1_000_000)] as const),
    ),
  );
  const rates = FORMATS.map((): { old: number[]; now: number[] } => ({ old: [], now: [] }));
  let longestMs = 0;
  for (let round = 0; round < MAX_ROUNDS && performance.now() + longestMs < deadline; round++) {
    const began = performance.now();
    for (const [at, format] of FORMATS.entries()) {
      const { path = '', decodedBytes = 0 } = files.get(format) ?? {};
      const rate = async (root: string): Promise<number> =>
        decodedBytes / 1000 / (await runAlone('scan', path, '--root', root)).cpuMs;
      rates[at]?.old.push(await rate(before));
      rates[at]?.now.push(await rate(ROOT));
    }
    longestMs = Math.max(longestMs, performance.now() - began);
  }
  const rows = FORMATS.map((format, at) => {
    const { old = [], now = [] } = rates[at] ?? {};
    const ratio = median(now.map((rate, round) => rate / (old[round] ?? rate)));
    return [format, median(old).toFixed(0), median(now).toFixed(0), ratio.toFixed(2)];
  });
  const rounds = rates[0]?.now.length ?? 0;
  const head = ['format', `${revision}, MB/s`, 'this tree, MB/s', 'ratio'];
  return `Speed of the engine alone, processor time, medians of ${rounds} rounds. ${circumstances()}\n\n${tableOf(head, rows)}`;
}
