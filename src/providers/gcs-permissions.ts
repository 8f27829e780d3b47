/** The calls that collect exposure, and what each needs. A call without a permission of its own can be made by every caller. */
export const GCS_FACTS = {
  metadata: { call: 'storage.buckets.get', permission: 'storage.buckets.get' },
  iamPolicy: { call: 'storage.buckets.getIamPolicy', permission: 'storage.buckets.getIamPolicy' },
  acl: { call: 'storage.bucketAccessControls.list', permission: 'storage.buckets.getIamPolicy' },
  defaultObjectAcl: { call: 'storage.defaultObjectAccessControls.list', permission: 'storage.buckets.getIamPolicy' },
  objectAcls: { call: 'storage.objectAccessControls.list', permission: 'storage.objects.getIamPolicy' },
  managedFolders: { call: 'storage.managedFolders.list', permission: 'storage.managedFolders.list' },
  managedFolderPolicy: {
    call: 'storage.managedFolders.getIamPolicy',
    permission: 'storage.managedFolders.getIamPolicy',
  },
  project: { call: 'resourcemanager.projects.get', permission: 'resourcemanager.projects.get' },
  orgPolicy: { call: 'orgpolicy.policies.getEffectivePolicy', permission: 'orgpolicy.policy.get' },
  role: { call: 'iam.roles.get', permission: 'iam.roles.get' },
} as const;

/** The calls that find every bucket of a project, folder or organisation. */
export const GCS_DISCOVERY = {
  buckets: { call: 'storage.buckets.list', permission: 'storage.buckets.list' },
  projects: { call: 'resourcemanager.projects.list', permission: 'resourcemanager.projects.list' },
  folders: { call: 'resourcemanager.folders.list', permission: 'resourcemanager.folders.list' },
} as const;

/** What a scan needs on the bucket, and what it needs above it to know the whole of who can reach it. */
export const GCS_SCAN_PERMISSIONS = ['storage.objects.list', 'storage.objects.get'] as const;
export const GCS_BUCKET_PERMISSIONS = [
  'storage.buckets.get',
  'storage.buckets.getIamPolicy',
  'storage.objects.getIamPolicy',
  'storage.managedFolders.list',
  'storage.managedFolders.getIamPolicy',
] as const;
export const GCS_PROJECT_PERMISSIONS = [
  'resourcemanager.projects.get',
  'resourcemanager.projects.getIamPolicy',
  'orgpolicy.policy.get',
  'iam.roles.get',
] as const;

/** What is above the projects of a folder or organisation, whose grants reach their buckets too. */
export const GCS_ABOVE_PERMISSIONS = [
  'resourcemanager.folders.get',
  'resourcemanager.folders.getIamPolicy',
  'resourcemanager.organizations.getIamPolicy',
] as const;

/** What a role is for: buckets that are named, all of a project, or all of a folder or organisation. */
export type GcsScope = 'bucket' | 'project' | 'organization';

/** The least that a scan of buckets needs, as a custom role; `gcloud iam roles create --file` takes it. */
export function leastGcsRole(scope: GcsScope = 'bucket'): object {
  const { buckets, projects, folders } = GCS_DISCOVERY;
  const discovery = {
    bucket: [],
    project: [buckets.permission],
    organization: [buckets.permission, projects.permission, folders.permission, ...GCS_ABOVE_PERMISSIONS],
  }[scope];
  return {
    title: 'Assay scanner',
    description: 'Lists and reads objects, and who can reach them. Changes nothing.',
    stage: 'GA',
    includedPermissions: [...GCS_SCAN_PERMISSIONS, ...GCS_BUCKET_PERMISSIONS, ...GCS_PROJECT_PERMISSIONS, ...discovery],
  };
}
