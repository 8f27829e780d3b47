import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../errors.ts';

/**
 * One process at a time on a state directory: two on one database lose each other's rows without an error. The lock is
 * the kernel's (SQLite's on an empty database file), so it ends with its process, however that ends; SQLite also
 * refuses a second holder within one process, which the kernel alone would not.
 * @throws AssayError `state-locked` when another holds it
 */
export function lockState(stateDir: string): { release(): void } {
  const holderFile = join(stateDir, 'lock.pid');
  const database = new DatabaseSync(join(stateDir, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw unusable(stateDir, error);
    throw new AssayError(
      'state-locked',
      `The state directory ${stateDir} is in use by ${holder(holderFile)}. Wait until it has ended, or give this one its own directory with ASSAY_HOME.`,
      { cause: error },
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** Only for the message: the number may be of a process that has ended, never reason to take the lock. */
function holder(file: string): string {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (pid === process.pid) return 'this process already';
    if (pid > 0) return `another assay process (pid ${pid})`;
  } catch {
    // Written just after the lock is taken: it may not be there yet.
  }
  return 'another assay process';
}

function unusable(stateDir: string, cause: unknown): AssayError {
  return new AssayError('state-unusable', `The lock file in the state directory ${stateDir} cannot be used.`, {
    cause,
  });
}
