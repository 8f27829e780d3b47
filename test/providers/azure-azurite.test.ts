import assert from 'node:assert/strict';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isAssayError } from '../../src/errors.ts';
import { type Azurite, startAzurite } from '../servers/azurite.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { azureBucket, azureProvider, blobOf, newContainer, put } from './azure-harness.ts';
import { CONTRACT, type ContractBucket, coded, HOSTILE_KEYS, keysOf, list, only, readAll } from './contract.ts';

const azurite = await optional(startAzurite);
after(() => azurite.server?.stop());

/** What a URL would lose or change on its way. */
const REWRITTEN_KEYS = ['a/../b', './x', 'x/.', 'a/..', 'a//b', '%2e%2e/c', '&#xD;is-what-it-says', 'dot.'];

async function makeBucket(server: Azurite): Promise<ContractBucket> {
  const one = await newContainer(server);
  return {
    provider: azureProvider(server, { pageSize: 3, rangeBytes: 100_000 }),
    bucket: one.bucket,
    missing: azureBucket(server.account, 'no-such-container'),
    put: (key, bytes) => put(server, one, key, bytes),
    remove: async (key) => void (await blobOf(server, one, key).delete()),
    keys: [...HOSTILE_KEYS, ...REWRITTEN_KEYS, 'b', 'x', 'marker/', 'marker/file'],
    pageOverflow: 7,
  };
}

for (const [title, run] of Object.entries(CONTRACT)) {
  serverTest(azurite, `Azurite ${title}`, (server, t) => run(() => makeBucket(server), t));
}

serverTest(
  azurite,
  'a name that no URL can hold is unaddressable, and no other blob is read for it',
  async (server) => {
    const one = await newContainer(server);
    const provider = azureProvider(server);
    await put(server, one, 'plain', 'x');
    const object = await only({ provider, bucket: one.bucket });
    for (const key of ['.', '..', '']) {
      await assert.rejects(readAll({ provider }, { ...object, key }), coded('unaddressable-key'));
    }
    await assert.rejects(readAll({ provider }, { ...object, key: '\uFFFD-replaced' }), coded('unaddressable-key'));
  },
);

serverTest(
  azurite,
  'folders of a hierarchical namespace and folder markers are read without a request',
  async (server) => {
    const one = await newContainer(server);
    const provider = azureProvider(server);
    await blobOf(server, one, 'folder').upload('', 0, { metadata: { hdi_isfolder: 'true' } });
    await put(server, one, 'folder/', '');
    await put(server, one, 'folder/file', 'body');
    const objects = await list({ provider, bucket: one.bucket });
    assert.deepEqual(keysOf(objects), ['folder', 'folder/', 'folder/file']);
    const { requests } = provider.counters;
    for (const object of objects.slice(0, 2)) assert.equal(await readAll({ provider }, object), '');
    assert.equal(provider.counters.requests, requests);
  },
);

serverTest(azurite, 'an archived blob is listed as one to skip and is not asked for', async (server) => {
  const one = await newContainer(server);
  const provider = azureProvider(server);
  await put(server, one, 'frozen', 'x');
  await blobOf(server, one, 'frozen').setAccessTier('Archive');
  await put(server, one, 'cold', 'x');
  await blobOf(server, one, 'cold').setAccessTier('Cold');
  const [cold, frozen] = await list({ provider, bucket: one.bucket });
  assert.deepEqual([frozen?.skip, frozen?.storageClass, cold?.skip], ['archived-tier', 'Archive', undefined]);
  assert.ok(cold !== undefined && frozen !== undefined);
  assert.equal(await readAll({ provider }, cold), 'x');
  await assert.rejects(provider.openObject(frozen), coded('archived-tier'));
});

serverTest(azurite, 'a blob with a content encoding is read as it is stored', async (server) => {
  const one = await newContainer(server);
  const provider = azureProvider(server);
  const stored = gzipSync('text '.repeat(1000));
  await blobOf(server, one, 'text.gz').upload(stored, stored.length, {
    blobHTTPHeaders: { blobContentEncoding: 'gzip' },
  });
  const source = await provider.openObject(await only({ provider, bucket: one.bucket }));
  assert.ok((await source.read(0, stored.length)).equals(stored));
});

