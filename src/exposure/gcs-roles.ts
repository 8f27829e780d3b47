import type { ActionClass } from '../model/exposure.ts';

/** Permissions that let somebody do something to a bucket, by one letter each for the table below. */
const LETTERS: Readonly<Record<string, string>> = {
  l: 'storage.objects.list',
  r: 'storage.objects.get',
  w: 'storage.objects.create',
  u: 'storage.objects.update',
  d: 'storage.objects.delete',
  o: 'storage.objects.setIamPolicy',
  p: 'storage.buckets.setIamPolicy',
  b: 'storage.buckets.update',
  m: 'storage.managedFolders.setIamPolicy',
  h: 'storage.hmacKeys.create',
  g: 'storage.buckets.get',
  i: 'storage.buckets.getIamPolicy',
  P: 'resourcemanager.projects.setIamPolicy',
  F: 'resourcemanager.folders.setIamPolicy',
  O: 'resourcemanager.organizations.setIamPolicy',
};

/** Google's predefined roles that hold one of these, by what they hold: its catalogue of 2,461 roles of August 2026. */
const ROLES: Readonly<Record<string, string>> = {
  '': 'storage.viewer',
  F: 'privilegedaccessmanager.folderServiceAgent resourcemanager.folderIamAdmin',
  O: 'privilegedaccessmanager.organizationServiceAgent',
  P: `
    gkehub.crossProjectServiceAgent krmapihosting.anthosApiEndpointServiceAgent
    privilegedaccessmanager.projectServiceAgent resourcemanager.projectIamAdmin`,
  g: 'appengine.serviceAgent storage.bucketViewer storage.insightsCollectorService',
  h: 'editor storage.editor storage.hmacKeyAdmin',
  l: `
    bigquerymigration.orchestrator binaryauthorization.serviceAgent workloadmanager.admin
    workloadmanager.deploymentAdmin`,
  r: `
    aiplatform.extensionServiceAgent managedflink.serviceAgent migrationcenter.serviceAgent run.builder
    storage.legacyObjectReader`,
  w: 'storage.objectCreator',
  PF: 'resourcemanager.folderAdmin',
  bg: `
    cloudmigration.inframanager eventarc.serviceAgent kuberun.eventsControlPlaneServiceAgent
    securitycenter.securityResponseServiceAgent`,
  gi: `
    auditmanager.serviceAgent cloudsecuritycompliance.serviceAgent securitycenter.controlServiceAgent
    securitycenter.serviceAgent`,
  hP: 'owner',
  lg: 'storage.legacyBucketReader',
  li: 'iam.securityReviewer',
  lr: `
    apphub.appManagementViewer artifactregistry.containerRegistryMigrationAdmin cloudhub.operator
    cloudtestservice.testViewer compliancescanning.serviceAgent composer.environmentAndStorageObjectUser
    composer.environmentAndStorageObjectViewer container.nodeServiceAccount container.nodeServiceAgent
    containeranalysis.ServiceAgent containerregistry.ServiceAgent containerscanning.ServiceAgent
    datamigration.serviceAgent designcenter.editor designcenter.viewer enterpriseknowledgegraph.serviceAgent
    geminicloudassist.admin geminicloudassist.editor geminicloudassist.user geminicloudassist.viewer
    managedidentities.domaincontrollerOperator ondemandscanning.serviceAgent run.sourceViewer
    serverless.serviceAgent storage.objectViewer`,
  rg: 'clouddeploy.serviceAgent firebasetelemetry.serviceAgent generativelanguage.serviceAgent',
  rw: 'issuerswitch.serviceAgent',
  PFO: 'privilegedaccessmanager.serviceAgent resourcemanager.organizationAdmin',
  bgi: 'chronicle.soarServiceAgent',
  lgi: 'iam.securityAuditor',
  lrd: 'storage.expressModeServiceOutput',
  lrg: `
    aiplatform.ragServiceAgent aiplatform.reasoningEngineServiceAgent dataplex.discoveryServiceAgent
    dataplex.storageDataReader dataproc.hubAgent`,
  lru: 'storage.annotationGeneratorService',
  lrw: 'bigquerymigration.worker clouddeploy.jobRunner',
  ruo: 'storage.legacyObjectOwner',
  rwd: 'mediaasset.serviceAgent transcoder.serviceAgent',
  rwg: 'dataflow.worker',
  wud: 'dataplex.storageDataWriter',
  lrgi: 'dlp.orgdriver dlp.projectdriver firebase.developViewer firebase.editor firebase.viewer iam.supportUser',
  lrwd: 'aiplatform.agentSandboxServiceAgent dialogflow.serviceAgent',
  lrwg: `
    cloudtranslate.serviceAgent dataflow.admin datastream.serviceAgent run.sourceDeveloper stream.serviceAgent
    vectorsearch.serviceAgent`,
  lrwu: 'compute.serviceAgent contactcenterinsights.serviceAgent',
  lwdg: 'storage.legacyBucketWriter',
  lwud: 'storage.expressModeServiceInput',
  pbgi: 'securedlandingzone.bqdwProjectRemediator',
  rwdg: 'aiedgeportal.serviceAgent',
  rwud: 'ces.serviceAgent',
  lrwdg: `
    backupdr.cloudStorageOperator datastudio.managedStorageServiceAgent firestore.serviceAgent
    runapps.serviceAgent spanner.serviceAgent`,
  lrwud: `
    cloudmigration.storageaccess datalabeling.serviceAgent designcenter.admin designcenter.user
    firebaseapphosting.computeRunner firebaserules.system livestream.serviceAgent storage.objectUser`,
  lrwug: 'routeoptimization.serviceAgent speech.serviceAgent',
  pbgiP: 'firebase.managementServiceAgent',
  rwdgi: 'cloudasset.serviceAgent',
  lrwdbg: 'cloudfunctions.serviceAgent cloudtestservice.testAdmin',
  lrwubg: 'integrations.serviceAgent',
  lrwudg: `
    aiplatform.customCodeServiceAgent aiplatform.serviceAgent automl.serviceAgent
    automlrecommendations.serviceAgent cloudbuild.builds.builder cloudbuild.serviceAgent
    cloudoptimization.serviceAgent contentwarehouse.serviceAgent dataplex.storageDataOwner
    documentaicore.serviceAgent retail.serviceAgent storage.expressModeUserAccess visionai.serviceAgent`,
  lrwudo: `
    aiplatform.extensionCustomCodeServiceAgent composer.environmentAndStorageObjectAdmin iam.dataScientist
    iam.devOps iam.mlEngineer storage.objectAdmin`,
  lrwdpgi: 'chronicle.serviceAgent saasservicemgmt.serviceAgent',
  lrwudbg: `
    aiplatform.batchPredictionServiceAgent aiplatform.modelMonitoringServiceAgent cloudconfig.serviceAgent
    config.agent designcenter.serviceAgent edgecontainer.clusterServiceAgent metastore.serviceAgent
    run.serviceAgent`,
  lrwudgi: 'firebasestorage.serviceAgent',
  lrwudog: 'composer.worker dataprep.serviceAgent dataproc.worker',
  lrwudom: 'storage.folderAdmin',
  lopmiPFO: 'iam.securityAdmin',
  lrwdbhgi: 'clouddeploymentmanager.serviceAgent',
  lrwudbgi: 'aiplatform.tuningServiceAgent',
  lrwudobg: 'firebase.sdkAdminServiceAgent',
  lwdpbmgi: 'storage.legacyBucketOwner',
  lrwdpbgiP: 'appengineflex.serviceAgent',
  lrwudpbgi: 'hypercomputecluster.serviceAgent',
  lrwudpmgi: 'discoveryengine.serviceAgent',
  lrwudopbmgi: `
    composer.serviceAgent dataflow.serviceAgent datafusion.serviceAgent datapipelines.serviceAgent
    dataplex.serviceAgent dataproc.serviceAgent dlp.serviceAgent firebase.admin firebase.developAdmin
    iam.databasesAdmin iam.infrastructureAdmin ml.serviceAgent storage.admin visualinspection.serviceAgent`,
};

