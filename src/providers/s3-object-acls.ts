import { GetObjectAclCommand } from '@aws-sdk/client-s3';
import { isAssayError } from '../errors.ts';
import type { Fact, S3Acl, S3ObjectAcls } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import type { ListingPage } from './provider.ts';
import type { S3Calls } from './s3-calls.ts';
import { askFact } from './s3-facts.ts';
import { listBucket } from './s3-listing.ts';

const MAX_OBJECTS = 40;
/** Folders at the top of the bucket that are looked into, one listing call each. */
const MAX_FOLDERS = 10;
const WIDTH = 8;
const CALL = 's3:GetObjectAcl';
/** Behind every key that begins with the text before it. */
const LAST = '\u{10ffff}';

/** ACLs of the first and the last objects in the first folders: what they give to others than the objects' owners. */
export async function sampleObjectAcls(
  calls: S3Calls,
  bucket: BucketRef,
  prefixes: readonly string[],
): Promise<Fact<S3ObjectAcls>> {
  const sample = await sampleObjects(calls, bucket, prefixes);
  if ('state' in sample) return sample;
  const { objects, isPartial } = sample;
  const grants = new Map<string, S3ObjectAcls['grants'][number]>();
  for (let at = 0; at < objects.length; at += WIDTH) {
    const facts = await Promise.all(objects.slice(at, at + WIDTH).map((object) => objectAcl(calls, bucket, object)));
    for (const fact of facts) {
      if (fact.state === 'refused' && fact.reason === 'NoSuchKey') continue;
      if (fact.state !== 'known') return fact;
      for (const grant of othersGrants(fact.value)) {
        const id = JSON.stringify(grant);
        const objectCount = (grants.get(id)?.objects ?? 0) + 1;
        grants.set(id, { ...grant, objects: objectCount });
      }
    }
  }
  return { state: 'known', value: { objects: objects.length, isPartial, grants: [...grants.values()] } };
}

export interface ObjectSample {
  objects: ObjectRef[];
  isPartial: boolean;
}

/** The first and the last objects in the first folders, or why they cannot be listed. */
export async function sampleObjects(
  calls: S3Calls,
  bucket: BucketRef,
  prefixes: readonly string[],
): Promise<ObjectSample | Extract<Fact<never>, { state: 'refused' }>> {
  try {
    return await sampleOf(calls, bucket, prefixes);
  } catch (error) {
    if (!isAssayError(error)) throw error;
    const permission = error.permission ?? 's3:ListBucket';
    const reason = error.code === 'access-denied' ? 'AccessDenied' : error.code;
    return { state: 'refused', call: 's3:ListObjectsV2', reason, permission };
  }
}

async function sampleOf(calls: S3Calls, bucket: BucketRef, prefixes: readonly string[]): Promise<ObjectSample> {
  // What lies beside the prefixes is not looked at either.
  const all: ObjectSample = { objects: [], isPartial: !prefixes.includes('') };
  for (const prefix of prefixes.slice(0, MAX_FOLDERS)) {
    const room = Math.floor(MAX_OBJECTS / Math.min(prefixes.length, MAX_FOLDERS));
    const { objects, isPartial } = await sampleUnder(calls, bucket, prefix, room);
    all.objects.push(...objects);
    all.isPartial ||= isPartial;
  }
  return all;
}

async function sampleUnder(calls: S3Calls, bucket: BucketRef, prefix: string, room: number): Promise<ObjectSample> {
  const target = { text: bucket.uri, bucket, prefix };
  const folder = (object: ObjectRef | undefined): string => folderOf(object?.key ?? '', prefix);
  const objects: ObjectRef[] = [];
  let cursor: string | null = null;
  let isPartial = false;
  for (let listing = 0; listing < MAX_FOLDERS && objects.length < room; listing += 1) {
    const page = await pageAfter(calls, target, cursor);
    if (page === undefined || page.objects.length === 0) return { objects, isPartial };
    const picked = page.objects.filter(
      (object, index, all) =>
        index === 0 ||
        index === all.length - 1 ||
        folder(all[index - 1]) !== folder(object) ||
        folder(all[index + 1]) !== folder(object),
    );
    objects.push(...picked.slice(0, room - objects.length));
    isPartial ||= picked.length < page.objects.length || picked.length > room || page.cursor !== null;
    if (page.cursor === null) return { objects, isPartial };
    const last = page.objects.at(-1);
    cursor = `after:${folder(last) === prefix ? last?.key : `${folder(last)}${LAST}`}`;
  }
  return { objects, isPartial: true };
}

async function pageAfter(calls: S3Calls, target: Target, cursor: string | null): Promise<ListingPage | undefined> {
  const { done, value } = await listBucket(calls, target, cursor, undefined).next();
  return done === true ? undefined : value;
}

/** Up to the first slash behind the prefix; the prefix itself for what lies in no folder. */
function folderOf(key: string, prefix: string): string {
  return key.slice(0, Math.max(prefix.length, key.indexOf('/', prefix.length) + 1));
}

function objectAcl(calls: S3Calls, bucket: BucketRef, { key }: ObjectRef): Promise<Fact<S3Acl>> {
  const { endpoint, expectedBucketOwner: owner } = calls.options;
  const input = { Bucket: bucket.name, Key: key, ...(owner == null ? {} : { ExpectedBucketOwner: owner }) };
  return askFact({ call: CALL, permission: CALL, isCustom: endpoint != null }, () =>
    calls.send({ name: CALL, bucket: bucket.uri, permission: CALL, isObject: true }, undefined, async (abortSignal) => {
      const client = await calls.client(bucket.uri);
      const { Owner, Grants } = await client.send(new GetObjectAclCommand(input), { abortSignal });
      return JSON.parse(JSON.stringify({ Owner, Grants: Grants ?? [] })) as S3Acl;
    }),
  );
}

function othersGrants(acl: S3Acl | null): S3Acl['Grants'] {
  return (acl?.Grants ?? [])
    .filter(({ Grantee }) => Grantee?.ID === undefined || Grantee.ID !== acl?.Owner?.ID)
    .map(({ Grantee, Permission }) => ({
      // Without the display name and the address, which name people.
      ...(Grantee === undefined ? {} : { Grantee: withoutNames(Grantee) }),
      ...(Permission === undefined ? {} : { Permission }),
    }));
}

function withoutNames({ Type, URI, ID }: NonNullable<S3Acl['Grants'][number]['Grantee']>) {
  return {
    ...(Type === undefined ? {} : { Type }),
    ...(URI === undefined ? {} : { URI }),
    ...(ID === undefined ? {} : { ID }),
  };
}
