import type {
  AzureAccessPolicy,
  AzureAccount,
  AzureEvidence,
  AzureNetworkRules,
  AzureReplicationPolicy,
  AzureRoleAssignment,
  Fact,
} from '../model/exposure.ts';

type Document = Record<string, unknown>;

const CALLS = {
  account: ['az:GetStorageAccount', 'Microsoft.Storage/storageAccounts/read'],
  containers: ['az:GetContainerProperties', 'Microsoft.Storage/storageAccounts/blobServices/containers/read'],
  staticWebsite: ['az:GetBlobServiceProperties', 'Microsoft.Storage/storageAccounts/blobServices/read'],
  accessPolicies: ['az:GetContainerAcl', 'Microsoft.Storage/storageAccounts/blobServices/containers/getAcl/action'],
  roleAssignments: ['az:ListRoleAssignments', 'Microsoft.Authorization/roleAssignments/read'],
  replicationPolicies: [
    'az:ListObjectReplicationPolicies',
    'Microsoft.Storage/storageAccounts/objectReplicationPolicies/read',
  ],
} as const;

/**
 * `facts` of recorded evidence: `account`, `containers`, `staticWebsite`, `accessPolicies`, `roleAssignments` and
 * `replicationPolicies`, each as Azure's management API, its SDK or its command line writes it. Answers what is wrong
 * with them as text.
 */
export function readAzureFacts(bucket: string | null, owner: Document, facts: Document): AzureEvidence | string {
  const accountGiven = propertiesOf(facts.account);
  const website = facts.staticWebsite ?? (isRecord(accountGiven) ? accountGiven.staticWebsite : undefined);
  const read = {
    account: fact(facts.account, 'account', accountOf),
    containers: fact(facts.containers, 'containers', containersOf),
    staticWebsite: fact(website, 'staticWebsite', websiteOf),
    accessPolicies: fact(facts.accessPolicies, 'accessPolicies', listOf(accessPolicyOf)),
    roleAssignments: fact(facts.roleAssignments, 'roleAssignments', listOf(roleAssignmentOf)),
    replicationPolicies: fact(facts.replicationPolicies, 'replicationPolicies', listOf(replicationPolicyOf)),
  };
  for (const [name, found] of Object.entries(read)) if (found === null) return `facts.${name} cannot be read`;
  const names = read.containers?.state === 'known' ? (read.containers.value ?? []).map(({ name }) => name) : [];
  const [account = null, container = null] = placeOf(bucket, names);
  if (container !== null && names.length > 0 && !names.includes(container))
    return `facts.containers does not name ${container}`;
  return {
    provider: 'azure-blob',
    storageAccount: account,
    container,
    owner: { subscription: text(owner.account), tenant: text(owner.org) },
    ...(read as { [Name in keyof typeof read]: NonNullable<(typeof read)[Name]> }),
    endpoint: null,
  };
}

/** `account/container`; one word alone is a container where there is one of that name, else the account. */
function placeOf(bucket: string | null, names: readonly string[]): (string | null)[] {
  const [first = null, second] = bucket?.split('/') ?? [];
  if (second !== undefined) return [first, second === '' ? null : second];
  return first !== null && names.includes(first) ? [null, first] : [first, null];
}

/** Null when the value is there and cannot be read. */
function fact<T>(given: unknown, name: keyof typeof CALLS, read: (value: unknown) => T | null): Fact<T> | null {
  const [call, permission] = CALLS[name];
  if (given === undefined) return { state: 'refused', call, reason: 'not asked', permission };
  if (given === null) return { state: 'known', value: null };
  if (isRecord(given) && typeof given.unavailable === 'string') {
    if (given.unavailable === 'NotImplemented') return { state: 'unsupported', call };
    return { state: 'refused', call, reason: given.unavailable, permission: text(given.permission) ?? permission };
  }
  const value = read(given);
  return value === null ? null : { state: 'known', value };
}

export function accountOf(given: unknown): AzureAccount | null {
  const settings = propertiesOf(given);
  if (!isRecord(settings)) return null;
  const rules = settings.networkAcls ?? settings.networkRuleSet;
  const networkAcls = rules == null ? null : rulesOf(rules);
  if (rules != null && networkAcls === null) return null;
  return {
    allowBlobPublicAccess: boolean(settings.allowBlobPublicAccess),
    publicNetworkAccess: text(settings.publicNetworkAccess),
    networkAcls,
    allowSharedKeyAccess: boolean(settings.allowSharedKeyAccess),
    allowCrossTenantReplication: boolean(settings.allowCrossTenantReplication),
    isSftpEnabled: boolean(settings.isSftpEnabled),
    creationTime: text(settings.creationTime),
    sasPolicy: isRecord(settings.sasPolicy)
      ? {
          sasExpirationPeriod: text(settings.sasPolicy.sasExpirationPeriod),
          expirationAction: text(settings.sasPolicy.expirationAction),
        }
      : null,
  };
}