/**
 * What a permission allows, and where its resource is: `bucket` and `object` stand for themselves, `above` only counts
 * in a policy of a project, folder or organisation.
 */
export const PERMISSIONS: Readonly<Record<string, { class: ActionClass; on: 'bucket' | 'object' | 'above' }>> = {
  'storage.objects.list': { class: 'list', on: 'bucket' },
  'storage.objects.get': { class: 'read', on: 'object' },
  'storage.objects.create': { class: 'write', on: 'object' },
  'storage.objects.update': { class: 'write', on: 'object' },
  'storage.objects.move': { class: 'write', on: 'object' },
  'storage.objects.restore': { class: 'write', on: 'object' },
  'storage.objects.delete': { class: 'delete', on: 'object' },
  'storage.objects.setIamPolicy': { class: 'change-permissions', on: 'object' },
  'storage.buckets.setIamPolicy': { class: 'change-permissions', on: 'bucket' },
  // Can turn public access prevention and uniform access off.
  'storage.buckets.update': { class: 'change-permissions', on: 'bucket' },
  'storage.buckets.setIpFilter': { class: 'change-permissions', on: 'bucket' },
  'storage.managedFolders.setIamPolicy': { class: 'change-permissions', on: 'bucket' },
  'storage.buckets.get': { class: 'config-read', on: 'bucket' },
  'storage.buckets.getIamPolicy': { class: 'config-read', on: 'bucket' },
  'storage.objects.getIamPolicy': { class: 'config-read', on: 'object' },
  'storage.hmacKeys.create': { class: 'change-permissions', on: 'above' },
  'resourcemanager.projects.setIamPolicy': { class: 'change-permissions', on: 'above' },
  'resourcemanager.folders.setIamPolicy': { class: 'change-permissions', on: 'above' },
  'resourcemanager.organizations.setIamPolicy': { class: 'change-permissions', on: 'above' },
};

/** An ACL needs this, and works only while ACLs do. */
export const OBJECT_ACL_PERMISSION = 'storage.objects.setIamPolicy';

const PERMISSIONS_OF: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(ROLES).flatMap(([letters, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [`roles/${name}`, [...letters].map((letter) => LETTERS[letter] ?? '')] as const),
  ),
);

/**
 * Permissions of a predefined role that count here; none when the catalogue has the role without them. Null: nobody
 * can tell, it is a custom role or one of storage that the catalogue does not know.
 */
export function permissionsOfRole(role: string): readonly string[] | null {
  // The API writes a condition's hash behind the role for callers that do not ask for version 3.
  const name = role.replace(/_withcond_\w+$/, '');
  const known = PERMISSIONS_OF.get(name);
  if (known !== undefined) return known;
  return /^roles\/[\w.]+$/.test(name) && !name.startsWith('roles/storage.') ? [] : null;
}
