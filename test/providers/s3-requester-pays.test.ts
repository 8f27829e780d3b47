import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { openProvider } from '../../src/providers/open-provider.ts';
import { listening } from '../servers/server-process.ts';

const PAGE = '<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>';

async function payerOf(requesterPays: boolean): Promise<unknown> {
  const payers: unknown[] = [];
  const server = createServer((request, response) => {
    payers.push(request.headers['x-amz-request-payer']);
    response.setHeader('content-type', 'application/xml').end(PAGE);
  });
  const port = await listening(server);
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'id', secretAccessKey: 'none' };
  const provider = await openProvider('aws-s3', { endpoint, region: 'us-east-1', credentials, requesterPays });
  try {
    const bucket = { provider: 'aws-s3' as const, uri: 's3://lake', name: 'lake' };
    for await (const { objects } of provider.listObjects({ text: bucket.uri, bucket, prefix: '' }, null)) {
      assert.deepEqual(objects, []);
    }
  } finally {
    await provider.close();
    server.close();
  }
  return payers[0];
}

test('the reader pays for the requests only when that is asked for', async () => {
  assert.equal(await payerOf(true), 'requester');
  assert.equal(await payerOf(false), undefined);
});
