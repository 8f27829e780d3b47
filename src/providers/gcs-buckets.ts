import { AssayError } from '../errors.ts';
import type { BucketRef } from '../model/object.ts';
import { type GcsCalls, withQuery } from './gcs-calls.ts';

const CALL = 'storage.buckets.list';
const PAGE_SIZE = 1000;

interface Page {
  items?: { name?: string }[];
  nextPageToken?: string;
}

/** Every bucket of a project. Throws `AssayError`. */
export async function* listGcsBuckets(
  calls: GcsCalls,
  project: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<BucketRef[]> {
  const operation = { name: CALL, bucket: `gs://?project=${project}`, permission: CALL };
  let token: string | null = null;
  do {
    const url = withQuery(`${calls.base}/storage/v1/b`, {
      project,
      maxResults: calls.options.pageSize ?? PAGE_SIZE,
      pageToken: token,
      userProject: calls.options.userProject,
    });
    const page: Page = await calls.json<Page>(operation, url, signal);
    yield (page.items ?? []).map(({ name }): BucketRef => {
      if (name === undefined) throw new AssayError('listing-failed', `${CALL} of ${project}: an entry has no name`);
      return { provider: 'gcs', uri: `gs://${name}`, name };
    });
    const next: string | null = page.nextPageToken || null;
    if (next !== null && next === token) {
      throw new AssayError('listing-failed', `${CALL} of ${project}: a page names itself as the next one`);
    }
    token = next;
  } while (token !== null);
}
