import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Fact, S3Acl, S3Evidence, S3PublicAccessBlock, S3Replication } from '../model/exposure.ts';
import type { BucketRef, Target } from '../model/object.ts';
import type { Distributions } from './cloudfront-distributions.ts';
import type { KmsKeys } from './kms-keys.ts';
import { accessPoints, type RegionalPoints } from './s3-access-points.ts';
import type { AccountCalls } from './s3-account.ts';
import type { S3Calls } from './s3-calls.ts';
import { allSwitches, askFact, NotAnswered } from './s3-facts.ts';
import { sampleObjectAcls } from './s3-object-acls.ts';
import { encryptionFacts } from './s3-object-encryption.ts';
import type { OwnOrganization } from './s3-organization.ts';

/** Everything that is asked with one set of credentials. */
export interface S3Identity {
  calls: S3Calls;
  account: AccountCalls;
  regionalPoints: RegionalPoints;
  distributions: Distributions;
  keys: KmsKeys;
  organization: OwnOrganization;
}

/** Collects the facts of one bucket. Throws only when there is no such bucket or no credentials. */
export async function collectS3Exposure(
  { calls, account, regionalPoints, distributions, keys, organization }: S3Identity,
  bucket: BucketRef,
  targets: readonly Target[],
): Promise<S3Evidence> {
  const { name, uri } = bucket;
  const { expectedBucketOwner, endpoint } = calls.options;
  const input = { Bucket: name, ...(expectedBucketOwner == null ? {} : { ExpectedBucketOwner: expectedBucketOwner }) };
  const isCustom = endpoint != null;
  const ask = <T>(call: string, permission: string, send: Send<T>): Promise<Fact<T>> =>
    askFact({ call, permission, isCustom }, () =>
      calls.send({ name: call, bucket: uri, permission }, undefined, async (abortSignal) =>
        send(await calls.client(uri), abortSignal),
      ),
    );

  const [policyText, acl, objectOwnership, publicAccessBlock, policyStatusIsPublic, accountBlock, caller] =
    await Promise.all([
      ask<string>('s3:GetBucketPolicy', 's3:GetBucketPolicy', async (client, abortSignal) => {
        const { Policy: policy } = await client.send(new GetBucketPolicyCommand(input), { abortSignal });
        return policy === undefined || policy === '' ? null : policy;
      }),
      ask<S3Acl>('s3:GetBucketAcl', 's3:GetBucketAcl', async (client, abortSignal) => {
        const { Owner, Grants } = await client.send(new GetBucketAclCommand(input), { abortSignal });
        if (Owner === undefined && Grants === undefined) throw new NotAnswered();
        return plain({ Owner, Grants: Grants ?? [] });
      }),
      ask<string>('s3:GetBucketOwnershipControls', 's3:GetBucketOwnershipControls', async (client, abortSignal) => {
        const answer = await client.send(new GetBucketOwnershipControlsCommand(input), { abortSignal });
        const ownership = answer.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
        if (ownership === undefined) throw new NotAnswered();
        return ownership;
      }),
      ask<S3PublicAccessBlock>(
        's3:GetPublicAccessBlock',
        's3:GetBucketPublicAccessBlock',
        async (client, abortSignal) => {
          const answer = await client.send(new GetPublicAccessBlockCommand(input), { abortSignal });
          return allSwitches(answer.PublicAccessBlockConfiguration);
        },
      ),
      ask<boolean>('s3:GetBucketPolicyStatus', 's3:GetBucketPolicyStatus', async (client, abortSignal) => {
        const answer = await client.send(new GetBucketPolicyStatusCommand(input), { abortSignal });
        return answer.PolicyStatus?.IsPublic ?? null;
      }),
      account.publicAccessBlock(),
      account.callerAccount(),
    ]);

  const policy = parsePolicy(policyText);
  const [website, replication, encryption, points, regional, cdn, ownOrganization] = await Promise.all([
    ask<NonNullable<Known<'website'>>>('s3:GetBucketWebsite', 's3:GetBucketWebsite', async (client, abortSignal) => {
      const answer = await client.send(new GetBucketWebsiteCommand(input), { abortSignal });
      if (!answer.IndexDocument && !answer.RedirectAllRequestsTo && !answer.ErrorDocument) throw new NotAnswered();
      return plain({ IndexDocument: answer.IndexDocument });
    }),
    ask<S3Replication>('s3:GetBucketReplication', 's3:GetReplicationConfiguration', async (client, abortSignal) => {
      const { ReplicationConfiguration: rules } = await client.send(new GetBucketReplicationCommand(input), {
        abortSignal,
      });
      if (rules === undefined) throw new NotAnswered();
      return plain({ Rules: rules.Rules });
    }),
    ask<NonNullable<Known<'encryption'>>>(
      's3:GetBucketEncryption',
      's3:GetEncryptionConfiguration',
      async (client, abortSignal) => {
        const answer = await client.send(new GetBucketEncryptionCommand(input), { abortSignal });
        const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
        if (rule === undefined) throw new NotAnswered();
        return plain({ ...rule.ApplyServerSideEncryptionByDefault });
      },
    ),
    accessPoints(account, name, calls.regionOf(uri) ?? ''),
    regionalPoints.of(name),
    distributions.of(name, policy),
    organization.of(policy),
  ]);
  const evidence: S3Evidence = {
    provider: 'aws-s3',
    bucket: name,
    owner: {
      account: caller.state === 'known' ? caller.value : null,
      canonicalId: acl.state === 'known' ? (acl.value?.Owner?.ID ?? null) : null,
    },
    policy,
    acl,
    objectOwnership,
    publicAccessBlock,
    accountPublicAccessBlock: accountBlock,
    policyStatusIsPublic,
    endpoint: endpoint ?? null,
    accessPoints: points,
    multiRegionAccessPoints: regional,
    website,
    replication,
    encryption,
    ...(cdn === undefined ? {} : { distributions: cdn }),
    ...(ownOrganization === undefined ? {} : { organization: ownOrganization }),
  };
  const prefixes = targets.length === 0 ? [''] : [...new Set(targets.map(({ prefix }) => prefix))];
  const known = areAclsInForce(evidence)
    ? { ...evidence, objectAcls: await sampleObjectAcls(calls, bucket, prefixes) }
    : evidence;
  return { ...known, ...(await encryptionFacts(calls, keys, bucket, prefixes, known)) };
}

