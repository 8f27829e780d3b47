import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { Fact, S3Evidence, S3ObjectEncryption } from '../model/exposure.ts';
import type { BucketRef, ObjectRef } from '../model/object.ts';
import type { KmsKeys } from './kms-keys.ts';
import type { S3Calls } from './s3-calls.ts';
import { askFact } from './s3-facts.ts';
import { sampleObjects } from './s3-object-acls.ts';

const CALL = 's3:HeadObject';
const PERMISSION = 's3:GetObject';
/** The key that S3 keeps in each account: nobody outside can be let in. */
const OF_SERVICE = /(^|:)alias\/aws\/s3$/;
const WIDTH = 8;

type Encryption = Omit<S3ObjectEncryption['keys'][number], 'objects'>;

/** More keys in one sample are not asked about. */
const MAX_KEYS = 10;
/** What a policy says that may let in others than the own account: everyone, whoever is not named, who has no account. */
const OTHERS = /"\*"|"NotPrincipal"|"CanonicalUser"|"Federated"/;

/** Who may decrypt what the bucket holds, asked only where new objects are under a KMS key and others may be let in. */
export async function encryptionFacts(
  calls: S3Calls,
  keys: KmsKeys,
  bucket: BucketRef,
  prefixes: readonly string[],
  evidence: S3Evidence,
): Promise<Pick<S3Evidence, 'keys' | 'objectEncryption'>> {
  const byDefault = evidence.encryption?.state === 'known' ? evidence.encryption.value : null;
  if (byDefault?.SSEAlgorithm?.startsWith('aws:kms') !== true || !mayLetOthersIn(evidence)) return {};
  const objectEncryption = await sampleObjectEncryption(calls, bucket, prefixes);
  const sampled = objectEncryption.state === 'known' ? (objectEncryption.value?.keys ?? []) : [];
  const named = [byDefault.KMSMasterKeyID, ...sampled.map(({ SSEKMSKeyId }) => SSEKMSKeyId)];
  const ids = new Set(named.filter((id) => id !== undefined && !OF_SERVICE.test(id)) as string[]);
  const region = calls.regionOf(bucket.uri) ?? '';
  return { objectEncryption, keys: await keys.of([...ids].slice(0, MAX_KEYS), region) };
}

function mayLetOthersIn({ policy, objectAcls, owner }: S3Evidence): boolean {
  if (objectAcls?.state === 'known' && (objectAcls.value?.grants.length ?? 0) > 0) return true;
  if (policy.state !== 'known' || policy.value === null) return false;
  const text = JSON.stringify(policy.value);
  const accounts = text.match(/\b\d{12}\b/g) ?? [];
  return OTHERS.test(text) || accounts.some((account) => account !== owner.account);
}

/** How the first and the last objects in the first folders are encrypted, and how many with which key. */
async function sampleObjectEncryption(
  calls: S3Calls,
  bucket: BucketRef,
  prefixes: readonly string[],
): Promise<Fact<S3ObjectEncryption>> {
  const sample = await sampleObjects(calls, bucket, prefixes);
  if ('state' in sample) return sample;
  const { objects, isPartial } = sample;
  const counts = new Map<string, number>();
  for (let at = 0; at < objects.length; at += WIDTH) {
    const facts = await Promise.all(objects.slice(at, at + WIDTH).map((object) => encryptionOf(calls, bucket, object)));
    for (const fact of facts) {
      if (fact.state === 'refused' && /^(NotFound|NoSuchKey)$/.test(fact.reason)) continue;
      if (fact.state !== 'known') return fact;
      const id = JSON.stringify(fact.value);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  const keys = [...counts].map(([id, count]) => ({ ...(JSON.parse(id) as Encryption), objects: count }));
  const seen = keys.reduce((sum, one) => sum + one.objects, 0);
  return { state: 'known', value: { objects: seen, isPartial, keys } };
}

function encryptionOf(calls: S3Calls, bucket: BucketRef, { key }: ObjectRef): Promise<Fact<Encryption>> {
  const { endpoint, expectedBucketOwner: owner } = calls.options;
  const input = { Bucket: bucket.name, Key: key, ...(owner == null ? {} : { ExpectedBucketOwner: owner }) };
  const operation = { name: CALL, bucket: bucket.uri, permission: PERMISSION, isObject: true };
  return askFact({ call: CALL, permission: PERMISSION, isCustom: endpoint != null }, () =>
    calls.send(operation, undefined, async (abortSignal) => {
      const client = await calls.client(bucket.uri);
      const answer = await client.send(new HeadObjectCommand(input), { abortSignal });
      const { ServerSideEncryption, SSEKMSKeyId } = answer;
      return JSON.parse(JSON.stringify({ ServerSideEncryption, SSEKMSKeyId })) as Encryption;
    }),
  );
}
