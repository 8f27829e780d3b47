import type { CloudFrontBehavior, CloudFrontDistribution } from '../model/cloudfront.ts';
import type { Grant, S3Evidence } from '../model/exposure.ts';
import { globCovers, globMatches, globsOverlap } from './glob.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { S3_ACTIONS } from './s3-actions.ts';
import { type Findings, unknownOf } from './s3-findings.ts';

const CALL = 'cloudfront:ListDistributions';
const ANY_METHOD = ['GET', 'PUT', 'DELETE'];
const IDENTITY = /^CloudFront Origin Access Identity /;

/** Where a policy lets distributions of the owner in, the grant is that of their viewers, as far as it is known. */
export function judgeDistributions({ distributions: fact, bucket }: S3Evidence, found: Findings): void {
  const list = fact?.state === 'known' ? fact.value : null;
  if (list !== null) {
    found.grants = found.grants.flatMap((one) => (isOwn(one) ? viewersOf(one, list, bucket, found) : [one]));
  }
  if (!found.grants.some(({ grant: { path, state } }) => path === 'cdn' && state === 'effective')) return;
  if (fact?.state === 'refused') found.unknowns.push(unknownOf(fact));
  else if (list === null) found.unknowns.push({ call: CALL, reason: 'not asked', permission: CALL });
}

/** A way through a distribution to keys of the bucket. */
interface Way {
  distribution: CloudFrontDistribution;
  /** `signed`: only for who holds a signed URL or cookie. `checked`: something decides that was not read. */
  gate: 'open' | 'checked' | 'signed';
  keys: string;
  except: string[];
  methods: readonly string[];
  /** The address of the bucket itself is one of its paths. */
  isRoot: boolean;
}

function isOwn({ grant, reach }: JudgedGrant): boolean {
  return (
    grant.path === 'cdn' && grant.state === 'effective' && reach === 'unknown' && grant.principal.class === 'service'
  );
}

function viewersOf(
  judged: JudgedGrant,
  list: readonly CloudFrontDistribution[],
  bucket: string | null,
  found: Findings,
): JudgedGrant[] {
  return judged.grant.principal.ids.flatMap((id) => {
    const principal = { ...judged.grant.principal, ids: [id] };
    const one = { ...judged, grant: { ...judged.grant, principal } };
    const identity = IDENTITY.test(id) ? id.replace(IDENTITY, '') : null;
    if (identity === null && !/^(arn:|\d{12}$)/.test(id)) return [one];
    const isNamed = ({ ARN = '' }: CloudFrontDistribution) => !id.startsWith('arn:') || globMatches(id, ARN);
    const ways = list.filter(isNamed).flatMap((distribution) => waysThrough(distribution, identity, bucket));
    if (ways.length === 0 && identity !== null) {
      return [
        { ...one, notes: ['no distribution of this account leads here with it: it may be one of another account'] },
      ];
    }
    const seen = ways.flatMap((way) => throughWay(one, way, found));
    return seen.length > 0 ? seen : [blocked(one)];
  });
}

function blocked(judged: JudgedGrant): JudgedGrant {
  const blockedBy = ['CloudFront, where no distribution that it names leads there'];
  return { ...judged, notes: [], grant: { ...judged.grant, state: 'blocked', blockedBy } };
}

