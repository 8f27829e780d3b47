import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  AZURE_CALLS,
  DISCOVERY_CALLS,
  discoveryRole,
  leastRole,
  MANAGEMENT_CALLS,
} from '../../src/providers/azure-permissions.ts';

interface Role {
  Actions: string[];
  DataActions: string[];
  AssignableScopes: string[];
}

test('the documented role of Azure is the printed one, and allows each call and nothing else', () => {
  const text = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  const [, documented = ''] = /## Azure: the role.*?```json\n(.*?)```/s.exec(text) ?? [];
  const role = leastRole(null) as Role;
  assert.deepEqual(JSON.parse(documented), role);
  const needed = [...Object.values(AZURE_CALLS), ...Object.values(MANAGEMENT_CALLS)].map(
    ({ permission }) => permission,
  );
  assert.deepEqual([...role.Actions, ...role.DataActions].sort(), [...new Set(needed)].sort());
  for (const action of [...role.Actions, ...role.DataActions]) assert.match(action, /\/(read|getAcl\/action)$/);
});

test('the role is for the subscription that is named', () => {
  const { AssignableScopes: scopes } = leastRole('my-subscription') as Role;
  assert.deepEqual(scopes, ['/subscriptions/my-subscription/resourceGroups/RESOURCE-GROUP']);
});

test('the role for every account adds what lists them, for each subscription', () => {
  const { Actions: actions, AssignableScopes: scopes } = discoveryRole(['one', 'two']) as Role;
  assert.deepEqual(scopes, ['/subscriptions/one', '/subscriptions/two']);
  const more = actions.filter((action) => !(leastRole(null) as Role).Actions.includes(action));
  assert.deepEqual(more, ['Microsoft.Resources/subscriptions/read']);
  for (const { permission } of Object.values(DISCOVERY_CALLS)) assert.ok(actions.includes(permission), permission);
});
