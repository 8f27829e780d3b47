import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AzureAccount,
  AzureEvidence,
  AzureReplicationPolicy,
  AzureRoleAssignment,
  Fact,
} from '../model/exposure.ts';
import { entraCredential, tokenFor } from './azure-credentials.ts';
import type { AzureOptions } from './azure-options.ts';
import { MANAGEMENT_CALLS, type ManagementCall } from './azure-permissions.ts';

export type Above = Pick<AzureEvidence, 'owner' | 'account' | 'roleAssignments' | 'replicationPolicies'>;

const STORAGE_VERSION = '2023-05-01';
const ROLES_VERSION = '2022-04-01';
const TRIES = 4;
const MAX_PAUSE_MS = 20_000;
/** Of a listing that names ever another page. */
const MAX_PAGES = 1000;

/**
 * Facts above the container, from Azure's management API: asked with Entra alone, and only when the subscription is
 * known. A custom endpoint is asked only when it has a management endpoint of its own (`endpoint` null: there is none).
 */
export async function collectAbove(account: string, endpoint: string | null, options: AzureOptions): Promise<Above> {
  const { subscription = null } = options;
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
  const found = await api.ask(calls.account, () => findAccount(api, subscription, account));
  if (found.state !== 'known') return above(notAsked, found);
  if (found.value === null) return above(notAsked, refused(calls.account, 'no such account in the subscription'));
  const { id, properties, identity } = found.value;
  const [replicationPolicies, roleAssignments] = await Promise.all([
    api.ask(calls.replicationPolicies, async () =>
      (await api.pages<ReplicationItem>(`${id}/objectReplicationPolicies`, STORAGE_VERSION)).map(replicationOf),
    ),
    api.ask(calls.roleAssignments, async () =>
      (await api.pages<RoleItem>(`${id}/providers/Microsoft.Authorization/roleAssignments`, ROLES_VERSION)).map(roleOf),
    ),
  ]);
  return {
    owner: { subscription, tenant: identity?.tenantId ?? null },
    account: { state: 'known', value: properties },
    replicationPolicies,
    roleAssignments,
  };
}

/** Nobody on the way can read a token. */
function isPrivate(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost';
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

function refused({ call, permission }: ManagementCall, reason: string): Fact<never> {
  return { state: 'refused', call, reason, permission };
}

/** The answer to one request, when it is not the one that was asked for. */
class ManagementRefusal extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Reads of the management API, page by page. */
class ManagementApi {
  private readonly endpoint: string;
  private readonly options: AzureOptions;
  private token: Promise<string> | undefined;

  constructor(endpoint: string, options: AzureOptions) {
    this.endpoint = endpoint.replace(/\/+$/, '');
    this.options = options;
  }

  /** Whatever goes wrong is a refusal that says why: without these facts a bucket can still be scanned. */
  async ask<T>(call: ManagementCall, read: () => Promise<T>): Promise<Fact<T>> {
    try {
      return { state: 'known', value: await read() };
    } catch (error) {
      if (error instanceof ManagementRefusal) return refused(call, error.reason);
      const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
      return refused(call, typeof code === 'string' ? code : 'no answer');
    }
  }

  async pages<T>(path: string, version: string): Promise<T[]> {
    const items: T[] = [];
    let url = `${this.endpoint}${path}?api-version=${version}`;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { value = [], nextLink } = (await this.get(url)) as { value?: T[]; nextLink?: string | null };
      items.push(...value);
      if (nextLink == null || nextLink === '') return items;
      // The token goes to no other host.
      if (new URL(nextLink).origin !== new URL(this.endpoint).origin) break;
      url = nextLink;
    }
    throw new ManagementRefusal('the listing has no end');
  }

  private async get(url: string): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(url, {
        headers: { authorization: `Bearer ${await this.bearer()}`, accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(this.options.idleTimeoutMs ?? 30_000),
      });
      if (answer.ok) return answer.json();
      await answer.body?.cancel();
      const { status } = answer;
      if (status === 403) throw new ManagementRefusal('AccessDenied');
      const isBusy = status === 429 || status >= 500;
      if (!isBusy || tries === TRIES) throw new ManagementRefusal(`HTTP ${status}`);
      const asked = Number(answer.headers.get('retry-after') ?? 0) * 1000;
      const pause = Math.random() * (this.options.retryBaseMs ?? 1000) * 2 ** tries;
      await sleep(Math.min(MAX_PAUSE_MS, Math.max(asked, pause)));
    }
  }

  private bearer(): Promise<string> {
    const scope = `${this.options.managementEndpoint == null ? this.endpoint : 'https://management.azure.com'}/.default`;
    this.token ??= Promise.resolve(this.options.credential ?? entraCredential())
      .then((credential) => tokenFor(credential, scope))
      .catch(() => {
        throw new ManagementRefusal('no usable credentials of Entra');
      });
    return this.token;
  }
}
