import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { BucketRef, ProviderName } from '../../src/model/object.ts';
import { discoverTargets } from '../../src/providers/discover-targets.ts';
import { parseTargets } from '../../src/providers/parse-targets.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { startAzurite } from '../servers/azurite.ts';
import { startFakeGcs } from '../servers/fake-gcs.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { azureProvider, newContainer } from './azure-harness.ts';
import { gcsProvider, newGcsBucket } from './gcs-harness.ts';

const [azurite, google] = await Promise.all([optional(startAzurite), optional(startFakeGcs)]);
after(async () => {
  await azurite.server?.stop();
  await google.server?.stop();
});

async function bucketsOf(provider: Provider, account: string): Promise<{ pages: number; buckets: BucketRef[] }> {
  const pages: BucketRef[][] = [];
  for await (const page of provider.listBuckets?.(account) ?? []) pages.push(page);
  await provider.close();
  return { pages: pages.length, buckets: pages.flat() };
}

serverTest(azurite, 'containers of an account come page by page, each once', async (server) => {
  const made: BucketRef[] = [];
  for (let at = 0; at < 3; at++) made.push((await newContainer(server)).bucket);
  const { pages, buckets } = await bucketsOf(azureProvider(server, { pageSize: 1 }), `${server.account}/`);
  assert.deepEqual(buckets, made);
  assert.ok(pages >= 3, `${pages} pages`);
});

serverTest(google, 'buckets of a project come each once', async (server) => {
  const made: BucketRef[] = [];
  for (let at = 0; at < 3; at++) made.push(await newGcsBucket(server));
  const { buckets } = await bucketsOf(gcsProvider(server.endpoint), 'any-project');
  assert.deepEqual(buckets.map(({ uri }) => uri).sort(), made.map(({ uri }) => uri).sort());

  const targets = parseTargets(['gs://'], '/', 'any-project');
  const found = await discoverTargets(targets, { gcs: { endpoint: server.endpoint } });
  const provider: ProviderName = 'gcs';
  assert.deepEqual(
    found.targets.map(({ bucket, every }) => [bucket.provider, every]),
    made.map(() => [provider, undefined]),
  );
});
