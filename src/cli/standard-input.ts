import { rmSync } from 'node:fs';
import { mkdtemp, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AssayError } from '../errors.ts';
import type { Target } from '../model/object.ts';
import { isStandardInput } from '../providers/parse-target.ts';

/**
 * Runs with standard input, where it is a target, as a file that only the caller can read: formats are read from their
 * end, and large ones in parts. The file is gone when this returns. Throws `AssayError`: `usage` when it is named twice,
 * `cancelled`, `internal` when there is no room for it.
 */
export async function withStandardInput<T>(
  targets: Target[],
  signal: AbortSignal,
  run: (targets: Target[]) => Promise<T>,
  input: Readable = process.stdin,
): Promise<T> {
  const count = targets.filter(isStandardInput).length;
  if (count === 0) return run(targets);
  if (count > 1) throw new AssayError('usage', 'standard input can only be read once, and "-" is a target twice');
  const folder = await mkdtemp(join(tmpdir(), 'assay-stdin-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A second interrupt ends the process without coming back here.
  process.once('exit', remove);
  try {
    const copied = targets.map((target) => (isStandardInput(target) ? inFolder(target, folder) : target));
    await copy(input, join(folder, 'stdin'), signal);
    return await run(copied);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function inFolder(target: Target, folder: string): Target {
  return { ...target, bucket: { ...target.bucket, name: folder } };
}

async function copy(input: Readable, path: string, signal: AbortSignal): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await pipeline(input, file.createWriteStream(), { signal });
  } catch (error) {
    if (signal.aborted) throw new AssayError('cancelled', 'standard input: interrupted');
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const words = `standard input: cannot be copied to ${tmpdir()} (${code}); TMPDIR names another place`;
    throw new AssayError('internal', words, { cause: error });
  }
}
