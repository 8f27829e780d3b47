import { AssayError } from '../errors.ts';
import type { Target } from '../model/object.ts';

/**
 * `s3://`, `az://`, `az://account` and `gs://`: all buckets of what the identity sees, an account, or a project, folder or
 * organisation of Google (`parent`, such as `folders/1`). Null: another target. Throws `AssayError` `usage`.
 */
export function parseEvery(text: string, parent: string | null): Target | null {
  const account = (provider: 'aws-s3' | 'azure-blob' | 'gcs', name: string, uri: string): Target => {
    return { text, bucket: { provider, uri, name }, prefix: '', every: true };
  };
  if (/^s3:\/\/$/i.test(text)) return account('aws-s3', '', 's3://');
  if (/^az:\/\/$/i.test(text)) return account('azure-blob', '', 'az://');
  const [, storage] = /^az:\/\/([a-z0-9]{3,24})\/?$/.exec(text) ?? [];
  if (storage !== undefined) return account('azure-blob', `${storage}/`, `az://${storage}`);
  if (!/^gs:\/\/$/i.test(text)) return null;
  if (parent === null) {
    throw new AssayError('usage', `target ${text}: name the --project, or the --folder or --organization above it`);
  }
  return account('gcs', parent, googleUri(parent));
}

/** `gs://?project=my-project`, `gs://?folder=1` */
export function googleUri(parent: string): string {
  const [, kind = 'project', id = parent] = /^(folder|organization)s\/(\d+)$/.exec(parent) ?? [];
  return `gs://?${kind}=${id}`;
}

/** `folders/1` or `organizations/2`, whose projects are meant and not itself. */
export function isAboveProjects(name: string): boolean {
  return /^(folders|organizations)\/\d+$/.test(name);
}