/** The ACLs of objects count unless ownership voids them or a switch hides the ones that matter. */
function areAclsInForce({ objectOwnership, publicAccessBlock, accountPublicAccessBlock }: S3Evidence): boolean {
  if (objectOwnership.state === 'unsupported') return false;
  if (objectOwnership.state === 'known' && objectOwnership.value === 'BucketOwnerEnforced') return false;
  return ![publicAccessBlock, accountPublicAccessBlock].some(
    (fact) => fact.state === 'known' && fact.value?.IgnorePublicAcls === true,
  );
}

type Known<Name extends keyof S3Evidence> = S3Evidence[Name] extends Fact<infer T> | undefined ? T : never;

/** Through JSON: only what the store said, without the SDK's undefined fields. */
function plain<T>(answer: object): T {
  return JSON.parse(JSON.stringify(answer)) as T;
}

type Send<T> = (client: S3Client, abortSignal: AbortSignal) => Promise<T | null>;

function parsePolicy(text: Fact<string>): Fact<unknown> {
  if (text.state !== 'known' || text.value === null) return text;
  try {
    return { state: 'known', value: JSON.parse(text.value) };
  } catch {
    const call = 's3:GetBucketPolicy';
    return { state: 'refused', call, reason: 'the policy is not JSON', permission: call };
  }
}