serverTest(azurite, 'snapshots are listed and read on request only', async (server) => {
  const one = await newContainer(server);
  await put(server, one, 'key', 'first');
  await blobOf(server, one, 'key').createSnapshot();
  await put(server, one, 'key', 'second state');
  assert.equal((await list({ provider: azureProvider(server), bucket: one.bucket })).length, 1);
  const provider = azureProvider(server, { versions: true });
  const objects = await list({ provider, bucket: one.bucket });
  assert.deepEqual(keysOf(objects), ['key', 'key']);
  const bodies = await Promise.all(objects.map((object) => readAll({ provider }, object)));
  assert.deepEqual(bodies.sort(), ['first', 'second state']);
  assert.equal(objects.filter(({ version }) => version.startsWith('snapshot:')).length, 1);
});

serverTest(azurite, 'account key, SAS and connection string each read a container', async (server) => {
  const one = await newContainer(server);
  await put(server, one, 'key', 'body');
  const { AZURE_STORAGE_CONNECTION_STRING: connection = '' } = server.env;
  const sas = server.sas('rl');
  for (const env of [
    { AZURE_STORAGE_KEY: server.key },
    { AZURE_STORAGE_KEY: server.key, AZURE_STORAGE_ACCOUNT: server.account },
    { AZURE_STORAGE_SAS_TOKEN: `?${sas}` },
    { AZURE_STORAGE_CONNECTION_STRING: connection },
    { AZURE_STORAGE_CONNECTION_STRING: `BlobEndpoint=${server.endpoint};SharedAccessSignature=${sas}` },
  ]) {
    const provider = azureProvider({ env }, { endpoint: server.endpoint });
    assert.equal(await readAll({ provider }, await only({ provider, bucket: one.bucket })), 'body');
  }
});

serverTest(azurite, 'a SAS that lacks a permission is told which one', async (server) => {
  const one = await newContainer(server);
  await put(server, one, 'jane.doe@example.com', 'x');
  const object = await only({ provider: azureProvider(server), bucket: one.bucket });
  const withSas = (permissions: string) =>
    azureProvider({ env: { AZURE_STORAGE_SAS_TOKEN: server.sas(permissions) } }, { endpoint: server.endpoint });
  await assert.rejects(list({ provider: withSas('r'), bucket: one.bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'access-denied');
    assert.ok(
      error.message.startsWith(
        `az:ListBlobs on ${one.bucket.uri}: access denied, the caller lacks the SAS permission l`,
      ),
    );
    return true;
  });
  await assert.rejects(readAll({ provider: withSas('l') }, object), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'access-denied');
    assert.match(error.permission ?? '', /r \(read\)/);
    assert.ok(!`${error.message}${error.cause}`.includes('jane.doe'));
    assert.ok(!error.message.includes('sig='));
    return true;
  });
});

serverTest(azurite, 'credentials that the store does not accept are named as such, once', async (server) => {
  const one = await newContainer(server);
  const unsigned = new URLSearchParams({ sv: '2020-10-02', sig: 'none' }).toString();
  for (const [env, message] of [
    // Azure says that it cannot authenticate, this server that it may not authorise.
    [{ AZURE_STORAGE_KEY: Buffer.from('not the key').toString('base64') }, /lacks a valid account key/],
    [{ AZURE_STORAGE_KEY: 'no base64 at all!' }, /^AZURE_STORAGE_KEY is not a key/],
    [
      { AZURE_STORAGE_CONNECTION_STRING: 'nothing of the kind' },
      /^AZURE_STORAGE_CONNECTION_STRING is not a connection/,
    ],
    [{ AZURE_STORAGE_SAS_TOKEN: unsigned }, /SAS|credentials/],
  ] as const) {
    const provider = azureProvider({ env }, { endpoint: server.endpoint });
    await assert.rejects(list({ provider, bucket: one.bucket }), (error) => {
      assert.ok(isAssayError(error));
      assert.ok(['bad-credentials', 'access-denied'].includes(error.code), error.code);
      assert.match(error.message, message);
      for (const secret of Object.values(env)) assert.ok(!error.message.includes(secret));
      return true;
    });
    assert.ok(provider.counters.requests <= 1);
  }
});

