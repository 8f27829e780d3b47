import { fileURLToPath } from 'node:url';
import { type PublicAccessBlockConfiguration, S3Client } from '@aws-sdk/client-s3';
import { PutPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
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
  /** Environment of a process that shall use this server, also for what lies above the bucket. */
  env: Record<string, string>;
  putAccountBlock(block: PublicAccessBlockConfiguration): Promise<void>;
  /** Of S3 Control; its commands need the account. */
  control: S3ControlClient;
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
  const account = '123456789012';
  // The SDK puts the account in front of the host; this server does not care which host it is called by.
  const control = new S3ControlClient({ endpoint: 'http://control.invalid', region, credentials });
  control.middlewareStack.add(
    (next) => (step) => {
      Object.assign(step.request as object, { hostname: '127.0.0.1', port });
      return next(step);
    },
    { step: 'build', priority: 'high' },
  );
  return {
    endpoint,
    region,
    credentials,
    account,
    client,
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ENDPOINT_URL_S3_CONTROL: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_ENDPOINT_URL_ORGANIZATIONS: endpoint,
      AWS_ENDPOINT_URL_KMS: endpoint,
      AWS_ENDPOINT_URL_CLOUDFRONT: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    control,
    async putAccountBlock(block) {
      await control.send(
        new PutPublicAccessBlockCommand({ AccountId: account, PublicAccessBlockConfiguration: block }),
      );
    },
    async stop() {
      client.destroy();
      control.destroy();
      await server.stop();
    },
  };
}
