import type {
  CacheBehavior,
  CloudFrontClient,
  DefaultCacheBehavior,
  DistributionSummary,
  FunctionAssociations,
  LambdaFunctionAssociations,
  Origin,
} from '@aws-sdk/client-cloudfront';
import { AssayError } from '../errors.ts';
import type { CloudFrontDistribution } from '../model/cloudfront.ts';
import type { Fact } from '../model/exposure.ts';
import type { S3Calls } from './s3-calls.ts';
import { askFact } from './s3-facts.ts';

const CALL = 'cloudfront:ListDistributions';
/** More are not looked through. */
const MAX_DISTRIBUTIONS = 10_000;
/** The distributions of the account, asked once a provider and only when the policy of a bucket names CloudFront. */
export class Distributions {
  private readonly calls: S3Calls;
  private list: Promise<Fact<CloudFrontDistribution[]>> | undefined;

  constructor(calls: S3Calls) {
    this.calls = calls;
  }

  /** Those that lead to the bucket or that its policy names. Undefined: the policy does not name CloudFront. */
  async of(bucket: string, policy: Fact<unknown>): Promise<Fact<CloudFrontDistribution[]> | undefined> {
    const text = policy.state === 'known' ? JSON.stringify(policy.value) : '';
    if (!/cloudfront/i.test(text)) return undefined;
    this.list ??= this.ask();
    const all = await this.list;
    if (all.state !== 'known') return all;
    return { state: 'known', value: (all.value ?? []).filter((one) => concerns(one, bucket, text)) };
  }

  private ask(): Promise<Fact<CloudFrontDistribution[]>> {
    const { endpoint, cloudfrontEndpoint } = this.calls.options;
    const isCustom = endpoint != null;
    if (isCustom && cloudfrontEndpoint == null) return Promise.resolve({ state: 'unsupported', call: CALL });
    return askFact({ call: CALL, permission: CALL, isCustom, isAccount: true }, async () => {
      const { CloudFrontClient, ListDistributionsCommand } = await import('@aws-sdk/client-cloudfront');
      const client: CloudFrontClient = new CloudFrontClient({
        ...(await this.calls.serviceConfig()),
        ...(cloudfrontEndpoint == null ? {} : { endpoint: cloudfrontEndpoint }),
      });
      const found: CloudFrontDistribution[] = [];
      let marker: string | undefined;
      do {
        const command = new ListDistributionsCommand(marker === undefined ? {} : { Marker: marker });
        const operation = { name: CALL, bucket: 'the account', permission: CALL };
        const { DistributionList: page } = await this.calls.send(operation, undefined, (abortSignal) =>
          client.send(command, { abortSignal }),
        );
        found.push(...(page?.Items ?? []).map(reduced));
        const next: string | undefined = page?.IsTruncated === true ? page.NextMarker : undefined;
        if (found.length > MAX_DISTRIBUTIONS || (next !== undefined && next === marker)) {
          throw new AssayError('listing-failed', `${CALL}: the list has no end within ${MAX_DISTRIBUTIONS} entries`);
        }
        marker = next;
      } while (marker !== undefined && marker !== '');
      return found;
    });
  }
}

/** An origin may be the bucket, one of its access points' aliases, or an identity that the policy names. */
function concerns({ Id: id, Origins: origins }: CloudFrontDistribution, bucket: string, policy: string): boolean {
  if (id !== undefined && policy.includes(id)) return true;
  return (origins?.Items ?? []).some(({ DomainName: domain = '', S3OriginConfig: old }) => {
    const identity = old?.OriginAccessIdentity?.split('/').at(-1) ?? '';
    return (
      domain.startsWith(`${bucket}.`) || domain.includes('-s3alias.') || (identity !== '' && policy.includes(identity))
    );
  });
}

/** What decides, and nothing of what people have written beside it. */
function reduced(summary: DistributionSummary): CloudFrontDistribution {
  const { Id, ARN, DomainName, Enabled, WebACLId, ViewerMtlsConfig, ConnectionFunctionAssociation } = summary;
  const { Origins, OriginGroups, DefaultCacheBehavior: byDefault, CacheBehaviors } = summary;
  const answer = {
    Id,
    ARN,
    DomainName,
    Enabled,
    WebACLId,
    Origins: Origins === undefined ? undefined : { Items: (Origins.Items ?? []).map(originOf) },
    OriginGroups: {
      Items: (OriginGroups?.Items ?? []).map(({ Id: group, Members }) => ({
        Id: group,
        Members: { Items: (Members?.Items ?? []).map(({ OriginId }) => ({ OriginId })) },
      })),
    },
    DefaultCacheBehavior: byDefault === undefined ? undefined : behaviorOf(byDefault),
    CacheBehaviors: { Items: (CacheBehaviors?.Items ?? []).map(behaviorOf) },
    ViewerMtlsConfig: ViewerMtlsConfig === undefined ? undefined : { Mode: ViewerMtlsConfig.Mode },
    ConnectionFunctionAssociation,
  };
  return JSON.parse(JSON.stringify(answer)) as CloudFrontDistribution;
}

function originOf({ Id, DomainName, OriginPath, OriginAccessControlId, S3OriginConfig }: Origin) {
  const { OriginAccessIdentity } = S3OriginConfig ?? {};
  return { Id, DomainName, OriginPath, OriginAccessControlId, S3OriginConfig: { OriginAccessIdentity } };
}

function behaviorOf(behavior: CacheBehavior | DefaultCacheBehavior) {
  const { TargetOriginId, TrustedSigners, TrustedKeyGroups, AllowedMethods } = behavior;
  const events = (code: FunctionAssociations | LambdaFunctionAssociations | undefined) => ({
    Items: (code?.Items ?? []).map(({ EventType }) => ({ EventType })),
  });
  return {
    ...('PathPattern' in behavior && { PathPattern: behavior.PathPattern }),
    TargetOriginId,
    TrustedSigners: { Enabled: TrustedSigners?.Enabled },
    TrustedKeyGroups: { Enabled: TrustedKeyGroups?.Enabled },
    AllowedMethods: { Items: AllowedMethods?.Items },
    FunctionAssociations: events(behavior.FunctionAssociations),
    LambdaFunctionAssociations: events(behavior.LambdaFunctionAssociations),
  };
}
