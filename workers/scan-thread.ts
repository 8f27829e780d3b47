import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { AssayError, isAssayError } from '../src/errors.ts';
import type { ObjectScan } from '../src/model/finding.ts';
import type { ProviderName } from '../src/model/object.ts';
import { openProvider } from '../src/providers/open-provider.ts';
import type { Provider } from '../src/providers/provider.ts';
import { createScanner, type Scanner } from '../src/scan/scanner.ts';
import { loadDetectorSet } from './detector-set.ts';
import { type HashingSource, hashingSource } from './hashing-source.ts';
import { storeRequests } from './open-providers.ts';
import { outcomeOfError, placeOfError } from './outcome-of-error.ts';
import { planRanges } from './plan-ranges.ts';
import { withPulse } from './pulse.ts';
import { emptyScan, type Reply, type ScanTask, type ThreadApi, type ThreadData } from './thread-protocol.ts';

/** Small objects of one message are read side by side, since each waits for its store most of the time. */
const READ_AT_ONCE = 8;
const ROOT = new URL('../', import.meta.url).pathname;

const { fingerprintKey, providerOptions, ownDetectors } = workerData as ThreadData;
const detectorSet = loadDetectorSet(ownDetectors);
const providers = new Map<ProviderName, Promise<Provider>>();
const opened = new Map<ProviderName, Provider>();
let scanner: Promise<Scanner> | undefined;
// Loads and compiles while the first message is still under way; a failure is met again by that message.
// The end of a thread does not write the compile cache.
ready().then(
  () => flushCompileCache(),
  () => {},
);

function ready(): Promise<Scanner> {
  scanner ??= detectorSet.then(({ detectors }) =>
    createScanner(detectors, Buffer.from(fingerprintKey.buffer, fingerprintKey.byteOffset, fingerprintKey.byteLength)),
  );
  return scanner;
}

async function scannerFor(asked: string): Promise<Scanner> {
  const { digest } = await detectorSet;
  if (digest !== asked) {
    throw new AssayError('internal', `scanning thread: detector set ${asked} was asked for, ${digest} is here`);
  }
  return ready();
}

function providerOf(name: ProviderName): Promise<Provider> {
  let provider = providers.get(name);
  if (provider === undefined) {
    provider = openProvider(name, providerOptions);
    providers.set(name, provider);
    provider.then(
      (one) => opened.set(name, one),
      () => {},
    );
  }
  return provider;
}

async function scanOne(scanner: Scanner, task: ScanTask): Promise<ObjectScan> {
  const { object, limits, maxLocations, range, hash } = task;
  const deadline = limits.maxObjectMs > 0 ? AbortSignal.timeout(limits.maxObjectMs) : undefined;
  try {
    const provider = await providerOf(object.bucket.provider);
    const source = await provider.openObject(object, deadline);
    try {
      const hashing = hash ? hashingSource(source) : null;
      const scan = await scanner.scanObject({
        source: hashing?.source ?? source,
        key: object.key,
        limits,
        maxLocations,
        ...(deadline === undefined ? {} : { signal: deadline }),
        ...(range === undefined ? {} : { range }),
      });
      if (hashing !== null) await addHash(scan, hashing, deadline);
      await source.verify();
      return scan;
    } finally {
      await source.close();
    }
  } catch (error) {
    const shownKey = scanner.maskName(object.key);
    if (deadline?.aborted === true) return emptyScan('failed:timeout', shownKey);
    const outcome = outcomeOfError(error);
    return emptyScan(outcome, shownKey, outcome === 'failed:internal' ? { [placeOfError(error, ROOT)]: 1 } : {});
  }
}

/** Whatever the outcome, all stored bytes are hashed; only an object whose time is over is left without. */
async function addHash(scan: ObjectScan, hashing: HashingSource, deadline: AbortSignal | undefined): Promise<void> {
  try {
    const { sha256, bytesRead } = await hashing.finish();
    scan.sha256 = sha256;
    scan.bytesRead += bytesRead;
  } catch (error) {
    if (deadline?.aborted !== true) throw error;
    if (scan.outcome === 'complete') scan.outcome = 'partial:time-limit';
  }
}

/** Only what breaks the thread itself may reject: see `ThreadApi`. */
async function reply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: isAssayError(error) ? error.message : placeOfError(error, ROOT) };
  }
}

export const scan: ThreadApi['scan'] = async ({ tasks, pulse }) => {
  // A thread works on one message at a time.
  const before = storeRequests(opened);
  const answer = await reply(() => withPulse(pulse, () => scanAll(tasks)));
  return { ...answer, requests: storeRequests(opened) - before };
};

async function scanAll(tasks: ScanTask[]): Promise<ObjectScan[]> {
  const results: ObjectScan[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      const task = tasks[index] as ScanTask;
      results[index] = await scanOne(await scannerFor(task.detectorSet), task);
    }
  };
  await Promise.all(Array.from({ length: Math.min(READ_AT_ONCE, tasks.length) }, lane));
  return results;
}

export const plan: ThreadApi['plan'] = ({ object }) =>
  reply(async () => {
    try {
      const source = await (await providerOf(object.bucket.provider)).openObject(object);
      try {
        return await planRanges(source, object.key);
      } finally {
        await source.close();
      }
    } catch {
      // Not splittable as far as is known; the scan of the whole object meets the same error and names it.
      return null;
    }
  });

export const maskKeys: ThreadApi['maskKeys'] = (keys) =>
  reply(async () => {
    const { maskName } = await ready();
    return keys.map((key) => maskName(key));
  });
