import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh directory that is gone after the test. */
export function temporaryDir(): { path: string; remove(): Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), 'assay-store-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
