import { readdir } from 'node:fs/promises';
import { assembleCatalog } from './assemble-catalog.ts';
import type { Detector } from './detector.ts';

const FOLDERS = ['secrets', 'keys', 'pii'];

/**
 * Every detector of the folders, sorted by id. Throws `Error` when two share an id or a file exports none. In the bundle
 * a generated module stands in the place of this one (`script/bundle.ts`).
 */
export async function loadCatalog(): Promise<Detector[]> {
  const modules: [string, unknown][] = [];
  for (const path of await catalogFiles()) {
    const module: { default?: unknown } = await import(new URL(path, import.meta.url).href);
    modules.push([path, module.default]);
  }
  return assembleCatalog(modules);
}

/** The files of the folders, as this one would import them. */
export async function catalogFiles(): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of FOLDERS) {
    const files = await readdir(new URL(`${folder}/`, import.meta.url), { recursive: true });
    for (const file of files.sort()) if (isModule(file)) paths.push(`./${folder}/${file.replaceAll('\\', '/')}`);
  }
  return paths;
}

function isModule(file: string): boolean {
  return (file.endsWith('.ts') && !file.endsWith('.d.ts')) || file.endsWith('.js');
}
