/** Assembles every `.wat` of the tree beside it as `.wasm`. Run after changing one; a test holds that they agree. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openWabt from 'wabt';

const root = new URL('..', import.meta.url).pathname;

export const KERNELS: readonly string[] = globSync('src/**/*.wat', { cwd: root })
  .sort()
  .map((path) => join(root, path));

/** The module that the text of a `.wat` file describes. Throws with line and column where it is wrong. */
export async function assemble(file: string): Promise<Uint8Array> {
  const wabt = await openWabt();
  const parsed = wabt.parseWat(file, readFileSync(file, 'utf8'), { simd: true, relaxed_simd: true });
  try {
    parsed.validate();
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}

export function assembledFile(file: string): string {
  return file.replace(/\.wat$/, '.wasm');
}

if (import.meta.main) for (const file of KERNELS) writeFileSync(assembledFile(file), await assemble(file));
