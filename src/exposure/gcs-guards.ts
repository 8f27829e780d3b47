import type { GcsBucket, GcsEvidence } from '../model/exposure.ts';
import { isFixedNetwork } from './cidr.ts';
import type { GcsWho } from './gcs-members.ts';
import type { Guard } from './guards.ts';

/** What stands between a grant and its effect. */
export interface GcsGuards {
  /** Public access prevention: grants to everyone are void, in IAM and ACLs alike. */
  prevention: Guard;
  /** Uniform access: every ACL is void. */
  uniform: Guard;
  bucket: GcsBucket;
}

export function gcsGuards({ metadata, orgPolicy }: GcsEvidence): GcsGuards {
  const bucket = (metadata.state === 'known' ? metadata.value : null) ?? {};
  const { publicAccessPrevention, uniformBucketLevelAccess } = bucket.iamConfiguration ?? {};
  const by: string[] = [];
  if (publicAccessPrevention === 'enforced') by.push('bucket.publicAccessPrevention');
  if (orgPolicy.state === 'known' && orgPolicy.value?.publicAccessPrevention === true) {
    by.push('orgPolicy.publicAccessPrevention');
  }
  const otherwise = metadata.state === 'refused' ? 'unknown' : 'off';
  return {
    prevention: { state: by.length > 0 ? 'on' : otherwise, by },
    uniform:
      uniformBucketLevelAccess?.enabled === true
        ? { state: 'on', by: ['bucket.uniformBucketLevelAccess'] }
        : { state: otherwise, by: [] },
    bucket,
  };
}

/** Everyone, as far as the bucket lets everyone come: from some networks only, or with a project that pays. */
export function narrowed(open: GcsWho, { billing, ipFilter }: GcsBucket, trusted: readonly string[]): GcsWho {
  const who: GcsWho =
    billing?.requesterPays === true && open.class === 'internet'
      ? { ...open, class: 'any-authenticated', note: 'whoever asks pays, and needs a project for that' }
      : open;
  if (ipFilter?.mode?.toLowerCase() !== 'enabled') return who;
  const ranges = ipFilter.publicNetworkSource?.allowedIpCidrRanges ?? [];
  if (ranges.some((range) => !isFixedNetwork(range))) return who;
  const networks = (ipFilter.vpcNetworkSources ?? []).flatMap(({ network }) => network ?? []);
  const ids = [...ranges, ...networks];
  const isTrusted = ids.length > 0 && ids.every((id) => trusted.includes(id));
  return {
    class: 'network',
    id: ids.length > 0 ? ids.join(', ') : 'none',
    trusted: isTrusted,
    reach: 'organization',
    foreign: '',
    note: isTrusted ? '' : 'with any identity; whose network this is was not checked',
  };
}
