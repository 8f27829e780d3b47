import type {
  ActionClass,
  AzureAccessPolicy,
  AzureEvidence,
  AzureReplicationPolicy,
  AzureRoleAssignment,
  Grant,
  GrantPath,
} from '../model/exposure.ts';
import type { AzureGrant, AzureHome } from './azure-anonymous.ts';

const EVERYTHING: ActionClass[] = ['list', 'read', 'write', 'delete', 'change-permissions', 'config-read'];
/** `listKeys`: the key of the account is full control, while keys are accepted. */
const KEYS = 'keys';

/** Built-in roles by the GUID at the end of their id (learn.microsoft.com, built-in roles). */
const ROLES: Readonly<Record<string, { name: string; actions: readonly ActionClass[] | typeof KEYS }>> = {
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': { name: 'Storage Blob Data Reader', actions: ['list', 'read'] },
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': {
    name: 'Storage Blob Data Contributor',
    actions: ['list', 'read', 'write', 'delete'],
  },
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': { name: 'Storage Blob Data Owner', actions: EVERYTHING },
  'db58b8e5-c6ad-4a2a-8342-4190687cbf4a': { name: 'Storage Blob Delegator', actions: [] },
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': { name: 'Owner', actions: KEYS },
  'b24988ac-6180-42a0-ab88-20f7382dd24c': { name: 'Contributor', actions: KEYS },
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': { name: 'Reader', actions: ['config-read'] },
  '17d1049b-9a84-46fb-8f53-869881c3d3ab': { name: 'Storage Account Contributor', actions: KEYS },
  '81a9662b-bebf-436f-a333-f67b29880f12': { name: 'Storage Account Key Operator Service Role', actions: KEYS },
  'c12c1c16-33a1-487b-954d-41c89c60f349': { name: 'Reader and Data Access', actions: KEYS },
  '92aaf0da-9dab-42b6-94a3-d43ce8d16293': { name: 'Log Analytics Contributor', actions: KEYS },
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': { name: 'User Access Administrator', actions: ['change-permissions'] },
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': {
    name: 'Role Based Access Control Administrator',
    actions: ['change-permissions'],
  },
};
/** Roles with `listKeys` that may also assign roles. */
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

/** Letters of a SAS (learn.microsoft.com, service SAS). */
const LETTERS: Readonly<Record<string, readonly ActionClass[]>> = {
  r: ['read'],
  a: ['write'],
  c: ['write'],
  w: ['write'],
  t: ['write'],
  d: ['delete'],
  x: ['delete'],
  y: ['delete'],
  l: ['list'],
  m: ['write', 'delete'],
  e: ['config-read'],
  o: ['change-permissions'],
  p: ['change-permissions'],
};

/** Accounts made from this day on forbid replication to other tenants unless they say otherwise. */
const TENANTS_APART_SINCE = '2023-12-15';

/** Whether account keys, and the SAS made with them, are taken; null: not known. */
export function acceptsKeys({ account }: Pick<AzureEvidence, 'account'>): boolean | null {
  if (account.state === 'refused') return null;
  return account.state === 'unsupported' || account.value?.allowSharedKeyAccess !== false;
}

/** Whether objects may be replicated to accounts of other tenants; null: not known. */
export function allowsOtherTenants({ account }: Pick<AzureEvidence, 'account'>): boolean | null {
  if (account.state !== 'known') return null;
  const { allowCrossTenantReplication: isAllowed, creationTime } = account.value ?? {};
  if (isAllowed != null) return isAllowed;
  return creationTime == null ? null : creationTime < TENANTS_APART_SINCE;
}

/** Who reaches the container with something in hand: keys, SAS, roles, replication. */
export function holderGrants(evidence: AzureEvidence, home: AzureHome, now: string): AzureGrant[] {
  return [
    ...keyGrants(evidence),
    ...known(evidence.accessPolicies).map((policy, index) => policyGrant(policy, index, evidence, now)),
    ...known(evidence.roleAssignments).flatMap((one, index) =>
      isElsewhere(one, evidence) ? [] : [roleGrant(one, index, evidence)],
    ),
    ...known(evidence.replicationPolicies).flatMap((policy, index) => replicationGrants(policy, index, evidence, home)),
  ];
}

function known<T>(fact: { state: string; value?: T[] | null }): T[] {
  return fact.state === 'known' ? (fact.value ?? []) : [];
}

function keyGrants(evidence: AzureEvidence): AzureGrant[] {
  const { account } = evidence;
  if (account.state !== 'known') return [];
  const isOn = acceptsKeys(evidence) === true;
  const cause = 'allowSharedKeyAccess of the account';
  const { sasExpirationPeriod: period, expirationAction: action } = account.value?.sasPolicy ?? {};
  const bound =
    period == null ? 'no policy bounds how long a SAS lives' : `a SAS lives at most ${period} (${action ?? 'Log'})`;
  const holders = 'Whoever holds a key of the account or a SAS made with one';
  const grant = grantOf(
    'shared-key',
    ['holders of a key or SAS'],
    EVERYTHING,
    { doc: cause },
    isOn ? [] : [`${cause}=false`],
  );
  const sentence = isOn
    ? `${holders} has what it gives: ${cause} is on, and ${bound}; which were given cannot be listed.`
    : 'Account keys and the SAS made with them are refused (allowSharedKeyAccess is off).';
  return [{ grant, reach: 'private', foreign: [], sentence }];
}

