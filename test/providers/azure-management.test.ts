import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateExposure, isPublic } from '../../src/exposure/evaluate.ts';
import type { AzureEvidence } from '../../src/model/exposure.ts';
import { collectAbove } from '../../src/providers/azure-management.ts';
import type { AzureOptions } from '../../src/providers/azure-options.ts';
import { type Answer, startManagement } from './azure-management-stub.ts';

const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
const ACCOUNTS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts`;
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lake`;
const ROLES = `${ACCOUNT}/providers/Microsoft.Authorization/roleAssignments`;
const REPLICATION = `${ACCOUNT}/objectReplicationPolicies`;
const SETTINGS = { allowBlobPublicAccess: false, networkAcls: { defaultAction: 'Allow', ipRules: [] } };

const scopes: (string | string[])[] = [];
const options: AzureOptions = {
  subscription: SUBSCRIPTION,
  retryBaseMs: 1,
  credential: {
    async getToken(scope) {
      scopes.push(scope);
      return { token: 'token-of-the-test', expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  },
};

const whole = (): Record<string, Answer[]> => ({
  [ACCOUNTS]: [{ body: { value: [{ id: '/other', name: 'other', properties: {} }] } }],
  [ROLES]: [{ body: { value: [] } }],
  [REPLICATION]: [{ body: { value: [] } }],
});
const listed = { id: ACCOUNT, name: 'lake', properties: SETTINGS };

test('settings, roles and replication of the account are read, page by page, with one token', async (t) => {
  const answers = whole();
  const { endpoint, seen } = await startManagement(t, answers);
  const first = { value: [{ id: '/other', name: 'other', properties: {} }], nextLink: `${endpoint}${ACCOUNTS}?page=2` };
  answers[ACCOUNTS] = [{ body: first }];
  answers[`${ACCOUNTS}#2`] = [{ body: { value: [listed] } }];
  const role = { principalId: 'p', principalType: 'User', roleDefinitionId: '/r', scope: ACCOUNT };
  answers[ROLES] = [{ body: { value: [{ properties: role }] } }];
  scopes.length = 0;
  const above = await collectAbove('lake', endpoint, { ...options, managementEndpoint: endpoint });
  assert.deepEqual(above, {
    owner: { subscription: SUBSCRIPTION, tenant: null },
    account: { state: 'known', value: SETTINGS },
    replicationPolicies: { state: 'known', value: [] },
    roleAssignments: {
      state: 'known',
      value: [{ ...role, condition: null, delegatedManagedIdentityResourceId: null }],
    },
  });
  assert.deepEqual(scopes, ['https://management.azure.com/.default']);
  for (const { method, authorization } of seen) {
    assert.deepEqual([method, authorization], ['GET', 'Bearer token-of-the-test']);
  }
});

test('the switch of the account, once it is known, decides about a container that is open', async (t) => {
  const { endpoint } = await startManagement(t, { ...whole(), [ACCOUNTS]: [{ body: { value: [listed] } }] });
  const judged = async (subscription: string | null) => {
    const above = await collectAbove('lake', endpoint, { ...options, subscription });
    const evidence: AzureEvidence = {
      provider: 'azure-blob',
      storageAccount: 'lake',
      container: 'data',
      ...above,
      containers: { state: 'known', value: [{ name: 'data', publicAccess: 'container' }] },
      staticWebsite: { state: 'known', value: null },
      accessPolicies: { state: 'known', value: [] },
      endpoint: null,
    };
    return evaluateExposure(evidence, { collectedAt: '2026-06-01T00:00:00Z' });
  };
  assert.equal(isPublic(await judged(SUBSCRIPTION)), false);
  const unasked = await judged(null);
  assert.deepEqual([isPublic(unasked), unasked.verdict], ['unknown', 'unknown']);
  assert.match(unasked.fix.join(' '), /--azure-subscription ID or AZURE_SUBSCRIPTION_ID/);
});

test('a refused call of the management API is a refused fact with its permission', async (t) => {
  const answers = { ...whole(), [ACCOUNTS]: [{ body: { value: [listed] } }], [ROLES]: [{ status: 403 }] };
  const { endpoint } = await startManagement(t, answers);
  const { account, roleAssignments } = await collectAbove('lake', endpoint, options);
  assert.equal(account.state, 'known');
  assert.deepEqual(roleAssignments, {
    state: 'refused',
    call: 'az:ListRoleAssignments',
    reason: 'AccessDenied',
    permission: 'Microsoft.Authorization/roleAssignments/read',
  });
  const closed = await startManagement(t, { [ACCOUNTS]: [{ status: 403 }] });
  const above = await collectAbove('lake', closed.endpoint, options);
  assert.deepEqual(above.account, {
    state: 'refused',
    call: 'az:GetStorageAccount',
    reason: 'AccessDenied',
    permission: 'Microsoft.Storage/storageAccounts/read',
  });
  assert.equal(closed.seen.length, 1);
});

test('a busy management API is asked again, and given up after a few times', async (t) => {
  const busy = { status: 429, headers: { 'retry-after': '0' } };
  const { endpoint } = await startManagement(t, {
    ...whole(),
    [ACCOUNTS]: [busy, { status: 503 }, { body: { value: [listed] } }],
  });
  assert.equal((await collectAbove('lake', endpoint, options)).account.state, 'known');
  const always = await startManagement(t, { [ACCOUNTS]: [busy] });
  const { account } = await collectAbove('lake', always.endpoint, options);
  assert.deepEqual([account.state === 'refused' && account.reason, always.seen.length], ['HTTP 429', 4]);
});

test('an account of another subscription, and an identity without a token, leave the settings unknown', async (t) => {
  const { endpoint } = await startManagement(t, whole());
  const reasonOf = async (over: Partial<AzureOptions>) => {
    const { account } = await collectAbove('lake', endpoint, { ...options, ...over });
    return account.state === 'refused' ? account.reason : account.state;
  };
  assert.equal(await reasonOf({}), 'no such account in the subscription');
  const credential = { getToken: async () => Promise.reject(new Error('no secret of mine')) };
  assert.equal(await reasonOf({ credential }), 'no usable credentials of Entra');
});

test('the token goes to no host that an answer names', async (t) => {
  const { endpoint } = await startManagement(t, {
    [ACCOUNTS]: [{ body: { value: [], nextLink: 'http://elsewhere.invalid/next' } }],
  });
  const { account } = await collectAbove('lake', endpoint, options);
  assert.equal(account.state === 'refused' && account.reason, 'the listing has no end');
});

test('a token is not sent where others could read it', async () => {
  const { account } = await collectAbove('lake', 'http://management.invalid', options);
  assert.equal(account.state === 'refused' && account.reason, 'tokens go over https alone');
});

test('a store that is not of Azure is asked for no settings', async () => {
  const above = await collectAbove('lake', null, options);
  assert.deepEqual(above.account, { state: 'unsupported', call: 'az:GetStorageAccount' });
});

test('the resource of an account that discovery found is asked for itself, and not listed again', async (t) => {
  const { endpoint, seen } = await startManagement(t, { ...whole(), [ACCOUNT]: [{ body: listed }] });
  const above = await collectAbove('lake', endpoint, { ...options, subscription: null }, ACCOUNT);
  assert.deepEqual([above.owner.subscription, above.account.state], [SUBSCRIPTION, 'known']);
  assert.ok(seen.every(({ url }) => !url.startsWith(ACCOUNTS)));
});
