import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAssayError } from '../../src/errors.ts';
import type { AzureOptions } from '../../src/providers/azure-options.ts';
import { listStorageAccounts } from '../../src/providers/azure-subscriptions.ts';
import type { AccountRef } from '../../src/providers/provider.ts';
import { type Answer, startManagement } from './azure-management-stub.ts';

const [ONE, TWO, GONE] = [1, 2, 3].map((digit) => `${digit}1111111-2222-3333-4444-555555555555`) as [
  string,
  string,
  string,
];
const accountsOf = (subscription: string) =>
  `/subscriptions/${subscription}/providers/Microsoft.Storage/storageAccounts`;

const options: AzureOptions = {
  retryBaseMs: 1,
  credential: { getToken: async () => ({ token: 'token-of-the-test', expiresOnTimestamp: Date.now() + 3_600_000 }) },
};

function item(subscription: string, name: string, blob?: string): object {
  const id = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/${name}`;
  return { id, name, properties: { primaryEndpoints: blob === undefined ? {} : { blob } } };
}
const subscriptions = (...ids: string[]) => ({
  body: { value: ids.map((subscriptionId) => ({ subscriptionId, state: 'Enabled' })) },
});
const lake = (name: string) => `https://${name}.blob.core.windows.net/`;

async function accounts(managementEndpoint: string, over: AzureOptions = {}): Promise<AccountRef[]> {
  const found: AccountRef[] = [];
  for await (const one of listStorageAccounts({ ...options, managementEndpoint, ...over })) found.push(one);
  return found;
}

test('accounts of every subscription come page by page; those for files alone hold no blobs', async (t) => {
  const answers: Record<string, Answer[]> = {};
  const { endpoint } = await startManagement(t, answers);
  const next = (path: string, value: unknown[]) => [{ body: { value, nextLink: `${endpoint}${path}?page=2` } }];
  const deleted = { subscriptionId: GONE, state: 'Deleted' };
  answers['/subscriptions'] = next('/subscriptions', [{ subscriptionId: ONE, state: 'Enabled' }, deleted]);
  answers['/subscriptions#2'] = [subscriptions(TWO)];
  answers[accountsOf(ONE)] = next(accountsOf(ONE), [item(ONE, 'lake', lake('lake')), item(ONE, 'files')]);
  answers[`${accountsOf(ONE)}#2`] = [{ body: { value: [item(ONE, 'pond', lake('pond'))] } }];
  answers[accountsOf(TWO)] = [{ body: { value: [item(TWO, 'sea', lake('sea'))] } }];
  const found = await accounts(endpoint);
  assert.deepEqual(
    found.map(({ account, uri, lost }) => [account, uri, lost]),
    ['lake', 'pond', 'sea'].map((name) => [name, `az://${name}`, undefined]),
  );
  assert.deepEqual(found[0]?.place, {
    id: `/subscriptions/${ONE}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lake`,
    url: 'https://lake.blob.core.windows.net',
  });
  assert.deepEqual(
    (await accounts(endpoint, { subscriptions: [TWO] })).map(({ account }) => account),
    ['sea'],
  );
});

test('a subscription that is refused is lost with the missing permission, a busy one is asked again', async (t) => {
  const { endpoint, seen } = await startManagement(t, {
    '/subscriptions': [subscriptions(ONE, TWO)],
    [accountsOf(ONE)]: [{ status: 403 }],
    [accountsOf(TWO)]: [
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 503 },
      { body: { value: [item(TWO, 'sea', lake('sea'))] } },
    ],
  });
  const [refused, sea, ...others] = await accounts(endpoint);
  assert.deepEqual(others, []);
  assert.equal(sea?.account, 'sea');
  assert.equal(refused?.uri, `az://?subscription=${ONE}`);
  assert.deepEqual(
    [refused?.lost?.code, refused?.lost?.permission],
    ['access-denied', 'Microsoft.Storage/storageAccounts/read'],
  );
  assert.match(refused?.lost?.message ?? '', new RegExp(`${ONE}.*lacks Microsoft.Storage/storageAccounts/read`));
  assert.equal(seen.filter(({ url }) => url.startsWith(accountsOf(TWO))).length, 3);
});

test('without any subscription, permission or token there is one clear error', async (t) => {
  for (const [answer, code, words] of [
    [subscriptions(), 'access-denied', /sees no subscription/],
    [{ status: 403 }, 'access-denied', /lacks Microsoft.Resources\/subscriptions\/read/],
    [{ status: 401 }, 'bad-credentials', /az:ListSubscriptions/],
    [{ body: {} }, 'listing-failed', /holds no list/],
  ] as const) {
    const { endpoint } = await startManagement(t, { '/subscriptions': [answer as Answer] });
    await assert.rejects(accounts(endpoint), (error) => {
      assert.ok(isAssayError(error));
      assert.equal(error.code, code);
      assert.match(error.message, words);
      return true;
    });
  }
  const { endpoint } = await startManagement(t, { '/subscriptions': [subscriptions(ONE)] });
  const credential = { getToken: async () => Promise.reject(new Error('no secret of mine')) };
  await assert.rejects(accounts(endpoint, { credential }), /no usable credentials of Entra/);
  await assert.rejects(accounts('', { managementEndpoint: null, endpoint: 'http://127.0.0.1:1' }), /az:\/\/ACCOUNT/);
  await assert.rejects(accounts('http://management.invalid'), /must be https/);
});
