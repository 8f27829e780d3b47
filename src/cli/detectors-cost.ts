import { randomBytes } from 'node:crypto';
import type { Detector } from '../../detectors/detector.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import type { ObjectScan } from '../model/finding.ts';
import { DEFAULT_LIMITS } from '../model/limits.ts';
import { FilesystemProvider } from '../providers/filesystem.ts';
import { parseTarget } from '../providers/parse-target.ts';
import { STAGES } from '../scan/cost-meter.ts';
import { MeteredScanner } from '../scan/metered-scanner.ts';
import { createScanner, type Scanner } from '../scan/scanner.ts';
import { showTriggers } from '../scan/show-trigger.ts';
import { usedDetectors } from './detectors.ts';
import type { OwnOptions } from './detectors-command.ts';
import { type CostReport, type DetectorPrice, priceOf, showCost } from './show-cost.ts';

/** A small file is scanned again until so much time has been measured; the first round is slower than all others. */
const LEAST_MS = 2000;
/** Unless they take too long: the middle one of fewer is as likely to be disturbed. */
const LEAST_ROUNDS = 3;
const MOST_MS = 10_000;
const MAX_ROUNDS = 100;

/** What each detector costs on one file, on one thread: scanned as it is, then with a clock. */
export async function costDetectors(
  options: OwnOptions & { on: string; top: number; format: 'text' | 'json' },
): Promise<ExitCode> {
  const { detectors } = await usedDetectors(options);
  const report = await measureCost(detectors, options.on);
  process.stdout.write(
    options.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : showCost(report, options.top),
  );
  return EXIT.ok;
}

async function measureCost(detectors: readonly Detector[], file: string): Promise<CostReport> {
  const key = randomBytes(32);
  const plain = await scanFile(createScanner(detectors, key), file);
  const metered = new MeteredScanner(detectors, key);
  const { scan, bestMs } = await scanFile(metered, file, (round) => metered.nextRound(round < 2));
  const bytes = scan.bytesScanned;
  if (bytes === 0) throw new AssayError('usage', `detectors cost: ${file} holds no text (${scan.outcome})`);
  const { detectors: costs, numbers, shared, seen, states } = metered.cost(bestMs - plain.bestMs);
  const megabytes = bytes / 1e6;
  const all = [shared, numbers, ...costs];
  const stageMs = STAGES.map((stage) => all.reduce((sum, { ms }) => sum + ms[stage], 0));
  const totalMs = stageMs.reduce((sum, ms) => sum + ms, 0);
  const triggers = showTriggers(detectors);
  const prices = detectors.map((detector, row): DetectorPrice => {
    return {
      id: detector.id,
      ...priceOf(costs[row] ?? numbers, megabytes, totalMs),
      triggers: (triggers[row] ?? []).map(({ text, piece, id }) => {
        return { text, piece, seenPerMb: id === null ? null : round((seen[id] ?? 0) / megabytes) };
      }),
    };
  });
  return {
    file,
    format: scan.format,
    outcome: scan.outcome,
    bytes: scan.bytesScanned,
    megabytesPerSecond: round(scan.bytesScanned / 1000 / plain.bestMs),
    plan: { detectors: detectors.length, triggers: seen.length, states },
    stages: STAGES.map((stage, at) => {
      const ms = stageMs[at] ?? 0;
      return { stage, microsecondsPerMb: round((1000 * ms) / megabytes), share: share(ms / totalMs) };
    }),
    numbers: priceOf(numbers, megabytes, totalMs),
    detectors: prices.sort((a, b) => b.microsecondsPerMb - a.microsecondsPerMb || (a.id < b.id ? -1 : 1)),
  };
}

interface Rounds {
  /** What the last one gave. */
  scan: ObjectScan;
  bestMs: number;
}

async function scanFile(scanner: Scanner, file: string, beforeRound = (_: number) => {}): Promise<Rounds> {
  const provider = new FilesystemProvider();
  const object = await onlyObject(provider, file);
  let allMs = 0;
  let bestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; ; round++) {
    beforeRound(round);
    const source = await provider.openObject(object);
    try {
      const began = performance.now();
      const scan = await scanner.scanObject({ source, key: object.key, limits: DEFAULT_LIMITS, maxLocations: 100 });
      const ms = performance.now() - began;
      if (round === 0 && ms < LEAST_MS) continue;
      allMs += ms;
      bestMs = Math.min(bestMs, ms);
      const isEnough = round >= LEAST_ROUNDS ? allMs >= LEAST_MS : allMs >= MOST_MS;
      if (isEnough || round === MAX_ROUNDS) return { scan, bestMs };
    } finally {
      await source.close();
    }
  }
}

async function onlyObject(provider: FilesystemProvider, file: string) {
  const target = parseTarget(file, process.cwd());
  if (target.bucket.provider !== 'filesystem' || file === '-') {
    throw new AssayError('usage', `detectors cost: ${file} is not a file of this machine; copy it here`);
  }
  for await (const { objects, cursor } of provider.listObjects(target, null)) {
    const [object] = objects;
    if (object !== undefined && objects.length === 1 && cursor === null && object.skip === undefined) return object;
    if (objects.length > 0) throw new AssayError('usage', `detectors cost: ${file} is not one file`);
  }
  throw new AssayError('not-found', `detectors cost: there is no file ${file}`);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function share(value: number): number {
  return Number(value.toFixed(4));
}
