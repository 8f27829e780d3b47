import type { GrantPath, PrincipalClass, Reach } from '../model/exposure.ts';
import { isLogDeliveryAccount } from './log-delivery-accounts.ts';
import type { Subject } from './subject.ts';

/** Whom the user counts as their own, beside the owner of the bucket. */
export interface Trusted {
  accounts: readonly string[];
  orgs: readonly string[];
  orgUnits: readonly string[];
  vpcs: readonly string[];
  vpces: readonly string[];
  ips: readonly string[];
}
export interface Home extends Trusted {
  /** Account that owns the bucket; null when it is not known. */
  account: string | null;
  org: string | null;
  /** It is known to be in no organisation. */
  isInNoOrg?: boolean;
  canonicalId: string | null;
  /** The policies of the owner's access points are known, and judged beside the bucket's. */
  knowsAccessPoints?: boolean;
}

/** A subject as the owner sees it. */
export interface Who {
  class: PrincipalClass;
  id: string;
  trusted: boolean;
  reach: Reach;
  /** Name of the account or organisation in `crossAccount`; '' when it has none. */
  foreign: string;
  /** The way in, where it is not just the bucket's policy. */
  path: GrantPath;
  /** What is not known or worth knowing, as the end of a sentence. */
  note: string;
}

/** Services that act for whoever asks: without a fixed source they carry requests of strangers (confused deputy). */
const DEPUTIES =
  /^(\*|(backup|cloudfront|cloudtrail|config|delivery\.logs|inspector2|logdelivery\.elasticloadbalancing|logging\.s3|logs(\.[\w-]+)?|s3|serverlessrepo|ses|sns|storage-lens\.s3)\.amazonaws\.com(\.cn)?)$/;

/** `isLogWriting`: the grant gives no more than what writing logs takes. */
export function whoIs(subject: Subject, home: Home, isLogWriting = false): Who {
  switch (subject.kind) {
    case 'open': {
      const principal = subject.isAuthenticated ? 'any-authenticated' : 'internet';
      return who(principal, '*', 'public');
    }
    case 'account':
      if (isLogWriting && !isOwn(subject.account, home) && isLogDeliveryAccount(subject.account))
        return who('service', subject.text, 'organization', 'an account of AWS that delivers logs');
      return ofAccount(subject.account, subject.text, subject.org, home);
    case 'canonical':
      if (subject.id === home.canonicalId) return who('same-account', subject.id, 'private');
      return home.canonicalId === null
        ? {
            ...who('unknown', subject.id, 'unknown', 'the owner of the bucket is not known'),
            foreign: canonical(subject),
          }
        : foreignAccount(canonical(subject), subject.id);
    case 'org':
      return ofOrganisation(subject.org, home);
    case 'service':
      return DEPUTIES.test(subject.name)
        ? who('service', subject.name, 'cross-account', 'any customer of the service can make it act: confused deputy')
        : who('service', subject.name, 'organization', 'no source account is fixed');
    case 'source':
      if (subject.account === null) return who('unknown', subject.text, 'unknown', 'the ARN names no account');
      if (subject.account === home.account) return who('service', subject.text, 'private');
      if (subject.via !== undefined) return ofService(subject.via, subject.account, home);
      return ofAccount(subject.account, subject.text, subject.org, home);
    case 'network':
      return ofNetwork(subject, home);
    case 'access-point':
      return { ...ofAccessPoints(subject.account, home), path: 'access-point' };
    case 'cdn':
      return { ...ofCdn(subject.account, subject.text, home), path: 'cdn' };
    case 'dangling':
      return who('dangling', subject.id, 'private', 'the principal was deleted');
    case 'other':
      return who('unknown', subject.text, 'unknown', 'its account cannot be told from the policy');
  }
}

function canonical({ id }: { id: string }): string {
  return `canonical:${id}`;
}

function ofAccount(account: string, text: string, org: string | undefined, home: Home): Who {
  if (isOwn(account, home)) return who('same-account', text, 'private');
  if (home.accounts.includes(account) || (org !== undefined && isOurOrganisation(org, home))) {
    return { ...who('same-org', text, 'organization'), trusted: true };
  }
  if (home.account === null && /^\d{12}$/.test(account)) {
    return { ...who('unknown', text, 'unknown', 'the account that owns the bucket is not known'), foreign: account };
  }
  return foreignAccount(account, text);
}

function ofAccessPoints(account: string, home: Home): Who {
  if (account !== home.account) {
    const owner = ofAccount(account, account, undefined, home);
    return { ...owner, note: owner.note || 'through its access points, whose policies cannot be read from here' };
  }
  if (home.knowsAccessPoints === true) return who('same-account', account, 'private');
  return who('unknown', account, 'unknown', 'its access points decide, and their policies were not read');
}

function ofCdn(account: string | null, text: string, home: Home): Who {
  if (account !== null && account !== home.account) return ofAccount(account, text, undefined, home);
  return who('service', text, 'unknown', 'who may reach the CloudFront distribution was not read');
}

function isOwn(account: string, home: Home): boolean {
  return account === home.account || account === home.canonicalId;
}

/** A named service acting for a customer: the customer has no access of its own. */
function ofService(service: string, account: string, home: Home): Who {
  const customer = ofAccount(account, account, undefined, home);
  const note = `it acts for account ${account}`;
  return { ...who('service', service, customer.reach, note), trusted: customer.trusted };
}

function foreignAccount(account: string, text: string): Who {
  return { ...who('foreign-account', text, 'cross-account'), foreign: account };
}

function ofOrganisation(org: string, home: Home): Who {
  if (isOurOrganisation(org, home)) return { ...who('same-org', org, 'organization'), trusted: true };
  if (home.org === null && home.isInNoOrg !== true)
    return who('unknown', org, 'unknown', 'whether this is the own organisation is not known');
  return { ...who('foreign-org', org, 'cross-account'), foreign: `org:${org}` };
}

function isOurOrganisation(org: string, home: Home): boolean {
  return org === home.org || home.orgs.includes(org) || home.orgUnits.some((path) => path.split('/')[0] === org);
}

function ofNetwork(network: Extract<Subject, { kind: 'network' }>, home: Home): Who {
  if (network.account !== undefined && network.account !== home.account && !home.accounts.includes(network.account)) {
    return ofAccount(network.account, network.id, undefined, home);
  }
  const lists = { ip: home.ips, vpc: home.vpcs, vpce: home.vpces };
  const trusted = network.account !== undefined || lists[network.type].includes(network.id);
  const note = trusted ? '' : 'with any identity; whose network this is was not checked';
  return { ...who('network', network.id, 'organization', note), trusted };
}

function who(principal: PrincipalClass, id: string, reach: Reach, note = ''): Who {
  return { class: principal, id, trusted: false, reach, foreign: '', path: 'bucket-policy', note };
}
