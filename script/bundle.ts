/**
 * Puts the program into one folder of few modules, with the tables of the catalogue compiled: starting it then takes a
 * third of the processor time. `node script/bundle.ts FOLDER`; the sources must stay where they are, since the bundle
 * reads `.wasm`, `.tsv` and `package.json` beside them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { catalogFiles, loadCatalog } from '../detectors/catalog.ts';
import { packTables } from '../src/scan/search-tables.ts';
import { catalogDigest } from '../workers/catalog-digest.ts';

const ROOT = resolve(import.meta.dirname, '..');

const ENTRIES = {
  main: 'src/cli/main.ts',
  'scan-thread': 'workers/scan-thread.ts',
  'pglite-thread': 'src/store/pglite-thread.ts',
};

/** They have files of their own beside them, or are loaded by few commands. */
const EXTERNAL = [
  're2',
  'piscina',
  'pino',
  '@electric-sql/pglite',
  '@aws-sdk/*',
  '@azure/*',
  '@google-cloud/*',
  '@smithy/*',
];

/** What these look for lies beside the bundle; all other sources look beside themselves. */
const BESIDE_BUNDLE = ['src/store/embedded.ts', 'workers/thread-pool.ts', 'src/scan/search-tables.ts'];

/** Modules that ask folders what is there have the answer in the bundle. */
const GENERATED: Record<string, () => Promise<string>> = {
  'detectors/catalog.ts': async () => {
    const files = await catalogFiles();
    const imports = files.map((file, index) => `import d${index} from '${file}';`);
    const modules = files.map((file, index) => `['${file}', d${index}]`);
    return `import { assembleCatalog } from './assemble-catalog.ts';
${imports.join('\n')}
export const loadCatalog = async () => assembleCatalog([${modules.join(', ')}]);`;
  },
  'workers/catalog-digest.ts': async () => {
    const digest = await catalogDigest();
    return `export const catalogDigest = async () => '${digest}';`;
  },
};

function ownSources(folder: string): Plugin {
  return {
    name: 'own-sources',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const name = relative(ROOT, path);
        if (name.startsWith('node_modules')) return;
        const generated = await GENERATED[name]?.();
        return { loader: 'ts', contents: generated ?? placed(name, readFileSync(path, 'utf8'), folder) };
      });
    },
  };
}

/** The text of a source that finds what it looks for when it has become a part of the bundle. */
function placed(name: string, text: string, folder: string): string {
  const notMain = text.replaceAll('import.meta.main', 'false');
  if (BESIDE_BUNDLE.includes(name)) return notMain;
  const source = relative(folder, join(ROOT, name));
  return notMain.replaceAll('import.meta.url', `new URL(${JSON.stringify(source)}, import.meta.url).href`);
}

async function makeBundle(folder: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    external: EXTERNAL,
    plugins: [ownSources(folder)],
    // Packages in CommonJS ask for Node's own modules by it.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
    legalComments: 'none',
    logLevel: 'warning',
  });
  // The folders above may say that files are CommonJS.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'search-tables'), packTables(await loadCatalog()));
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node script/bundle.ts FOLDER');
mkdirSync(folder, { recursive: true });
await makeBundle(resolve(folder));
