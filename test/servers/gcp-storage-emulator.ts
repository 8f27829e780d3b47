import { fileURLToPath } from 'node:url';
import { findExecutable, freePort, ServerMissing, type StopHandle, startProcess } from './server-process.ts';

/** Google Cloud Storage in memory that keeps IAM policies, conditions and public access prevention; enforces nothing. */
export interface GcpStorageEmulator extends StopHandle {
  endpoint: string;
  /** Environment of a process that shall use this server. */
  env: Record<string, string>;
  createBucket(name: string): Promise<void>;
  put(bucket: string, key: string, body: string): Promise<void>;
  setIamPolicy(bucket: string, bindings: object[]): Promise<void>;
  update(bucket: string, settings: object): Promise<void>;
}

/** Throws `ServerMissing` when gcp-storage-emulator is not installed. */
export async function startGcpStorageEmulator(): Promise<GcpStorageEmulator> {
  const own = fileURLToPath(new URL('../../.toolchain/gcp-storage-emulator/bin/gcp-storage-emulator', import.meta.url));
  const command = findExecutable(['gcp-storage-emulator', own]);
  if (command === null) throw new ServerMissing('gcp-storage-emulator (pip install gcp-storage-emulator)');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['start', '--port', String(port), '-H', '127.0.0.1', '-M', '-q'];
  const server = await startProcess(command, args, `${endpoint}/`, 30_000);
  const call = async (method: string, path: string, body: string, type = 'application/json'): Promise<void> => {
    const response = await fetch(endpoint + path, { method, headers: { 'content-type': type }, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  };
  return {
    endpoint,
    env: { STORAGE_EMULATOR_HOST: endpoint },
    createBucket: (name) => call('POST', '/storage/v1/b?project=test', JSON.stringify({ name })),
    put: (bucket, key, body) =>
      call(
        'POST',
        `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(key)}`,
        body,
        'text/plain',
      ),
    setIamPolicy: (bucket, bindings) =>
      call('PUT', `/storage/v1/b/${bucket}/iam`, JSON.stringify({ version: 3, bindings })),
    update: (bucket, settings) => call('PATCH', `/storage/v1/b/${bucket}`, JSON.stringify(settings)),
    stop: () => server.stop(),
  };
}
