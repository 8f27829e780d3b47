import assert from 'node:assert/strict';
import { after } from 'node:test';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { s3Scan } from '../e2e/s3-scan.ts';
import { documentedStatements, SUBRESOURCES } from '../providers/documented-policy.ts';
import { put } from '../providers/s3-harness.ts';
import type { SeenRequest } from '../servers/fault-proxy.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startS3Run } from './s3-run.ts';

const run = await optional(startS3Run);
after(() => run.server?.stop());

/** Without what lies above the bucket or beside it, and the ACLs that are void here. */
const STATEMENTS = documentedStatements().filter(({ Sid }) =>
  ['AssayList', 'AssayRead', 'AssayExposure'].includes(Sid),
);
/** What this store has no word for; `test/cli/s3-least-privilege.test.ts` holds the whole policy against another. */
const UNKNOWN_HERE = new Set(['s3:GetReplicationConfiguration', 's3:GetEncryptionConfiguration']);

/** The permission that a request needs, or itself when nothing in the documentation allows it. */
function permissionOf({ method, url }: SeenRequest): string {
  const { pathname, searchParams } = new URL(url, 'http://store.invalid');
  const [, , key = ''] = /^\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
  if (method !== 'GET') return `${method} ${pathname}`;
  if (key !== '') return searchParams.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject';
  if (searchParams.get('list-type') === '2') return 's3:ListBucket';
  const [subresource = ''] = Object.keys(SUBRESOURCES).filter((name) => searchParams.has(name));
  return SUBRESOURCES[subresource] ?? `${method} ${url}`;
}

serverTest(
  run,
  'a whole scan with the documented policy alone writes nothing, is denied nothing, and uses every action',
  async ({ server, proxy, fill }) => {
    const { bucket } = await fill(5);
    await server.client.send(
      new PutBucketVersioningCommand({ Bucket: bucket.name, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    // Of more than one range: the first is asked for by its ETag, the others by the version that came with it.
    await put(server.client, bucket, 'large.txt', 'only words\n'.repeat(2_000_000));
    await server.putPolicy(
      bucket.name,
      STATEMENTS.map(({ Action, Resource }) => ({
        Effect: 'Allow',
        Principal: { AWS: [server.secondUser.accessKeyId] },
        Action: [Action].flat().filter((action) => !UNKNOWN_HERE.has(action)),
        Resource: Resource.replace('EXAMPLE-BUCKET', bucket.name),
      })),
    );
    proxy.clear();
    const { report } = s3Scan({
      ...server.env,
      AWS_ENDPOINT_URL_S3: proxy.endpoint,
      AWS_ACCESS_KEY_ID: server.secondUser.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secondUser.secretAccessKey,
    });
    const { code, report: json } = await report([bucket.uri]);
    assert.equal(code, 0);
    assert.equal(json.coverage.objects.complete, 6);
    const denied = proxy.seen.filter(({ status }) => status === 401 || status === 403);
    assert.deepEqual(denied, []);
    const used = [...new Set(proxy.seen.map(permissionOf))].sort();
    const documented = STATEMENTS.flatMap(({ Action }) => Action);
    assert.deepEqual(used, documented.sort());
  },
);
