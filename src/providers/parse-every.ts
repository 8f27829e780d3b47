import { AssayError } from '../errors.ts';
import type { Target } from '../model/object.ts';

/** `s3://`, `az://account` and `gs://`: all buckets of an account or a project. Null: another target. Throws `AssayError` `usage`. */
export function parseEvery(text: string, project: string | null): Target | null {
  const account = (provider: 'aws-s3' | 'azure-blob' | 'gcs', name: string, uri: string): Target => {
    return { text, bucket: { provider, uri, name }, prefix: '', every: true };
  };
  if (/^s3:\/\/$/i.test(text)) return account('aws-s3', '', 's3://');
  const [, storage] = /^az:\/\/([a-z0-9]{3,24})\/?$/.exec(text) ?? [];
  if (storage !== undefined) return account('azure-blob', `${storage}/`, `az://${storage}`);
  if (!/^gs:\/\/$/i.test(text)) return null;
  if (project === null) throw new AssayError('usage', `target ${text}: name the project with --project`);
  return account('gcs', project, `gs://?project=${project}`);
}
