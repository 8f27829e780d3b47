import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../detectors/', import.meta.url));

/**
 * SHA-256 over the names and texts of all files of the catalogue: detectors, validators and tables. The bundle of the
 * program has the answer in the place of this module (`script/bundle.ts`), so that both name the same set.
 */
export async function catalogDigest(): Promise<string> {
  const files = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(paths.sort().map(async (path) => [path, await readFile(path)] as const));
  const hash = createHash('sha256');
  for (const [path, text] of texts) hash.update(`${relative(FOLDER, path)}\0${text.length}\0`).update(text);
  return hash.digest('hex');
}
