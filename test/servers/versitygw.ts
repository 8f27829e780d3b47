import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { findExecutable, freePort, ServerMissing, type StopHandle, startProcess } from './server-process.ts';

const run = promisify(execFile);

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A real S3 server that enforces bucket policies. */
export interface Versitygw extends StopHandle {
  endpoint: string;
  region: string;
  root: Credentials;
  /** May do nothing until a policy allows it; its principal is `{"AWS": [accessKeyId]}`. */
  secondUser: Credentials;
  /** Signs as root; closed by `stop`. */
  client: S3Client;
  /** Environment of a process that shall use this server as root. */
  env: Record<string, string>;
  createBucket(name: string): Promise<void>;
  putPolicy(bucket: string, statements: object[]): Promise<void>;
}

/** Throws `ServerMissing` when versitygw is not installed. */
export async function startVersitygw(): Promise<Versitygw> {
  const command = findExecutable([
    process.env.ASSAY_VERSITYGW,
    'versitygw',
    join(process.env.GOPATH ?? join(homedir(), 'go'), 'bin', 'versitygw'),
  ]);
  if (command === null) {
    throw new ServerMissing('versitygw (go install github.com/versity/versitygw/cmd/versitygw@latest)');
  }
  const folder = await mkdtemp(join(tmpdir(), 'assay-versitygw-'));
  for (const name of ['data', 'versions', 'iam']) await mkdir(join(folder, name));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const root = { accessKeyId: 'assay-root', secretAccessKey: 'assay-root-password' };
  const secondUser = { accessKeyId: 'assay-second', secretAccessKey: 'assay-second-password' };
  const options = ['--port', `127.0.0.1:${port}`, '--access', root.accessKeyId, '--secret', root.secretAccessKey];
  options.push('--iam-dir', join(folder, 'iam'), '--iam-cache-disable', '--health', '/health', '--quiet');
  const backend = ['posix', '--versioning-dir', join(folder, 'versions'), join(folder, 'data')];
  const server = await startProcess(command, [...options, ...backend], `${endpoint}/health`, 20_000);

  const admin = ['admin', '--access', root.accessKeyId, '--secret', root.secretAccessKey, '--endpoint-url', endpoint];
  const user = ['--access', secondUser.accessKeyId, '--secret', secondUser.secretAccessKey, '--role', 'user'];
  await run(command, [...admin, 'create-user', ...user]);

  const region = 'us-east-1';
  const client = new S3Client({ endpoint, region, credentials: root, forcePathStyle: true });
  return {
    endpoint,
    region,
    root,
    secondUser,
    client,
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: root.accessKeyId,
      AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async createBucket(name) {
      await client.send(new CreateBucketCommand({ Bucket: name }));
    },
    async putPolicy(bucket, statements) {
      const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
      await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    },
    async stop() {
      client.destroy();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
