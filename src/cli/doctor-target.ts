import { type Config, storesOf } from '../config/load-config.ts';
import { type AssayError, isAssayError } from '../errors.ts';
import type { Evidence, Fact, FilesystemEvidence, S3Evidence } from '../model/exposure.ts';
import type { ObjectRef, ProviderName, Target } from '../model/object.ts';
import { endpointClock } from '../providers/endpoint-clock.ts';
import { openProvider, type ProviderOptions } from '../providers/open-provider.ts';
import type { Provider } from '../providers/provider.ts';
import {
  ACCOUNT_CALLS,
  EXPOSURE_CALLS,
  LIST_PERMISSION,
  OBJECT_ACL_CALL,
  READ_PERMISSIONS,
} from '../providers/s3-permissions.ts';
import { azureChecks } from './doctor-azure.ts';
import { clockCheck } from './doctor-clock.ts';
import { codeOf, type DoctorCheck } from './doctor-finding.ts';
import { gcsChecks } from './doctor-gcs.ts';

/** A look at the store is not worth the patience of a scan. */
const PATIENCE = { maxRetries: 2, idleTimeoutMs: 10_000 } as const;

/** The stores of the configuration, asked for a look. */
export function optionsOf(config: Config): ProviderOptions {
  return { ...storesOf(config), ...PATIENCE };
}

/** What listing and reading are called in a store that knows permissions by name. */
const NAMES: Partial<Record<ProviderName, { list: string; read: string }>> = {
  'aws-s3': { list: LIST_PERMISSION, read: READ_PERMISSIONS[0] },
  'azure-blob': { list: 'az:ListBlobs', read: 'az:GetBlob' },
  gcs: { list: 'storage.objects.list', read: 'storage.objects.get' },
};

/** Who the credentials belong to, and how far the clocks are apart. Without S3 targets nothing of it is missed. */
export async function accountChecks(config: Config, isNeeded: boolean): Promise<DoctorCheck[]> {
  const { S3Provider } = await import('../providers/s3.ts');
  const provider = new S3Provider(optionsOf(config));
  try {
    const [identity, clock] = await Promise.all([
      identityCheck(provider.callerAccount(), isNeeded),
      isNeeded || config.s3.endpoint !== null ? endpointClock(config.s3).then(clockCheck) : null,
    ]);
    return clock === null ? [identity] : [identity, clock];
  } finally {
    await provider.close();
  }
}

async function identityCheck(account: Promise<Fact<string>>, isNeeded: boolean): Promise<DoctorCheck> {
  const check = { group: 'identity', name: 'aws-s3' };
  try {
    const fact = await account;
    if (fact.state === 'known') return { ...check, status: 'ok', detail: `account ${fact.value ?? 'unknown'}` };
    if (fact.state === 'unsupported') {
      const detail = 'a store of your own, without STS (AWS_ENDPOINT_URL_STS)';
      return { ...check, status: 'unsupported', detail };
    }
    const fix = 'Let sts.amazonaws.com through, or name the owner with --s3-expected-bucket-owner.';
    if (isNeeded) return { ...check, status: 'missing', detail: `${fact.call}: ${fact.reason}`, fix };
    return { ...check, status: 'skipped', detail: `${fact.call}: ${fact.reason}` };
  } catch (error) {
    if (!isAssayError(error)) throw error;
    if (!isNeeded)
      return { ...check, status: 'skipped', detail: 'no usable AWS credentials; only s3:// targets need them' };
    const fix = 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run with a role.';
    return { ...check, status: 'broken', detail: 'no usable credentials', fix };
  }
}

/** What the caller may do on one target: list, read one byte of one object, and each call for exposure. */
export async function targetChecks(config: Config, target: Target): Promise<DoctorCheck[]> {
  const group = target.text;
  const provider = await openProvider(target.bucket.provider, optionsOf(config));
  try {
    const { check: list, object } = await listCheck(provider, target);
    const checks = [list, await readCheck(provider, object, list, target)];
    // Without such a bucket or without credentials every further call would say the same.
    if (list.status !== 'broken') checks.push(...(await exposureChecks(provider, target)));
    return checks.map((check) => ({ ...check, group }));
  } finally {
    await provider.close();
  }
}

async function listCheck(
  provider: Provider,
  target: Target,
): Promise<{ check: DoctorCheck; object: ObjectRef | null }> {
  const check = { group: '', name: NAMES[target.bucket.provider]?.list ?? 'list' };
  try {
    let count = 0;
    for await (const { objects, cursor } of provider.listObjects(target, null)) {
      count += objects.length;
      const object = objects.find(
        (one) => one.byteLength > 0 && one.storageClass === undefined && one.skip === undefined,
      );
      if (object === undefined && cursor !== null) continue;
      const detail = count === 0 ? 'nothing is there' : 'works';
      return { check: { ...check, status: 'ok', detail }, object: object ?? null };
    }
    return { check: { ...check, status: 'ok', detail: 'nothing is there' }, object: null };
  } catch (error) {
    return { check: failed(check, error, target), object: null };
  }
}

