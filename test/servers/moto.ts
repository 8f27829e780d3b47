import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { findExecutable, freePort, ServerMissing, type StopHandle, startProcess } from './server-process.ts';
import type { Credentials } from './versitygw.ts';

/** AWS in memory: stores and returns the control plane (Public Access Block, STS) and enforces nothing. */
export interface Moto extends StopHandle {
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** Of everybody who signs. */
  account: string;
  client: S3Client;
}

/** Throws `ServerMissing` when moto is not installed. */
export async function startMoto(): Promise<Moto> {
  const own = fileURLToPath(new URL('../../.toolchain/moto/bin/moto_server', import.meta.url));
  const command = findExecutable(['moto_server', own]);
  if (command === null) throw new ServerMissing("moto_server (pip install 'moto[server,all]')");
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startProcess(
    command,
    ['-H', '127.0.0.1', '-p', String(port)],
    `${endpoint}/moto-api/data.json`,
    60_000,
  );
  const region = 'us-east-1';
  const credentials = { accessKeyId: 'moto-user', secretAccessKey: 'moto-password' };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  return {
    endpoint,
    region,
    credentials,
    account: '123456789012',
    client,
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}
