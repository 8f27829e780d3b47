import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3-control';
import type { Fact, S3AccessPoint, S3PublicAccessBlock } from '../model/exposure.ts';
import type { AccountCalls } from './s3-account.ts';
import { allSwitches } from './s3-facts.ts';

/** A bucket with more is not judged point by point. */
const MAX_POINTS = 1_000;
/** Calls under way at once. */
const WIDTH = 8;
/** Multi-region access points are told about in this region only. */
const CONTROL_REGION = 'us-west-2';
/** Of a feature that the answer left out: AWS counts a switch that is not there as on only when it says so. */
const NO_BLOCK: Fact<S3PublicAccessBlock> = { state: 'known', value: null };

/** The owner's access points on this bucket, with their policies and switches. `region` is the bucket's. */
export async function accessPoints(
  account: AccountCalls,
  bucket: string,
  region: string,
): Promise<Fact<S3AccessPoint[]>> {
  const names = await account.askControl<string[]>('s3:ListAccessPoints', region, async (client, AccountId, signal) => {
    const { paginateListAccessPoints } = await import('@aws-sdk/client-s3-control');
    const found: string[] = [];
    for await (const page of paginateListAccessPoints(
      { client },
      { AccountId, Bucket: bucket },
      { abortSignal: signal },
    )) {
      found.push(...(page.AccessPointList ?? []).flatMap(({ Name }) => Name ?? []));
      if (found.length > MAX_POINTS) return null;
    }
    return found;
  });
  return eachOf(names, 's3:ListAccessPoints', (name) => accessPoint(account, name, region));
}

async function accessPoint(account: AccountCalls, name: string, region: string): Promise<S3AccessPoint> {
  const [about, policy, policyStatusIsPublic] = await Promise.all([
    account.askControl('s3:GetAccessPoint', region, async (client, AccountId, abortSignal) => {
      const { GetAccessPointCommand } = await import('@aws-sdk/client-s3-control');
      const answer = await client.send(new GetAccessPointCommand({ AccountId, Name: name }), { abortSignal });
      return {
        origin: answer.NetworkOrigin ?? 'Internet',
        vpc: answer.VpcConfiguration?.VpcId ?? null,
        block: blockOf(answer.PublicAccessBlockConfiguration),
      };
    }),
    account.askControl<unknown>('s3:GetAccessPointPolicy', region, async (client, AccountId, abortSignal) => {
      const { GetAccessPointPolicyCommand } = await import('@aws-sdk/client-s3-control');
      const answer = await client.send(new GetAccessPointPolicyCommand({ AccountId, Name: name }), { abortSignal });
      return parsed(answer.Policy);
    }),
    account.askControl('s3:GetAccessPointPolicyStatus', region, async (client, AccountId, abortSignal) => {
      const { GetAccessPointPolicyStatusCommand } = await import('@aws-sdk/client-s3-control');
      const answer = await client.send(new GetAccessPointPolicyStatusCommand({ AccountId, Name: name }), {
        abortSignal,
      });
      return answer.PolicyStatus?.IsPublic ?? null;
    }),
  ]);
  const known = about.state === 'known' ? about.value : null;
  return {
    name,
    networkOrigin: known?.origin ?? 'Internet',
    vpc: known?.vpc ?? null,
    policy,
    policyStatusIsPublic,
    publicAccessBlock: about.state === 'known' ? (known?.block ?? NO_BLOCK) : about,
  };
}

interface RegionalPoint {
  name: string;
  buckets: string[];
  block: Fact<S3PublicAccessBlock>;
}

/** Asked once a provider: the list is the account's, not a bucket's. */
export class RegionalPoints {
  private readonly account: AccountCalls;
  private list: Promise<Fact<RegionalPoint[]>> | undefined;

  constructor(account: AccountCalls) {
    this.account = account;
  }

  /** Those that lead into this bucket. */
  async of(bucket: string): Promise<Fact<S3AccessPoint[]>> {
    const call = 's3:ListMultiRegionAccessPoints';
    this.list ??= this.account.askControl(call, CONTROL_REGION, async (client, AccountId, signal) => {
      const { paginateListMultiRegionAccessPoints } = await import('@aws-sdk/client-s3-control');
      const found: RegionalPoint[] = [];
      for await (const page of paginateListMultiRegionAccessPoints(
        { client },
        { AccountId },
        { abortSignal: signal },
      )) {
        for (const { Name, Regions = [], PublicAccessBlock } of page.AccessPoints ?? []) {
          if (Name === undefined) continue;
          const buckets = Regions.flatMap(({ Bucket }) => Bucket ?? []);
          found.push({ name: Name, buckets, block: blockOf(PublicAccessBlock) });
        }
      }
      return found;
    });
    const all = await this.list;
    if (all.state !== 'known') return all;
    const here = (all.value ?? []).filter(({ buckets }) => buckets.includes(bucket));
    return eachOf({ state: 'known', value: here }, call, (point) => this.point(point));
  }

  private async point({ name, block }: RegionalPoint): Promise<S3AccessPoint> {
    const [policy, policyStatusIsPublic] = await Promise.all([
      this.account.askControl<unknown>(
        's3:GetMultiRegionAccessPointPolicy',
        CONTROL_REGION,
        async (client, AccountId, abortSignal) => {
          const { GetMultiRegionAccessPointPolicyCommand } = await import('@aws-sdk/client-s3-control');
          const command = new GetMultiRegionAccessPointPolicyCommand({ AccountId, Name: name });
          return parsed((await client.send(command, { abortSignal })).Policy?.Established?.Policy);
        },
      ),
      this.account.askControl(
        's3:GetMultiRegionAccessPointPolicyStatus',
        CONTROL_REGION,
        async (client, AccountId, abortSignal) => {
          const { GetMultiRegionAccessPointPolicyStatusCommand } = await import('@aws-sdk/client-s3-control');
          const command = new GetMultiRegionAccessPointPolicyStatusCommand({ AccountId, Name: name });
          return (await client.send(command, { abortSignal })).Established?.IsPublic ?? null;
        },
      ),
    ]);
    return { name, networkOrigin: 'Internet', vpc: null, policy, policyStatusIsPublic, publicAccessBlock: block };
  }
}

async function eachOf<T>(
  names: Fact<T[]>,
  call: string,
  ask: (name: T) => Promise<S3AccessPoint>,
): Promise<Fact<S3AccessPoint[]>> {
  if (names.state !== 'known') return names;
  if (names.value === null)
    return { state: 'refused', call, reason: `more than ${MAX_POINTS} access points`, permission: '' };
  const points: S3AccessPoint[] = [];
  for (let at = 0; at < names.value.length; at += WIDTH) {
    points.push(...(await Promise.all(names.value.slice(at, at + WIDTH).map(ask))));
  }
  return { state: 'known', value: points };
}

function blockOf(block: PublicAccessBlockConfiguration | undefined): Fact<S3PublicAccessBlock> {
  return block === undefined ? NO_BLOCK : { state: 'known', value: allSwitches(block) };
}

/** As it came when it is no JSON: the judgement says that it does not understand it. */
function parsed(policy: string | undefined): unknown {
  if (policy === undefined || policy === '') return null;
  try {
    return JSON.parse(policy);
  } catch {
    return policy;
  }
}
