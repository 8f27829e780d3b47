import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differingScopes, exposureOfPart } from '../../src/exposure/part.ts';
import { judge } from './azure-sample.ts';

const open = (name = 'lake', publicAccess = 'Container') => [{ name, publicAccess }];

test('keys and SAS are told, with what bounds them, and that they are refused', () => {
  const sentence = (account: object) => judge({ facts: { account, containers: [] } }).because.join(' ');
  assert.match(sentence({ allowSharedKeyAccess: null }), /Whoever holds a key .* no policy bounds/);
  assert.match(
    sentence({ sasPolicy: { sasExpirationPeriod: '7.00:00:00', expirationAction: 'Block' } }),
    /at most 7\.00:00:00 \(Block\)/,
  );
  assert.match(sentence({ allowSharedKeyAccess: false }), /are refused/);
});

test('stored access policies are grants to whoever holds a SAS of them', () => {
  const policy = (permissions: string, expiry: string) => ({ id: 'p', accessPolicy: { permissions, expiry } });
  const sas = (accessPolicies: object[], account = {}) =>
    judge({ facts: { account, containers: [], accessPolicies } }).grants.find(({ path }) => path === 'sas');
  const live = sas([policy('rwdl', '2030-01-01T00:00:00Z')]);
  assert.deepEqual([live?.actions, live?.state], [['list', 'read', 'write', 'delete'], 'effective']);
  assert.equal(sas([policy('r', '2020-01-01T00:00:00Z')])?.state, 'blocked');
  assert.equal(sas([policy('r', '2030-01-01T00:00:00Z')], { allowSharedKeyAccess: false })?.state, 'blocked');
});

test('role assignments say who may do what, and those of another tenant are foreign', () => {
  const role = (guid: string, extra: object = {}) => ({
    properties: {
      principalId: 'someone',
      principalType: 'User',
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
      scope: '/subscriptions/s',
      ...extra,
    },
  });
  const reader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
  const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
  const judged = (assignment: object, account = {}) =>
    judge({ facts: { account, containers: [], roleAssignments: [assignment] } });
  const own = judged(role(reader));
  assert.equal(own.verdict, 'private');
  assert.deepEqual(own.grants.find(({ path }) => path === 'rbac')?.actions, ['list', 'read']);
  const guest = judged(role(contributor, { principalType: 'ForeignGroup' }));
  assert.deepEqual([guest.effective.write, guest.crossAccount], ['cross-account', ['principal:someone']]);
  assert.match(guest.fix.join(' '), /az role assignment delete --assignee someone --scope \/subscriptions\/s/);
  const withoutKeys = judged(role(contributor, { principalType: 'ForeignGroup' }), { allowSharedKeyAccess: false });
  assert.equal(withoutKeys.effective.write, 'private');
});

test('replication to an account of another subscription is foreign until it is trusted', () => {
  const replicationPolicies = [
    {
      properties: {
        sourceAccount: '/subscriptions/own/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account',
        destinationAccount: '/subscriptions/other/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/copy',
        rules: [{ sourceContainer: 'lake', filters: { prefixMatch: ['pii/'] } }],
      },
    },
  ];
  const facts = { account: {}, containers: open('lake', 'None'), replicationPolicies };
  const answer = judge({ facts, bucket: 'account/lake', owner: { account: 'own' } });
  assert.deepEqual(
    [answer.verdict, answer.public, answer.crossAccount],
    ['cross-account', false, ['subscription:other']],
  );
  assert.deepEqual(answer.grants.find(({ path }) => path === 'replication-out')?.scope.prefixes, ['pii/*']);
  const trusted = judge({ facts, bucket: 'account/lake', owner: { account: 'own' }, trusted: { accounts: ['other'] } });
  assert.equal(trusted.verdict, 'organization');
  const elsewhere = { ...facts, containers: [...open('lake', 'None'), ...open('other', 'None')] };
  assert.deepEqual(judge({ facts: elsewhere, bucket: 'account/other' }).crossAccount, []);
});

test('replication of some prefixes makes them a part of the container that is reached by others', () => {
  const policy = {
    properties: {
      destinationAccount: '/subscriptions/other/x/storageAccounts/partner',
      sourceAccount: 'lake',
      rules: [{ sourceContainer: 'data', filters: { prefixMatch: ['pii/', 'raw/'] } }],
    },
  };
  const facts = { account: {}, containers: open('data', 'None'), replicationPolicies: [policy] };
  const answer = judge({ bucket: 'lake/data', facts });
  const scopes = differingScopes(answer);
  assert.deepEqual(scopes, [{ prefixes: ['pii/*', 'raw/*'], except: [] }]);
  assert.equal(exposureOfPart(answer, scopes, scopes).verdict, 'cross-account');
  const elsewhere = exposureOfPart(answer, scopes, []);
  assert.deepEqual([elsewhere.verdict, elsewhere.crossAccount], ['private', []]);
  assert.deepEqual(differingScopes(judge({ bucket: 'lake/data', facts: { ...facts, replicationPolicies: [] } })), []);
});

test('a role on another container, or on a service without blobs, gives nothing here', () => {
  const account = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lake';
  const assignment = (scope: string) => ({
    principalId: 'stranger',
    principalType: 'ForeignGroup',
    roleDefinitionId: '/x/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    scope,
    condition: null,
    delegatedManagedIdentityResourceId: null,
  });
  for (const [scope, verdict] of [
    ['/', 'cross-account'],
    [account, 'cross-account'],
    [`${account}/blobServices/default`, 'cross-account'],
    [`${account}/blobServices/default/containers/data`, 'cross-account'],
    [`${account}/blobServices/default/containers/other`, 'private'],
    [`${account}/queueServices/default/queues/data`, 'private'],
  ] as const) {
    const facts = { account: {}, containers: open('data', 'None'), roleAssignments: [assignment(scope)] };
    assert.equal(judge({ bucket: 'lake/data', facts }).verdict, verdict, scope);
  }
});

test('replication to other tenants is told where the account allows it', () => {
  const isTold = (account: object) =>
    /replicated to other tenants/.test(judge({ facts: { account, containers: [] } }).because.join(' '));
  assert.equal(isTold({ allowCrossTenantReplication: true }), true);
  assert.equal(isTold({ allowCrossTenantReplication: null, creationTime: '2022-01-01T00:00:00Z' }), true);
  assert.equal(isTold({ allowCrossTenantReplication: null, creationTime: '2024-01-01T00:00:00Z' }), false);
  assert.equal(isTold({ allowCrossTenantReplication: false }), false);
});