async function readCheck(
  provider: Provider,
  object: ObjectRef | null,
  list: DoctorCheck,
  target: Target,
): Promise<DoctorCheck> {
  const check = { group: '', name: NAMES[target.bucket.provider]?.read ?? 'read' };
  if (object === null) {
    const detail = list.status === 'ok' ? 'no object to try it on' : 'no object is known to try it on';
    return { ...check, status: 'skipped', detail };
  }
  try {
    const source = await provider.openObject(object);
    try {
      await source.read(0, 1);
    } finally {
      await source.close();
    }
    return { ...check, status: 'ok', detail: 'works' };
  } catch (error) {
    return failed(check, error, target);
  }
}

function failed(
  check: { group: string; name: string },
  error: unknown,
  { bucket }: Pick<Target, 'bucket'>,
): DoctorCheck {
  if (!isAssayError(error)) return { ...check, status: 'broken', detail: codeOf(error), fix: 'Look at the target.' };
  if (error.code !== 'access-denied') return { ...check, status: 'broken', detail: error.message, fix: fixOf(error) };
  if (NAMES[bucket.provider] === undefined)
    return { ...check, status: 'missing', detail: error.message, fix: 'Give this user the permission to read.' };
  return {
    ...check,
    status: 'missing',
    detail: 'AccessDenied',
    fix: grant(error.permission ?? check.name, bucket.uri),
  };
}

function fixOf(error: AssayError): string {
  switch (error.code) {
    case 'bad-credentials':
      if (error.operation?.startsWith('az:') === true)
        return 'Set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or sign in with Entra (az login).';
      if (error.operation?.startsWith('storage.') === true)
        return 'Set GOOGLE_APPLICATION_CREDENTIALS, or sign in with `gcloud auth application-default login`.';
      return 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run with a role.';
    case 'bucket-not-found':
    case 'not-found':
      return 'Correct the name.';
    case 'network':
    case 'timeout':
      return 'Look at network, proxy and endpoint (--s3-endpoint, --azure-endpoint, --gcs-endpoint).';
    case 'wrong-region':
      return 'Set --s3-region or AWS_REGION.';
    default:
      return 'See docs/permissions.md.';
  }
}

function grant(permission: string, uri: string): string {
  return `Allow ${permission}; \`assay doctor ${uri} --print-policy\` prints the whole policy.`;
}

async function exposureChecks(provider: Provider, target: Target): Promise<DoctorCheck[]> {
  let evidence: Evidence;
  try {
    evidence = await provider.collectExposure(target.bucket, [target]);
  } catch (error) {
    return [failed({ group: '', name: 'exposure' }, error, target)];
  }
  const { uri } = target.bucket;
  if (evidence.provider === 'aws-s3') return s3Checks(evidence, uri);
  if (evidence.provider === 'azure-blob') return azureChecks(evidence, (permission) => grant(permission, uri));
  if (evidence.provider === 'gcs') return gcsChecks(evidence, (permission) => grant(permission, uri));
  return folderChecks(evidence);
}

/** Of facts that are asked only where they count. */
const WHY_NOT: Partial<Record<keyof S3Evidence, string>> = {
  objectAcls: 'ACLs of objects do not count here',
  distributions: 'the policy does not name CloudFront',
  organization: 'the policy names no organisation',
};

function s3Checks(evidence: S3Evidence, uri: string): DoctorCheck[] {
  const checks = [...EXPOSURE_CALLS, OBJECT_ACL_CALL, ...ACCOUNT_CALLS].map(
    ({ fact, call, permission }): DoctorCheck => {
      const check = { group: '', name: permission };
      const found = evidence[fact];
      if (found === undefined) {
        return { ...check, status: 'skipped', detail: `not asked: ${WHY_NOT[fact] ?? 'it cannot count here'}` };
      }
      return { ...check, ...answerOf(found, call, uri) };
    },
  );
  return [...checks, ...keyChecks(evidence, uri)];
}

function answerOf(found: Fact<unknown>, call: string, uri: string): Omit<DoctorCheck, 'group' | 'name'> {
  if (found.state === 'known') return { status: 'ok', detail: 'works' };
  if (found.state === 'unsupported') return { status: 'unsupported', detail: `${call}: the store has no such call` };
  const fix =
    found.reason === 'AccessDenied' ? grant(found.permission, uri) : 'Until it answers, the reach may be unknown.';
  return { status: 'missing', detail: found.reason, fix };
}

/** Of keys that were asked about; where nobody else is let in none is, and none need be. */
function keyChecks({ keys }: S3Evidence, uri: string): DoctorCheck[] {
  if (keys?.state !== 'known') return [];
  const calls = ['policy', 'grants'] as const;
  return calls.map((fact, index) => {
    const facts = (keys.value ?? []).map((key) => key[fact]);
    const found = facts.find(({ state }) => state !== 'known') ?? { state: 'known', value: null };
    const name = index === 0 ? 'kms:GetKeyPolicy' : 'kms:ListGrants';
    return { group: '', name, ...answerOf(found, name, uri) };
  });
}

function folderChecks({ worldReadable, worldWritable }: FilesystemEvidence): DoctorCheck[] {
  return [worldReadable, worldWritable].map((fact, index) => {
    const check = { group: '', name: index === 0 ? 'modes of reading' : 'modes of writing' };
    if (fact.state === 'known') return { ...check, status: 'ok', detail: 'known' };
    const fix = 'Give this user the permission to search all folders.';
    return { ...check, status: 'missing', detail: fact.state === 'refused' ? fact.reason : fact.call, fix };
  });
}
