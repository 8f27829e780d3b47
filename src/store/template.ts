import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { AssayError } from '../errors.ts';
import { migrate, schemaDigest } from './migrate.ts';

/**
 * An initialised database directory to copy: making one takes 2 to 12 s, copying it 0.1 s. A template is never changed;
 * another version of PGlite or of the schema has another name.
 */

/** Tables of another owner (the queue) that a fresh database should hold too. `id` changes when they do. */
export interface TemplateStep {
  id: string;
  apply(client: { query(text: string, params?: unknown[]): Promise<{ rows: never[] }> }): Promise<unknown>;
}

/** Directory with the prepared database of this version, made now when there is none. */
export async function ensureTemplate(step?: TemplateStep): Promise<string> {
  const dir = join(
    templateRoot(),
    [NAME, await pgliteVersion(), schemaDigest(SETTINGS), ...(step === undefined ? [] : [step.id])].join('-'),
  );
  if (!existsSync(dir)) await buildTemplate(dir, step);
  return dir;
}

/** Makes a template at `dir`. Several processes may do so at once: the first to finish wins. */
export async function buildTemplate(dir: string, step?: TemplateStep): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  const building = `${dir}.${randomUUID()}`;
  try {
    // Segments of 1 MB instead of 16: the log is most of what would be copied.
    const { PGlite } = await import('@electric-sql/pglite');
    const database = await PGlite.create({ dataDir: building, initDbStartParams: ['--wal-segsize=1'] });
    const client = new PGliteClient(database);
    await migrate(client);
    await step?.apply(client);
    // Nobody creates databases here; their templates are two thirds of the files.
    await database.exec(`UPDATE pg_database SET datistemplate = false WHERE datname <> 'postgres'`);
    for (const name of ['template0', 'template1']) await database.exec(`DROP DATABASE ${name}`);
    await database.exec('CHECKPOINT');
    await database.close();
    await appendFile(join(building, 'postgresql.conf'), SETTINGS);
    await rename(building, dir).catch((error: unknown) => {
      if (!existsSync(dir)) throw error;
    });
  } catch (error) {
    throw new AssayError('state-unusable', `The embedded database could not be prepared in ${dirname(dir)}.`, {
      cause: error,
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Puts a fresh database at `dataDir`, which appears whole or not at all. */
export async function copyTemplate(dataDir: string, step?: TemplateStep): Promise<void> {
  const copying = `${dataDir}.new`;
  await rm(copying, { recursive: true, force: true });
  cpSync(await ensureTemplate(step), copying, { recursive: true }); // half the time of the asynchronous one
  await rename(copying, dataDir);
}

const NAME = 'pglite-template';
/** The default of 128 MB would in time be resident memory of every process. */
const SETTINGS = 'shared_buffers = 32MB\n';

/** PGlite takes several statements, or parameters, in different calls; a `pg` client takes either in one. */
class PGliteClient {
  readonly #database: PGlite;

  constructor(database: PGlite) {
    this.#database = database;
  }

  async query(text: string, params: unknown[] = []): Promise<{ rows: never[] }> {
    if (params.length > 0) return await this.#database.query<never>(text, params);
    const last = (await this.#database.exec(text)).at(-1);
    return { rows: (last?.rows ?? []) as never[] };
  }
}

function templateRoot(): string {
  const named = process.env.ASSAY_TEMPLATE_DIR;
  if (named) return named;
  const toolchain = fileURLToPath(new URL('../../.toolchain', import.meta.url));
  if (existsSync(toolchain)) return toolchain;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'assay');
}

async function pgliteVersion(): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  const manifest = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** Run by `script/bootstrap`: prepares this version and removes templates of other versions. */
if (import.meta.main) {
  const dir = await ensureTemplate();
  const root = dirname(dir);
  for (const name of await readdir(root)) {
    const other = join(root, name);
    if (name.startsWith(NAME) && !other.startsWith(dir)) await rm(other, { recursive: true, force: true });
  }
}
