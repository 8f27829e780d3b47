import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { AzureProvider } from '../../src/providers/azure.ts';
import type { AzureOptions } from '../../src/providers/azure-options.ts';
import { startAzurite } from '../servers/azurite.ts';
import type { SeenRequest } from '../servers/fault-proxy.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { azureProvider, type NewContainer, newContainer, put } from './azure-harness.ts';
import { coded } from './contract.ts';
import { BODY, FAULT_CASES, readThrough, type Store, startFaulty } from './fault-cases.ts';

async function startStore(): Promise<Store<AzureOptions, AzureProvider>> {
  const server = await startAzurite();
  const containers = new Map<string, NewContainer>();
  return {
    origin: new URL(server.endpoint).origin,
    provider: (origin, options) => azureProvider(server, { endpoint: `${origin}/${server.account}`, ...options }),
    async newBucket() {
      const one = await newContainer(server);
      containers.set(one.bucket.uri, one);
      return one.bucket;
    },
    put: ({ uri }, key, body) => put(server, containers.get(uri) ?? assert.fail(), key, body),
    rangeHeader: 'x-ms-range',
    checkPinned: ({ headers }, { version }) => assert.equal(headers['if-match'], `"${version}"`),
    isSecondPage: ({ url }) => url.includes('comp=list') && url.includes('marker='),
    busy: [{ status: 503, code: 'ServerBusy' }],
    broken: 'OperationTimedOut',
    refusal: { before: 'az:GetBlob', after: /\(ServerBusy, HTTP 503\)$/ },
    wrong: [
      ['etag', '"0x000000000000000"', 'object-changed'],
      ['content-range', `bytes 0-199999/${BODY.length + 1}`, 'object-changed'],
      ['content-range', `bytes 100-199999/${BODY.length}`, 'network'],
    ],
    stop: () => server.stop(),
  };
}

const faulty = await optional(async () => startFaulty(await startStore()));
after(() => faulty.server?.stop());

for (const [title, run] of Object.entries(FAULT_CASES)) serverTest(faulty, `Azure: ${title}`, run);

serverTest(
  faulty,
  'once the store names a version, the rest is read from it, and by ETag where versions are refused',
  async (one) => {
    const provider = one.through({ rangeBytes: 100_000 });
    const version = '2026-01-02T03:04:05.0000000Z';
    const isVersion = ({ url }: SeenRequest) => url.includes('versionid=');
    one.proxy.inject({ kind: 'header', name: 'x-ms-version-id', value: version, when: (seen) => !isVersion(seen) });
    one.proxy.inject({ kind: 'status', status: 403, code: 'AuthorizationPermissionMismatch', when: isVersion });
    assert.ok((await readThrough(provider, one.object)).equals(BODY));
    const asked = one.proxy.seen.map(({ url }) => new URL(url, 'http://store.invalid').searchParams.get('versionid'));
    assert.deepEqual(asked, [null, version, null]);
    assert.deepEqual(provider.counters, { requests: 3, retries: 0, bytes: BODY.length });
  },
);

serverTest(faulty, 'a blob that is archived after it was listed is told as such', async (one) => {
  const provider = one.through();
  one.proxy.inject({ kind: 'status', status: 409, code: 'BlobArchived' });
  await assert.rejects(readThrough(provider, one.object), coded('archived-tier'));
});

serverTest(faulty, 'a blob under a key of the customer is told as encrypted', async (one) => {
  const provider = one.through();
  one.proxy.inject({ kind: 'status', status: 409, code: 'BlobUsesCustomerSpecifiedEncryption' });
  await assert.rejects(readThrough(provider, one.object), coded('encrypted'));
});
