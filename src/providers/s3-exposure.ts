import {
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Fact, S3Acl, S3Evidence, S3PublicAccessBlock } from '../model/exposure.ts';
import type { BucketRef } from '../model/object.ts';
import type { AccountCalls } from './s3-account.ts';
import type { S3Calls } from './s3-calls.ts';
import { allSwitches, askFact, NotAnswered } from './s3-facts.ts';

/** Collects the facts of one bucket. Throws only when there is no such bucket or no credentials. */
export async function collectS3Exposure(calls: S3Calls, account: AccountCalls, bucket: BucketRef): Promise<S3Evidence> {
  const { name } = bucket;
  const { expectedBucketOwner, endpoint } = calls.options;
  const input = { Bucket: name, ...(expectedBucketOwner == null ? {} : { ExpectedBucketOwner: expectedBucketOwner }) };
  const isCustom = endpoint != null;
  const ask = <T>(call: string, permission: string, send: Send<T>): Promise<Fact<T>> =>
    askFact({ call, permission, isCustom }, () =>
      calls.send({ name: call, bucket: name, permission }, undefined, send),
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
        // Through JSON: only what the store said, without the SDK's undefined fields.
        return JSON.parse(JSON.stringify({ Owner, Grants: Grants ?? [] })) as S3Acl;
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

  return {
    provider: 'aws-s3',
    bucket: name,
    owner: {
      account: caller.state === 'known' ? caller.value : null,
      canonicalId: acl.state === 'known' ? (acl.value?.Owner?.ID ?? null) : null,
    },
    policy: parsePolicy(policyText),
    acl,
    objectOwnership,
    publicAccessBlock,
    accountPublicAccessBlock: accountBlock,
    policyStatusIsPublic,
    endpoint: endpoint ?? null,
  };
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
