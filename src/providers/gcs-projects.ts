import { AssayError, isAssayError } from '../errors.ts';
import { type GcsCalls, withQuery } from './gcs-calls.ts';
import { GCS_DISCOVERY } from './gcs-permissions.ts';
import { googleUri } from './parse-every.ts';
import type { AccountRef } from './provider.ts';

const MANAGERS = 'https://cloudresourcemanager.googleapis.com';
const PAGE_SIZE = 300;

interface Item {
  /** `folders/1` */
  name?: string;
  projectId?: string;
  state?: string;
}
interface Page {
  projects?: Item[];
  folders?: Item[];
  nextPageToken?: string;
}

/**
 * Every active project in a folder or organisation, and in the folders below it. A folder that cannot be asked is one lost
 * account, and the walk goes on beside it. Throws `AssayError` when nothing can be asked at all.
 */
export async function* listGcsProjects(
  calls: GcsCalls,
  top: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<AccountRef> {
  const { managementEndpoint } = calls.options;
  if (calls.isCustom && managementEndpoint == null) {
    throw new AssayError(
      'usage',
      `target gs://: ${calls.base} has no folders and organisations; name the project, or give --gcs-management-endpoint`,
    );
  }
  const base = (managementEndpoint ?? MANAGERS).replace(/\/+$/, '');
  const parents = new Set([top]);
  // A set is walked in the order of its making, with what is added meanwhile.
  for (const parent of parents) {
    const failures: AssayError[] = [];
    const ask = async (what: 'projects' | 'folders'): Promise<Item[]> => {
      try {
        return await childrenOf(calls, base, parent, what, signal);
      } catch (error) {
        if (!isAssayError(error) || error.code === 'bad-credentials' || error.code === 'cancelled') throw error;
        failures.push(error);
        return [];
      }
    };
    for (const { projectId, state } of await ask('projects')) {
      if (state !== 'ACTIVE') continue;
      if (projectId === undefined) throw withoutName('projects', parent);
      yield { account: projectId, uri: googleUri(projectId) };
    }
    for (const { name, state } of await ask('folders')) {
      if (state !== 'ACTIVE') continue;
      if (name === undefined) throw withoutName('folders', parent);
      parents.add(name);
    }
    const [lost, other] = failures;
    if (lost === undefined) continue;
    const { code, operation = '', permission = '' } = lost;
    const message = other === undefined ? lost.message : `${lost.message}; ${other.message}`;
    yield {
      account: '',
      uri: googleUri(parent),
      lost: new AssayError(code, message, { cause: lost, operation, permission }),
    };
  }
}

async function childrenOf(
  calls: GcsCalls,
  base: string,
  parent: string,
  what: 'projects' | 'folders',
  signal: AbortSignal | undefined,
): Promise<Item[]> {
  const { call, permission } = GCS_DISCOVERY[what];
  const items: Item[] = [];
  let pageToken: string | null = null;
  do {
    const url = withQuery(`${base}/v3/${what}`, { parent, pageSize: PAGE_SIZE, pageToken });
    const page: Page = await calls.json<Page>({ name: call, bucket: googleUri(parent), permission }, url, signal);
    items.push(...(page[what] ?? []));
    const next: string | null = page.nextPageToken || null;
    if (next !== null && next === pageToken) {
      throw new AssayError('listing-failed', `${call} of ${parent}: a page names itself as the next one`);
    }
    pageToken = next;
  } while (pageToken !== null);
  return items;
}

function withoutName(what: 'projects' | 'folders', parent: string): AssayError {
  const { call } = GCS_DISCOVERY[what];
  return new AssayError('listing-failed', `${call} of ${parent}: an entry has no name`, { operation: call });
}
