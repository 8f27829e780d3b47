import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Machines are slow and loaded: this only ends what would be waited for without end. */
const LIMIT_MS = 5 * 60_000;

/** The same, or an error that names what was waited for. */
export async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${LIMIT_MS / 1000} s for ${what}`)), LIMIT_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks until it is so, or throws an error that names what was waited for. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await inTime(what, Promise.resolve(isSo())))) {
    if (performance.now() > end) throw new Error(`waited ${LIMIT_MS / 1000} s for ${what}`);
    await sleep(25);
  }
}

export function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** When a process has ended; its code. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (!isRunning(child)) return child.exitCode;
  const [code] = await inTime(`the end of ${child.spawnfile} (pid ${child.pid})`, once(child, 'exit'));
  return code as number | null;
}
