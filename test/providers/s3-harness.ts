import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { BucketRef } from '../../src/model/object.ts';
import { S3Provider } from '../../src/providers/s3.ts';
import type { S3Options } from '../../src/providers/s3-options.ts';
import type { Moto } from '../servers/moto.ts';
import type { Credentials, Versitygw } from '../servers/versitygw.ts';

let buckets = 0;

export function s3Bucket(name: string): BucketRef {
  return { provider: 'aws-s3', uri: `s3://${name}`, name };
}

/** A fresh bucket of the server. */
export async function newBucket(server: Versitygw): Promise<BucketRef> {
  buckets += 1;
  const name = `bucket-${process.pid}-${buckets}`;
  await server.createBucket(name);
  return s3Bucket(name);
}

/** As the product makes it, with short pauses between tries. */
export function s3Provider(
  server: Pick<Versitygw | Moto, 'endpoint' | 'region'>,
  credentials: Credentials,
  options: S3Options = {},
): S3Provider {
  const { endpoint, region } = server;
  return new S3Provider({ endpoint, region, credentials, retryBaseMs: 1, ...options });
}

export async function put(client: S3Client, bucket: BucketRef, key: string, body: Buffer | string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: Buffer.from(body) }));
}

export async function remove(client: S3Client, bucket: BucketRef, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }));
}
