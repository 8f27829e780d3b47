import assert from 'node:assert/strict';
import { after } from 'node:test';
import { isAssayError } from '../../src/errors.ts';
import type { BucketRef } from '../../src/model/object.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw, type Versitygw } from '../servers/versitygw.ts';
import { list, readAll } from './contract.ts';
import { documentedStatements, type Statement } from './documented-policy.ts';
import { newBucket, put, s3Provider } from './s3-harness.ts';

const gateway = await optional(startVersitygw);
after(() => gateway.server?.stop());

/** Without what lies above the bucket or beside it. */
const STATEMENTS = documentedStatements().filter(({ Resource }) => Resource.includes('EXAMPLE-BUCKET'));
const actionsOf = ({ Action: action }: Statement): string[] => [action].flat();

/** Only in versioned buckets; only where ACLs are in force; calls that this server does not have. */
const NOT_ASKED = new Set([
  's3:GetObjectVersion',
  's3:GetObjectAcl',
  's3:GetBucketPublicAccessBlock',
  's3:GetReplicationConfiguration',
  's3:GetEncryptionConfiguration',
]);

/** Gives the second user what is documented, except one action. */
async function grant(server: Versitygw, bucket: BucketRef, except: string | null): Promise<void> {
  const statements = STATEMENTS.flatMap((statement) => {
    const actions = actionsOf(statement).filter((action) => action !== except);
    const Resource = statement.Resource.replace('EXAMPLE-BUCKET', bucket.name);
    const principal = { AWS: [server.secondUser.accessKeyId] };
    return actions.length === 0 ? [] : [{ Effect: 'Allow', Principal: principal, Action: actions, Resource }];
  });
  await server.putPolicy(bucket.name, statements);
}

/** What the second user cannot do, by the permission that the answer names. */
async function missing(server: Versitygw, bucket: BucketRef): Promise<string[]> {
  const provider = s3Provider(server, server.secondUser);
  const permissions: string[] = [];
  try {
    for (const object of await list({ provider, bucket })) await readAll({ provider }, object);
  } catch (error) {
    assert.ok(isAssayError(error) && error.permission !== undefined, String(error));
    permissions.push(error.permission);
  }
  for (const fact of Object.values(await provider.collectExposure(bucket))) {
    if (typeof fact === 'object' && fact !== null && 'state' in fact && fact.state === 'refused') {
      permissions.push(fact.permission);
    }
  }
  return permissions;
}

serverTest(gateway, 'the documented policy is enough to list, read and judge a bucket', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'key', 'body');
  await grant(server, bucket, null);
  assert.deepEqual(await missing(server, bucket), []);
});

serverTest(
  gateway,
  'each action that is left out of the documented policy is the one that is named',
  async (server) => {
    const bucket = await newBucket(server);
    await put(server.client, bucket, 'key', 'body');
    for (const action of STATEMENTS.flatMap(actionsOf)) {
      await grant(server, bucket, action);
      const isNeeded = !NOT_ASKED.has(action);
      assert.deepEqual(await missing(server, bucket), isNeeded ? [action] : [], action);
    }
  },
);
