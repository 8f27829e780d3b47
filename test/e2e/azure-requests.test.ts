import assert from 'node:assert/strict';
import { after } from 'node:test';
import { AZURE_CALLS, type AzureCall, leastRole } from '../../src/providers/azure-permissions.ts';
import { newContainer, put } from '../providers/azure-harness.ts';
import { HOSTILE_KEYS } from '../providers/contract.ts';
import { type Azurite, startAzurite } from '../servers/azurite.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import { optional, type StopHandle, serverTest } from '../servers/server-process.ts';
import { KEY_ID, s3Scan } from './s3-scan.ts';

interface Recorded extends StopHandle {
  azurite: Azurite;
  proxy: FaultProxy;
}

async function startRecorded(): Promise<Recorded> {
  const azurite = await startAzurite();
  const proxy = await startFaultProxy(new URL(azurite.endpoint).origin);
  return {
    azurite,
    proxy,
    async stop() {
      await proxy.stop();
      await azurite.stop();
    },
  };
}

const recorded = await optional(startRecorded);
after(() => recorded.server?.stop());
const { report } = s3Scan({
  ...recorded.server?.azurite.env,
  ASSAY_AZURE_ENDPOINT: `${recorded.server?.proxy.endpoint}/${recorded.server?.azurite.account}`,
});

/** The call that a request is, or itself when it is none of those that the role allows. */
function callOf({ method, url }: SeenRequest): AzureCall | string {
  const { pathname, searchParams } = new URL(url, 'http://store.invalid');
  const [, , container = '', ...key] = pathname.split('/');
  const [type, part] = [searchParams.get('restype'), searchParams.get('comp')];
  if (method === 'GET' && container === '' && type === 'service' && part === 'properties')
    return 'az:GetBlobServiceProperties';
  if (method === 'GET' && key.length > 0 && part === null) return 'az:GetBlob';
  if (type === 'container' && method === 'GET') {
    if (part === 'list') return 'az:ListBlobs';
    if (part === 'acl') return 'az:GetContainerAcl';
    if (part === null) return 'az:GetContainerProperties';
  }
  return `${method} ${url}`;
}

/** What a URL would lose or change on its way. */
const REWRITTEN_KEYS = ['a/../b', 'a/../../etc/passwd', './here', 'there/.', 'a//b', 'b', 'here', '%2e%2e/b'];

serverTest(
  recorded,
  'a whole scan of hostile names reads each blob under its own, writes nothing and asks only what the role allows',
  async ({ azurite, proxy }) => {
    const one = await newContainer(azurite);
    const keys = [...HOSTILE_KEYS, ...REWRITTEN_KEYS];
    for (const [at, key] of keys.entries()) {
      await put(azurite, one, key, key === 'zero' ? '' : `key ${KEY_ID} number ${at}\n`);
    }
    await put(azurite, one, 'marker/', '');
    // Of more than one range.
    await put(azurite, one, 'large.txt', 'only words\n'.repeat(2_000_000));
    proxy.clear();
    const { code, stderr, report: json } = await report([one.bucket.uri, '--objects', 'all']);
    assert.equal(code, 0, stderr);
    assert.equal(json.coverage.objects.complete, keys.length + 2);
    const [finding] = json.findings;
    assert.deepEqual([finding?.objects, finding?.count], [keys.length - 1, keys.length - 1]);
    const uris = json.objects.map(({ uri }) => uri);
    for (const key of REWRITTEN_KEYS) assert.ok(uris.includes(`${one.bucket.uri}/${key}`), key);

    assert.deepEqual(
      proxy.seen.filter(({ status = 0 }) => status >= 400),
      [],
    );
    const used = [...new Set(proxy.seen.map(callOf))].sort();
    assert.deepEqual(used, ['az:GetBlob', 'az:GetContainerAcl', 'az:GetContainerProperties', 'az:ListBlobs']);
    const { Actions, DataActions } = leastRole(null) as { Actions: string[]; DataActions: string[] };
    const allowed = new Set([...Actions, ...DataActions]);
    for (const call of used) assert.ok(allowed.has(AZURE_CALLS[call as AzureCall].permission), call);
  },
);