serverTest(azurite, 'without any credentials nothing is asked, also not of a public container', async (server) => {
  const one = await newContainer(server);
  await one.container.setAccessPolicy('container');
  const provider = azureProvider({ env: {} }, { endpoint: server.endpoint });
  await assert.rejects(list({ provider, bucket: one.bucket }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'bad-credentials');
    assert.match(error.message, /no usable credentials; set AZURE_STORAGE_CONNECTION_STRING/);
    return true;
  });
});

serverTest(azurite, 'credentials and endpoint of one account are not used for another', async (server) => {
  const provider = azureProvider(server, { endpoint: server.endpoint });
  await assert.rejects(list({ provider, bucket: azureBucket('otheraccount', 'any') }), (error) => {
    assert.ok(isAssayError(error));
    assert.equal(error.code, 'usage');
    assert.match(error.message, /is that of account assaytest/);
    return true;
  });
});

serverTest(azurite, 'the exposure holds level and stored access policies as the store has them', async (server) => {
  const one = await newContainer(server);
  await put(server, one, 'key', 'body');
  const provider = azureProvider(server);
  const { containers: before } = await provider.collectExposure(one.bucket);
  const name = one.container.containerName;
  assert.deepEqual(before, { state: 'known', value: [{ name, publicAccess: null }] });

  const address = `${one.container.url}/key`;
  assert.notEqual((await fetch(address)).status, 200);
  const expiresOn = new Date('2030-01-01T00:00:00Z');
  await one.container.setAccessPolicy('blob', [
    { id: 'readers', accessPolicy: { permissions: 'rl', startsOn: new Date('2026-01-01T00:00:00Z'), expiresOn } },
  ]);
  assert.equal((await fetch(address)).status, 200);
  assert.deepEqual(await provider.collectExposure(one.bucket), {
    provider: 'azure-blob',
    storageAccount: server.account,
    container: name,
    owner: { subscription: null, tenant: null },
    account: { state: 'unsupported', call: 'az:GetStorageAccount' },
    containers: { state: 'known', value: [{ name, publicAccess: 'blob' }] },
    staticWebsite: { state: 'known', value: null },
    accessPolicies: {
      state: 'known',
      value: [
        {
          id: 'readers',
          permissions: 'rl',
          startsOn: '2026-01-01T00:00:00.000Z',
          expiresOn: '2030-01-01T00:00:00.000Z',
        },
      ],
    },
    replicationPolicies: { state: 'unsupported', call: 'az:ListObjectReplicationPolicies' },
    roleAssignments: { state: 'unsupported', call: 'az:ListRoleAssignments' },
    endpoint: server.endpoint,
  });
});

serverTest(azurite, 'what a SAS may not ask is refused with what is missing', async (server) => {
  const one = await newContainer(server);
  const env = { AZURE_STORAGE_SAS_TOKEN: server.sas('rl', 'co') };
  const evidence = await azureProvider({ env }, { endpoint: server.endpoint }).collectExposure(one.bucket);
  assert.equal(evidence.containers.state, 'known');
  const { accessPolicies } = evidence;
  assert.ok(accessPolicies.state === 'refused');
  assert.match(accessPolicies.permission, /no SAS/);
});

serverTest(azurite, 'whether the website is on is asked for $web', async (server) => {
  await server.createContainer('$web');
  const provider = azureProvider(server);
  const bucket = azureBucket(server.account, '$web');
  assert.deepEqual((await provider.collectExposure(bucket)).staticWebsite, { state: 'known', value: false });
  await server.client.setProperties({ staticWebsite: { enabled: true, indexDocument: 'index.html' } });
  assert.deepEqual((await provider.collectExposure(bucket)).staticWebsite, { state: 'known', value: true });
});

serverTest(azurite, 'exposure of a container that is not there is an error, not a list of unknowns', async (server) => {
  const provider = azureProvider(server);
  await assert.rejects(
    provider.collectExposure(azureBucket(server.account, 'no-such-container')),
    coded('bucket-not-found'),
  );
});