function rulesOf(given: unknown): AzureNetworkRules | null {
  if (!isRecord(given)) return null;
  return {
    defaultAction: text(given.defaultAction),
    bypass: text(Array.isArray(given.bypass) ? given.bypass.join(', ') : given.bypass),
    ipRules: [...records(given.ipRules), ...records(given.ipv6Rules)].flatMap((rule) => {
      const value = text(rule.value) ?? text(rule.iPAddressOrRange) ?? text(rule.ipAddressOrRange);
      return value === null ? [] : [{ value }];
    }),
    virtualNetworkRules: records(given.virtualNetworkRules).flatMap((rule) => {
      const id = text(rule.id) ?? text(rule.virtualNetworkResourceId);
      return id === null ? [] : [{ id }];
    }),
    resourceAccessRules: records(given.resourceAccessRules).flatMap((rule) => {
      const [tenantId, resourceId] = [text(rule.tenantId), text(rule.resourceId)];
      return tenantId === null || resourceId === null ? [] : [{ tenantId, resourceId }];
    }),
  };
}

function containersOf(given: unknown): { name: string; publicAccess: string | null }[] | null {
  return listOf((one) => {
    const settings = propertiesOf(one);
    if (!isRecord(one) || !isRecord(settings)) return null;
    const name = text(one.name);
    const level = settings.publicAccess ?? settings.blobPublicAccess;
    return name === null || (level != null && typeof level !== 'string') ? null : { name, publicAccess: text(level) };
  })(given);
}

function websiteOf(given: unknown): boolean | null {
  if (typeof given === 'boolean') return given;
  return isRecord(given) ? boolean(given.enabled ?? given.Enabled) : null;
}

function accessPolicyOf(given: unknown): AzureAccessPolicy | null {
  if (!isRecord(given)) return null;
  const policy = isRecord(given.accessPolicy) ? given.accessPolicy : given;
  const id = text(given.id);
  if (id === null) return null;
  return {
    id,
    permissions: text(policy.permissions) ?? text(policy.permission) ?? '',
    startsOn: text(policy.startsOn) ?? text(policy.start),
    expiresOn: text(policy.expiresOn) ?? text(policy.expiry),
  };
}

export function roleAssignmentOf(given: unknown): AzureRoleAssignment | null {
  const settings = propertiesOf(given);
  if (!isRecord(settings)) return null;
  const [principalId, roleDefinitionId] = [text(settings.principalId), text(settings.roleDefinitionId)];
  if (principalId === null || roleDefinitionId === null) return null;
  return {
    principalId,
    principalType: text(settings.principalType) ?? 'Principal',
    roleDefinitionId,
    scope: text(settings.scope) ?? '/',
    condition: text(settings.condition),
    delegatedManagedIdentityResourceId: text(settings.delegatedManagedIdentityResourceId),
  };
}

export function replicationPolicyOf(given: unknown): AzureReplicationPolicy | null {
  const settings = propertiesOf(given);
  if (!isRecord(settings)) return null;
  const [destinationAccount, sourceAccount] = [text(settings.destinationAccount), text(settings.sourceAccount)];
  if (destinationAccount === null) return null;
  return {
    destinationAccount,
    sourceAccount: sourceAccount ?? '',
    rules: records(settings.rules).map((rule) => {
      const filters = isRecord(rule.filters) ? rule.filters : {};
      const prefixes = Array.isArray(filters.prefixMatch) ? filters.prefixMatch : [];
      return {
        sourceContainer: text(rule.sourceContainer) ?? '',
        prefixes: prefixes.filter((prefix) => typeof prefix === 'string'),
      };
    }),
  };
}

/** Null unless every item can be read. */
function listOf<T>(read: (given: unknown) => T | null): (given: unknown) => T[] | null {
  return (given) => {
    const items: unknown[] | null = Array.isArray(given)
      ? given
      : isRecord(given) && Array.isArray(given.value)
        ? given.value
        : null;
    const all = items?.map(read) ?? [null];
    return all.every((one) => one !== null) ? (all as T[]) : null;
  };
}

/** The management API wraps settings in `properties`; its command line does not. */
function propertiesOf(given: unknown): unknown {
  return isRecord(given) && isRecord(given.properties) ? given.properties : given;
}

function records(given: unknown): Document[] {
  return Array.isArray(given) ? given.filter(isRecord) : [];
}

/** Templates write it as text. */
function boolean(given: unknown): boolean | null {
  if (typeof given === 'string' && /^(true|false)$/i.test(given)) return given.toLowerCase() === 'true';
  return typeof given === 'boolean' ? given : null;
}

function text(given: unknown): string | null {
  return typeof given === 'string' && given !== '' ? given : null;
}

function isRecord(given: unknown): given is Document {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
