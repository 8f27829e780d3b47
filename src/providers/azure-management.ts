import type {
  AzureAccount,
  AzureEvidence,
  AzureReplicationPolicy,
  AzureRoleAssignment,
  Fact,
} from '../model/exposure.ts';
import { isPrivate, ManagementApi, refused, STORAGE_VERSION } from './azure-management-api.ts';
import type { AzureOptions } from './azure-options.ts';
import { MANAGEMENT_CALLS, type ManagementCall } from './azure-permissions.ts';

export type Above = Pick<AzureEvidence, 'owner' | 'account' | 'roleAssignments' | 'replicationPolicies'>;

const ROLES_VERSION = '2022-04-01';

/**
 * Facts above the container, from Azure's management API: asked with Entra alone, and only when the subscription is
 * known, by itself or from the `id` of the account's resource. A custom endpoint is asked only when it has a management endpoint of its own (`endpoint` null: there is none).
 */
export async function collectAbove(
  account: string,
  endpoint: string | null,
  options: AzureOptions,
  id?: string,
): Promise<Above> {
  const subscription = id === undefined ? (options.subscription ?? null) : subscriptionOf(id);
  const calls = MANAGEMENT_CALLS;
  const above = (fact: (call: ManagementCall) => Fact<never>, reason: Fact<AzureAccount>): Above => ({
    owner: { subscription, tenant: null },
    account: reason,
    replicationPolicies: fact(calls.replicationPolicies),
    roleAssignments: fact(calls.roleAssignments),
  });
  if (endpoint === null) {
    const lacks = ({ call }: ManagementCall): Fact<never> => ({ state: 'unsupported', call });
    return above(lacks, lacks(calls.account));
  }
  const notAsked = (call: ManagementCall) => refused(call, 'not asked');
  if (subscription === null) return above(notAsked, refused(calls.account, 'the subscription is not known'));
  if (!isPrivate(endpoint)) return above(notAsked, refused(calls.account, 'tokens go over https alone'));
  const api = new ManagementApi(endpoint, options);
  const found = await api.ask(calls.account, () =>
    id === undefined ? findAccount(api, subscription, account) : api.one<AccountItem>(id, STORAGE_VERSION),
  );
  if (found.state !== 'known') return above(notAsked, found);
  if (found.value === null) return above(notAsked, refused(calls.account, 'no such account in the subscription'));
  const { id: resource, properties, identity } = found.value;
  const [replicationPolicies, roleAssignments] = await Promise.all([
    api.ask(calls.replicationPolicies, async () =>
      (await api.pages<ReplicationItem>(`${resource}/objectReplicationPolicies`, STORAGE_VERSION)).map(replicationOf),
    ),
    api.ask(calls.roleAssignments, async () =>
      (await api.pages<RoleItem>(`${resource}/providers/Microsoft.Authorization/roleAssignments`, ROLES_VERSION)).map(
        roleOf,
      ),
    ),
  ]);
  return {
    owner: { subscription, tenant: identity?.tenantId ?? null },
    account: { state: 'known', value: properties },
    replicationPolicies,
    roleAssignments,
  };
}

/** The id of a subscription, from that of a resource in it. */
function subscriptionOf(resource: string): string | null {
  return /^\/subscriptions\/([^/]+)\//.exec(resource)?.[1] ?? null;
}

interface AccountItem {
  id: string;
  name: string;
  properties: AzureAccount;
  identity?: { tenantId?: string };
}
interface ReplicationItem {
  properties: {
    destinationAccount: string;
    sourceAccount: string;
    rules?: { sourceContainer: string; filters?: { prefixMatch?: string[] } }[];
  };
}
interface RoleItem {
  properties: Omit<AzureRoleAssignment, 'condition' | 'delegatedManagedIdentityResourceId'> &
    Partial<Pick<AzureRoleAssignment, 'condition' | 'delegatedManagedIdentityResourceId'>>;
}

/** Its resource group is in no name, so the accounts of the subscription are listed. */
async function findAccount(api: ManagementApi, subscription: string, account: string): Promise<AccountItem | null> {
  const path = `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.Storage/storageAccounts`;
  const accounts = await api.pages<AccountItem>(path, STORAGE_VERSION);
  return accounts.find(({ name }) => name === account) ?? null;
}

function replicationOf({ properties }: ReplicationItem): AzureReplicationPolicy {
  const { destinationAccount, sourceAccount, rules = [] } = properties;
  return {
    destinationAccount,
    sourceAccount,
    rules: rules.map(({ sourceContainer, filters }) => ({ sourceContainer, prefixes: filters?.prefixMatch ?? [] })),
  };
}

function roleOf({ properties }: RoleItem): AzureRoleAssignment {
  const { principalId, principalType, roleDefinitionId, scope } = properties;
  const { condition = null, delegatedManagedIdentityResourceId = null } = properties;
  return { principalId, principalType, roleDefinitionId, scope, condition, delegatedManagedIdentityResourceId };
}
