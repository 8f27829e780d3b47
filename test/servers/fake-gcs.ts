import { homedir } from 'node:os';
import { join } from 'node:path';
import { findExecutable, freePort, ServerMissing, type StopHandle, startProcess } from './server-process.ts';

/** Google Cloud Storage in memory: lists, pages, ranges and generations; knows no IAM and no public access prevention. */
export interface FakeGcs extends StopHandle {
  endpoint: string;
  /** Environment of a process that shall use this server. */
  env: Record<string, string>;
  createBucket(name: string, settings?: object): Promise<void>;
  put(bucket: string, key: string, body: Buffer | string, contentEncoding?: string): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
}

/** Throws `ServerMissing` when fake-gcs-server is not installed. */
export async function startFakeGcs(): Promise<FakeGcs> {
  const command = findExecutable([
    process.env.ASSAY_FAKE_GCS,
    'fake-gcs-server',
    join(process.env.GOPATH ?? join(homedir(), 'go'), 'bin', 'fake-gcs-server'),
  ]);
  if (command === null) {
    throw new ServerMissing('fake-gcs-server (go install github.com/fsouza/fake-gcs-server@latest)');
  }
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const address = ['-host', '127.0.0.1', '-port', String(port), '-public-host', `127.0.0.1:${port}`];
  const server = await startProcess(
    command,
    ['-scheme', 'http', ...address, '-external-url', endpoint, '-backend', 'memory', '-log-level', 'error'],
    `${endpoint}/_internal/healthcheck`,
    20_000,
  );
  const call = async (
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    type = 'application/json',
  ): Promise<void> => {
    const headers = { 'content-type': type };
    const response = await fetch(endpoint + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  };
  const boundary = 'assay-fake-gcs-boundary';
  return {
    endpoint,
    env: { STORAGE_EMULATOR_HOST: endpoint },
    createBucket: (name, settings = {}) =>
      call('POST', '/storage/v1/b?project=test', JSON.stringify({ name, ...settings })),
    put(bucket, key, body, contentEncoding) {
      const metadata = {
        name: key,
        contentType: 'application/octet-stream',
        ...(contentEncoding && { contentEncoding }),
      };
      const parts = [
        `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n`,
        `--${boundary}\r\nContent-Type: application/octet-stream\r\n\r\n`,
        body,
        `\r\n--${boundary}--`,
      ];
      const whole = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
      const path = `/upload/storage/v1/b/${bucket}/o?uploadType=multipart`;
      return call('POST', path, new Uint8Array(whole), `multipart/related; boundary=${boundary}`);
    },
    remove: (bucket, key) => call('DELETE', `/storage/v1/b/${bucket}/o/${encodeURIComponent(key)}`),
    stop: () => server.stop(),
  };
}
