const CONTAINERS = 'Microsoft.Storage/storageAccounts/blobServices/containers';

/** The calls of the blob service, what each needs from Entra, and from a SAS. */
export const AZURE_CALLS = {
  'az:ListBlobs': { permission: `${CONTAINERS}/blobs/read`, sas: 'the SAS permission l (list) on the container' },
  'az:ListContainers': { permission: `${CONTAINERS}/read`, sas: 'an account SAS with l (list) on the service' },
  'az:GetBlob': { permission: `${CONTAINERS}/blobs/read`, sas: 'the SAS permission r (read) on objects' },
  'az:GetContainerProperties': {
    permission: `${CONTAINERS}/read`,
    sas: 'an account SAS with r (read) on containers',
  },
  'az:GetContainerAcl': { permission: `${CONTAINERS}/getAcl/action`, sas: 'no SAS can ask for it' },
  'az:GetBlobServiceProperties': {
    permission: 'Microsoft.Storage/storageAccounts/blobServices/read',
    sas: 'an account SAS with r (read) on the service',
  },
} as const;
export type AzureCall = keyof typeof AZURE_CALLS;

/** The calls of the management API, by the fact they ask for. */
export const MANAGEMENT_CALLS = {
  account: { call: 'az:GetStorageAccount', permission: 'Microsoft.Storage/storageAccounts/read' },
  replicationPolicies: {
    call: 'az:ListObjectReplicationPolicies',
    permission: 'Microsoft.Storage/storageAccounts/objectReplicationPolicies/read',
  },
  roleAssignments: { call: 'az:ListRoleAssignments', permission: 'Microsoft.Authorization/roleAssignments/read' },
} as const;

/** Those that `az://` makes to find every account. */
export const DISCOVERY_CALLS = {
  subscriptions: { call: 'az:ListSubscriptions', permission: 'Microsoft.Resources/subscriptions/read' },
  accounts: { call: 'az:ListStorageAccounts', permission: 'Microsoft.Storage/storageAccounts/read' },
} as const;

export interface ManagementCall {
  call: string;
  permission: string;
}

/**
 * The least that a scan needs, as a custom role; `az role definition create` takes it. Azure lets a role be defined for a
 * resource group and assigned at an account in it.
 */
export function leastRole(subscription: string | null): object {
  return role([], [`/subscriptions/${subscription ?? 'SUBSCRIPTION'}/resourceGroups/RESOURCE-GROUP`]);
}

/** The same for every account of these subscriptions. */
export function discoveryRole(subscriptions: readonly string[]): object {
  const scopes = subscriptions.length === 0 ? ['SUBSCRIPTION'] : subscriptions;
  const listed = [DISCOVERY_CALLS.subscriptions.permission];
  return role(
    listed,
    scopes.map((id) => `/subscriptions/${id}`),
  );
}

function role(more: readonly string[], scopes: readonly string[]): object {
  const actions = [
    AZURE_CALLS['az:GetContainerProperties'].permission,
    AZURE_CALLS['az:GetContainerAcl'].permission,
    AZURE_CALLS['az:GetBlobServiceProperties'].permission,
    ...Object.values(MANAGEMENT_CALLS).map(({ permission }) => permission),
    ...more,
  ];
  return {
    Name: 'Assay scanner',
    Description: 'Lists and reads blobs, and who can reach them. Changes nothing, reads no keys.',
    Actions: actions,
    DataActions: [AZURE_CALLS['az:GetBlob'].permission],
    AssignableScopes: scopes,
  };
}
