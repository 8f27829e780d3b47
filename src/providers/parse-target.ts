import { type Stats, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import { AssayError } from '../errors.ts';
import type { BucketRef, Target } from '../model/object.ts';
import { literalGlob } from './key-matcher.ts';

const STANDARD_INPUT = '-';

/**
 * What the user names: a path, a glob, `file://…`, `s3://bucket/prefix`, `az://account/container/prefix`,
 * `gs://bucket/prefix` or `-`. A local
 * target is one bucket, the folder (of a single file its folder, of a glob the part before the first wildcard). A path that is not there is found missing
 * by its listing, as a bucket is. Throws `AssayError` `usage`.
 */
export function parseTarget(text: string, cwd: string): Target {
  if (text === '') throw new AssayError('usage', 'a target is empty');
  if (text === STANDARD_INPUT) return { text, bucket: folder('/dev'), ...single('stdin') };
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme === 's3') return parseS3(text);
  if (scheme === 'az') return parseAzure(text);
  if (scheme === 'gs') return parseGcs(text);
  if (scheme === 'file') return parseLocal(text, pathOfUrl(text), '/');
  if (scheme !== undefined && !exists(resolve(cwd, text))) {
    throw new AssayError(
      'usage',
      `target ${text}: ${scheme}:// is not supported; use a path, s3://bucket/prefix, az://account/container/prefix or gs://bucket/prefix`,
    );
  }
  return parseLocal(text, text, cwd);
}

/** Shown as `file:///dev/stdin`. What is in it has to be copied to a folder, whose path is then the bucket's name. */
export function isStandardInput({ text }: Target): boolean {
  return text === STANDARD_INPUT;
}

function parseS3(text: string): Target {
  const [, name = '', prefix = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(text) ?? [];
  if (name === '') throw new AssayError('usage', `target ${text}: name a bucket, s3://bucket/prefix`);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(name)) {
    throw new AssayError('usage', `target ${text}: "${name}" cannot be the name of a bucket`);
  }
  return { text, bucket: { provider: 'aws-s3', uri: `s3://${name}`, name }, prefix };
}

function parseAzure(text: string): Target {
  const [, account = '', container = '', prefix = ''] = /^az:\/\/([^/]*)\/?([^/]*)\/?(.*)$/is.exec(text) ?? [];
  if (account === '' || container === '') {
    throw new AssayError('usage', `target ${text}: name account and container, az://account/container/prefix`);
  }
  if (!/^[a-z0-9]{3,24}$/.test(account)) {
    throw new AssayError('usage', `target ${text}: "${account}" cannot be the name of a storage account`);
  }
  if (!/^(\$[a-z]{3,20}|(?=.{3,63}$)[a-z0-9](-?[a-z0-9])+)$/.test(container)) {
    throw new AssayError('usage', `target ${text}: "${container}" cannot be the name of a container`);
  }
  const name = `${account}/${container}`;
  return { text, bucket: { provider: 'azure-blob', uri: `az://${name}`, name }, prefix };
}

function parseGcs(text: string): Target {
  const [, name = '', prefix = ''] = /^gs:\/\/([^/]*)\/?(.*)$/is.exec(text) ?? [];
  if (name === '') throw new AssayError('usage', `target ${text}: name a bucket, gs://bucket/prefix`);
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)) {
    throw new AssayError('usage', `target ${text}: "${name}" cannot be the name of a bucket`);
  }
  return { text, bucket: { provider: 'gcs', uri: `gs://${name}`, name }, prefix };
}

/** Reports write paths as they are, without percent signs, so that such a path is tried first. */
function pathOfUrl(text: string): string {
  const plain = text.slice('file://'.length);
  if (plain.startsWith('/') && exists(plain)) return resolve(plain);
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw new AssayError('usage', `target ${text}: must be file:///absolute/path`, { cause });
  }
}

function parseLocal(text: string, pattern: string, cwd: string): Target {
  const path = resolve(cwd, pattern);
  const stats = found(path);
  if (stats === undefined) return parseGlob(text, pattern, cwd);
  if (stats.isDirectory()) return { text, bucket: folder(path), prefix: '' };
  if (!stats.isFile()) throw new AssayError('usage', `target ${text}: is neither a file nor a folder`);
  return { text, bucket: folder(dirname(path)), ...single(basename(path)) };
}

function single(key: string): Pick<Target, 'prefix' | 'glob'> {
  return { prefix: key, glob: literalGlob(key) };
}

function parseGlob(text: string, pattern: string, cwd: string): Target {
  const { base, glob, isGlob } = picomatch.scan(pattern);
  if (!isGlob || glob === '') return { text, bucket: folder(resolve(cwd, pattern)), prefix: '' };
  const root = base === '' && pattern.startsWith('/') ? '/' : resolve(cwd, base);
  return { text, bucket: folder(root), prefix: '', glob };
}

function folder(path: string): BucketRef {
  // Object addresses add a slash and the key.
  return { provider: 'filesystem', uri: path === '/' ? 'file://' : `file://${path}`, name: path };
}

function exists(path: string): boolean {
  return found(path) !== undefined;
}

function found(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