/** In the order in which CloudFront looks at them: what an earlier path takes, a later one does not get. */
function waysThrough(distribution: CloudFrontDistribution, identity: string | null, bucket: string | null): Way[] {
  const { DefaultCacheBehavior: byDefault = {}, CacheBehaviors } = distribution;
  // Evidence that leaves the origins out says nothing of where they lead.
  if (distribution.Origins?.Items === undefined) {
    return [{ distribution, gate: 'checked', keys: '*', except: [], methods: ANY_METHOD, isRoot: true }];
  }
  const folders = foldersByTarget(distribution, identity, bucket);
  const taken: string[] = [];
  return [...(CacheBehaviors?.Items ?? []), { ...byDefault, PathPattern: '*' }].flatMap((behavior) => {
    const path = (behavior.PathPattern ?? '*').replace(/^\//, '');
    const here = folders.get(behavior.TargetOriginId ?? '') ?? [];
    const except = [...taken];
    const gate = gateOf(distribution, behavior);
    if (here.length === 0 || gate !== 'open') taken.push(path);
    return here.map(({ folder, isSure }) => ({
      distribution,
      gate: isSure ? gate : ('checked' as const),
      keys: `${folder}${path}`,
      except: except.map((glob) => `${folder}${glob}`),
      methods: behavior.AllowedMethods?.Items ?? ['GET'],
      isRoot: folder === '' && globMatches(path, ''),
    }));
  });
}

interface Folder {
  /** `images/`, or '' for the whole bucket. */
  folder: string;
  isSure: boolean;
}

/** The folders of the bucket that an origin, or a group of them, leads to. */
function foldersByTarget(
  { Origins, OriginGroups }: CloudFrontDistribution,
  identity: string | null,
  bucket: string | null,
): Map<string, Folder[]> {
  const folders = new Map<string, Folder[]>();
  for (const { Id = '', DomainName = '', OriginPath = '', OriginAccessControlId, S3OriginConfig } of Origins?.Items ??
    []) {
    const own = S3OriginConfig?.OriginAccessIdentity?.split('/').at(-1) ?? '';
    const isSigned = identity === null ? (OriginAccessControlId ?? '') !== '' : own === identity;
    // An alias does not say which bucket its access point is on.
    const isAlias = DomainName.includes('-s3alias.');
    if (!isSigned || !(isAlias || isAddressOf(DomainName.toLowerCase(), bucket))) continue;
    const folder = OriginPath.replace(/^\//, '');
    folders.set(Id, [{ folder: folder === '' ? '' : `${folder}/`, isSure: !isAlias }]);
  }
  for (const { Id = '', Members } of OriginGroups?.Items ?? []) {
    const inside = (Members?.Items ?? []).flatMap(({ OriginId = '' }) => folders.get(OriginId) ?? []);
    if (inside.length > 0) folders.set(Id, inside);
  }
  return folders;
}

/** `lake.s3.eu-west-1.amazonaws.com` and its like; a website's address is none: nobody signs there. */
function isAddressOf(domain: string, bucket: string | null): boolean {
  const at = bucket === null ? domain.search(/\.s3[.-]/) : bucket.length;
  if (bucket !== null && !domain.startsWith(bucket.toLowerCase())) return false;
  return at > 0 && /^\.s3([.-](?!website)[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(domain.slice(at));
}

function gateOf(
  { WebACLId = '', ViewerMtlsConfig, ConnectionFunctionAssociation }: CloudFrontDistribution,
  behavior: CloudFrontBehavior,
): Way['gate'] {
  if (behavior.TrustedKeyGroups?.Enabled === true || behavior.TrustedSigners?.Enabled === true) return 'signed';
  const { FunctionAssociations, LambdaFunctionAssociations } = behavior;
  const code = [...(FunctionAssociations?.Items ?? []), ...(LambdaFunctionAssociations?.Items ?? [])];
  const isChecked =
    WebACLId !== '' ||
    code.some(({ EventType }) => EventType?.endsWith('-request') === true) ||
    ViewerMtlsConfig?.Mode === 'required' ||
    ConnectionFunctionAssociation?.Id !== undefined;
  return isChecked ? 'checked' : 'open';
}

function throughWay(judged: JudgedGrant, way: Way, found: Findings): JudgedGrant[] {
  const { distribution, gate } = way;
  const name = `CloudFront distribution ${distribution.Id ?? ''}`;
  const narrowed = narrowedTo(judged.grant, way);
  if (narrowed === null) return [];
  const off = distribution.Enabled === false;
  const grant = off
    ? { ...narrowed, state: 'dormant' as const, blockedBy: [`the disabled state of ${name}`] }
    : narrowed;
  switch (gate) {
    case 'open': {
      const notes = [
        `through the ${name}${distribution.DomainName === undefined ? '' : `, ${distribution.DomainName}`}`,
      ];
      return [
        {
          ...judged,
          reach: 'public',
          notes,
          grant: { ...grant, principal: { class: 'internet', ids: ['*'], trusted: false } },
        },
      ];
    }
    case 'signed': {
      const notes = [`only to who holds a signed URL or cookie of the ${name}, and those cannot be counted`];
      return [{ ...judged, reach: 'organization', notes, grant }];
    }
    case 'checked': {
      const call = (distribution.WebACLId ?? '') === '' ? 'cloudfront:GetFunction' : 'wafv2:GetWebACL';
      if (!off) found.unknowns.push({ call, reason: 'not asked', permission: call });
      const notes = [
        `what the ${name} asks of its viewers was not read: a web ACL, code, certificates or an access point`,
      ];
      return [{ ...judged, reach: 'unknown', notes, grant }];
    }
  }
}

/** The part of a grant that one way leads to; null: none. */
function narrowedTo(grant: Grant, { keys, except, methods, isRoot }: Way): Grant | null {
  const isWritable = methods.some((method) => /^(PUT|POST|PATCH)$/.test(method));
  const given = S3_ACTIONS.filter(({ name }) => grant.rawActions.includes(name));
  const left = given.filter(({ class: kind, level }) => {
    if (level === 'bucket' && !isRoot) return false;
    if (kind === 'delete') return methods.includes('DELETE');
    return kind === 'write' || kind === 'change-permissions' ? isWritable : true;
  });
  if (left.length === 0) return null;
  const isOfBucket = left.every(({ level }) => level === 'bucket');
  const prefixes = grant.scope.prefixes.flatMap((glob) => {
    if (isOfBucket || globCovers(keys, glob)) return [glob];
    if (!globsOverlap(keys, glob)) return [];
    return [globCovers(glob, keys) ? keys : glob];
  });
  if (prefixes.length === 0) return null;
  const holes = isOfBucket ? [] : except.filter((hole) => prefixes.some((glob) => globsOverlap(hole, glob)));
  return {
    ...grant,
    actions: grant.actions.filter((kind) => left.some((action) => action.class === kind)),
    rawActions: [...new Set(left.map(({ name }) => name))],
    scope: { prefixes: [...new Set(prefixes)], except: [...new Set([...grant.scope.except, ...holes])] },
  };
}