function policyGrant(policy: AzureAccessPolicy, index: number, evidence: AzureEvidence, now: string): AzureGrant {
  const actions = EVERYTHING.filter((action) =>
    [...policy.permissions].some((letter) => LETTERS[letter]?.includes(action)),
  );
  const blockedBy = [
    ...(policy.expiresOn !== null && policy.expiresOn < now ? [`its end ${policy.expiresOn}`] : []),
    ...(acceptsKeys(evidence) === false ? ['allowSharedKeyAccess of the account=false'] : []),
  ];
  const cause = { doc: 'stored access policies', sid: policy.id, grantIndex: index };
  const grant = grantOf('sas', [`holders of a SAS of policy ${policy.id}`], actions, cause, blockedBy);
  const until = policy.expiresOn === null ? 'without an end' : `until ${policy.expiresOn}`;
  const stop = blockedBy.length > 0 ? ` Stopped by ${blockedBy.join(' and ')}.` : '';
  const sentence = `SAS tokens may exist that give ${policy.permissions || 'nothing by themselves'} ${until}: stored access policy "${policy.id}".${stop}`;
  return { grant, reach: 'private', foreign: [], sentence };
}

/** Azure lists what is assigned below the account too: on another container, or on a service that holds no blobs. */
function isElsewhere({ scope }: AzureRoleAssignment, { container }: AzureEvidence): boolean {
  const [, service, name] = /\/storageAccounts\/[^/]+\/(\w+)Services\/[^/]+(?:\/[^/]+\/([^/]+))?/i.exec(scope) ?? [];
  if (service === undefined) return false;
  return service.toLowerCase() !== 'blob' || (container !== null && name !== undefined && name !== container);
}

function roleGrant(assignment: AzureRoleAssignment, index: number, evidence: AzureEvidence): AzureGrant {
  const { principalId, principalType, scope, condition, delegatedManagedIdentityResourceId: delegated } = assignment;
  const guid = assignment.roleDefinitionId.split('/').at(-1)?.toLowerCase() ?? '';
  const role = ROLES[guid];
  const isForeign = principalType === 'ForeignGroup' || delegated !== null;
  const byKeys = role?.actions === KEYS && acceptsKeys(evidence) !== false;
  const actions = byKeys ? EVERYTHING : withoutKeys(guid);
  const name = role?.name ?? `role ${guid}, which is none of the built-in ones known here,`;
  const grant: Grant = {
    ...grantOf('rbac', [principalId], [...actions], { doc: 'role assignments', sid: scope, binding: index }, []),
    principal: { class: isForeign ? 'foreign-account' : 'same-account', ids: [principalId], trusted: false },
    rawActions: [role?.name ?? assignment.roleDefinitionId],
    conditions: condition === null ? [] : [{ key: 'condition', operator: 'ABAC', values: [condition], kind: 'other' }],
  };
  const why = byKeys ? ', by the keys of the account' : '';
  const sentence = isForeign
    ? `The principal ${principalId} of another tenant has ${name} at ${scope}${why}.`
    : `${principalType} ${principalId} has ${name} at ${scope}${why}.`;
  return {
    grant,
    reach: isForeign ? 'cross-account' : 'private',
    foreign: isForeign ? [`principal:${principalId}`] : [],
    sentence,
  };
}

/** What a role gives where no keys are taken; one that is not known here may give everything. */
function withoutKeys(guid: string): readonly ActionClass[] {
  if (guid === OWNER) return ['change-permissions', 'config-read'];
  const actions = ROLES[guid]?.actions ?? EVERYTHING;
  return actions === KEYS ? ['config-read'] : actions;
}

function replicationGrants(
  { destinationAccount, sourceAccount, rules }: AzureReplicationPolicy,
  index: number,
  evidence: AzureEvidence,
  home: AzureHome,
): AzureGrant[] {
  const { storageAccount, container } = evidence;
  const isSource = storageAccount === null || lastPart(sourceAccount) === storageAccount;
  const copied = rules.filter(({ sourceContainer }) => container === null || sourceContainer === container);
  if (!isSource || copied.length === 0) return [];
  const subscription = /^\/subscriptions\/([^/]+)\//i.exec(destinationAccount)?.[1] ?? null;
  const trusted = [home.subscription, ...home.trusted.accounts].includes(subscription ?? lastPart(destinationAccount));
  const prefixes = [...new Set(copied.flatMap((rule) => (rule.prefixes.length > 0 ? rule.prefixes : [''])))];
  const id = subscription === null ? `account:${lastPart(destinationAccount)}` : `subscription:${subscription}`;
  const grant: Grant = {
    ...grantOf(
      'replication-out',
      [destinationAccount],
      ['read'],
      { doc: 'object replication policies', grantIndex: index },
      [],
    ),
    principal: { class: trusted ? 'same-org' : 'foreign-account', ids: [destinationAccount], trusted },
    scope: { prefixes: prefixes.map((prefix) => `${prefix}*`), except: [] },
  };
  return [
    {
      grant,
      reach: trusted ? 'organization' : 'cross-account',
      foreign: trusted ? [] : [id],
      sentence: `Objects are copied to account ${lastPart(destinationAccount)}${subscription === null ? '' : ` of subscription ${subscription}`}: object replication policy ${index}${trusted ? '' : '; add the subscription to the trusted accounts when it is yours'}.`,
    },
  ];
}

function lastPart(id: string): string {
  return id.split('/').at(-1) ?? id;
}

function grantOf(
  path: GrantPath,
  ids: string[],
  actions: ActionClass[],
  cause: Grant['cause'],
  blockedBy: string[],
): Grant {
  return {
    principal: { class: 'unknown', ids, trusted: false },
    actions,
    rawActions: [],
    scope: { prefixes: ['*'], except: [] },
    conditions: [],
    path,
    cause,
    state: blockedBy.length > 0 ? 'blocked' : 'effective',
    ...(blockedBy.length > 0 && { blockedBy }),
    fix: [],
  };
}
