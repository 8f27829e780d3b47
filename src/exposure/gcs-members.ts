import type { PrincipalClass, Reach } from '../model/exposure.ts';
import type { Trusted } from './who.ts';

/** Whose bucket it is. Projects have an id and a number, and members name either. */
export interface GcsHome {
  project: string | null;
  projectNumber: string | null;
  /** Domain or number of the own organisation. */
  org: string | null;
  trusted: Trusted;
}

/** A member as the owner of the bucket sees it. */
export interface GcsWho {
  class: PrincipalClass;
  id: string;
  trusted: boolean;
  reach: Reach;
  /** Name of the project or organisation in `crossAccount`; '' when it has none. */
  foreign: string;
  /** What is not known or worth knowing, as the end of a sentence. */
  note: string;
}

const NO_OWNER = 'the project that owns the bucket is not known';
/** Where Google keeps its own identities; a project of anybody may have an account called `service-1`. */
const AGENT_PROJECTS =
  'gcp-sa-[a-z0-9-]+|bigquery-encryption|cloud-filer|cloud-ml|cloud-redis|cloud-tpu|cloudcomposer-accounts|compute-system|container-analysis|container-engine-robot|containerregistry|dataflow-service-producer-prod|dataproc-accounts|endpoints-portal|firebase-rules|gae-api-prod|gcf-admin-robot|genomics-api|gs-project-accounts|remotebuildexecution|serverless-robot-prod|service-networking|sourcerepo-service-accounts';
const SERVICE_AGENT = new RegExp(
  `^(?:service-(\\d+)@(?:${AGENT_PROJECTS})(?:\\.google\\.com)?\\.iam|(\\d+)@(?:cloudservices|cloudbuild))\\.gserviceaccount\\.com$`,
);
const OWN_PROJECT_NUMBER = /^(\d+)-compute@developer\.gserviceaccount\.com$/;

/** Everyone, whatever the API calls them. */
export function isOpenMember(member: string): boolean {
  return openClass(member) !== null;
}

function openClass(member: string): 'internet' | 'any-authenticated' | null {
  const name = member.toLowerCase();
  if (name === 'allusers' || name === 'principalset://goog/public:all') return 'internet';
  if (name === 'allauthenticatedusers' || name === 'principalset://goog/public:allauthenticated')
    return 'any-authenticated';
  return null;
}

/** A member of an IAM binding as the owner of the bucket sees it. */
export function memberWho(member: string, home: GcsHome): GcsWho {
  const open = openClass(member);
  if (open !== null) return who(open, '*', 'public');
  if (/^principal(Set)?:\/\//.test(member)) return federated(member, home);
  const [, kind = '', name = ''] = /^(\w+):(.*)$/s.exec(member) ?? [];
  switch (kind) {
    case 'deleted':
      return who('dangling', member, 'private', 'the principal was deleted');
    case 'serviceAccount':
      return serviceAccount(name, member, home);
    case 'projectOwner':
    case 'projectEditor':
    case 'projectViewer':
      return ofProject(name, member, home);
    case 'domain':
      return ofDomain(name, member, home, 'foreign-org');
    case 'group':
      if (name === 'cloud-storage-analytics@google.com')
        return who('service', name, 'organization', 'writes usage logs');
      return ofDomain(name.split('@').at(-1) ?? '', member, home, 'foreign-org');
    case 'user':
      return ofDomain(name.split('@').at(-1) ?? '', member, home, 'foreign-account');
    default:
      return who('unknown', member, 'unknown', 'this kind of member is not known');
  }
}

/** An ACL names its grantees differently: `project-owners-1`, `user-x@example.com`. */
export function entityMember(entity: string): string {
  const [, team, project] = /^project-?(owner|editor|viewer)s?-(.+)$/i.exec(entity) ?? [];
  if (team !== undefined) return `project${team[0]?.toUpperCase()}${team.slice(1).toLowerCase()}:${project}`;
  return entity.replace(/^(user|group|domain)-/, '$1:');
}

function serviceAccount(email: string, text: string, home: GcsHome): GcsWho {
  const [, agent, builder] = SERVICE_AGENT.exec(email) ?? [];
  if (agent !== undefined || builder !== undefined) return ofService(agent ?? builder ?? '', text, home);
  const number = OWN_PROJECT_NUMBER.exec(email)?.[1];
  if (number !== undefined) return ofProject(number, text, home);
  const app = /^([\w.:-]+)@appspot\.gserviceaccount\.com$/.exec(email)?.[1];
  if (app !== undefined) return ofProject(app, text, home);
  const pool = /^([\w-]+)\.svc\.id\.goog\[/.exec(email)?.[1];
  if (pool !== undefined) return ofProject(pool, text, home);
  const [, project, domain] = /@([a-z0-9-]+)((?:\.[\w-]+)*)\.iam\.gserviceaccount\.com$/i.exec(email) ?? [];
  if (project === undefined) return who('unknown', text, 'unknown', 'its project cannot be told from its name');
  // Projects of a domain are called `example.com:project` and stand turned round here.
  return ofProject(domain === '' || domain === undefined ? project : `${domain.slice(1)}:${project}`, text, home);
}

/** Google's own identity for a service in this project: it acts when the project makes it. */
function ofService(number: string, text: string, home: GcsHome): GcsWho {
  const owner = ofProject(number, text, home);
  if (owner.class === 'same-account') return who('service', text, 'private');
  if (owner.reach === 'unknown') return who('service', text, 'organization', `acts for project ${number}`);
  return { ...owner, class: 'service', note: `acts for project ${number}` };
}

function ofProject(project: string, text: string, home: GcsHome): GcsWho {
  const { trusted } = home;
  if (project === home.project || project === home.projectNumber) return who('same-account', text, 'private');
  if (trusted.accounts.includes(project)) return { ...who('same-org', text, 'organization'), trusted: true };
  const known = /^\d+$/.test(project) ? home.projectNumber : home.project;
  if (known !== null) return { ...who('foreign-account', text, 'cross-account'), foreign: project };
  if (home.project === null && home.projectNumber === null) {
    return { ...who('unknown', text, 'unknown', NO_OWNER), foreign: project };
  }
  return who('unknown', text, 'unknown', `whether ${project} is the project of the bucket is not known`);
}

function ofDomain(domain: string, text: string, home: GcsHome, foreign: 'foreign-account' | 'foreign-org'): GcsWho {
  const own = [...(home.org === null ? [] : [home.org]), ...home.trusted.orgs].map((one) => one.toLowerCase());
  const name = domain.toLowerCase();
  if (own.includes(name)) return { ...who('same-org', text, 'organization'), trusted: true };
  // An organisation known by its number says nothing of its domains.
  if (!own.some((one) => one.includes('.'))) {
    return who('unknown', text, 'unknown', `name ${name} in the trusted organisations when it is yours`);
  }
  return { ...who(foreign, text, 'cross-account'), foreign: `org:${name}` };
}

/** Identities of another system, admitted through a pool; or everyone in a part of Google Cloud. */
function federated(member: string, home: GcsHome): GcsWho {
  const [, scope, id] = /^principalSet:\/\/cloudresourcemanager\.googleapis\.com\/(\w+)\/([^/]+)$/.exec(member) ?? [];
  if (scope === 'projects' && id !== undefined) return ofProject(id, member, home);
  if (scope !== undefined && id !== undefined) return ofOrganisation(`${scope}/${id}`, member, home);
  const cluster = /\/workloadIdentityPools\/([\w-]+)\.svc\.id\.goog\//.exec(member)?.[1];
  if (cluster !== undefined) return ofProject(cluster, member, home);
  const pool = /\/((?:workloadIdentityPools|workforcePools)\/[^/]+)/.exec(member)?.[1] ?? member;
  if (/^principalSet:.*\/\*$/.test(member)) {
    const note = 'everyone whom the pool admits, from outside Google Cloud';
    return { ...who('foreign-org', member, 'cross-account', note), foreign: `org:${pool}` };
  }
  const project = /\/projects\/([^/]+)\//.exec(member)?.[1];
  const owner = project === undefined ? null : ofProject(project, member, home);
  if (owner?.class !== 'same-account')
    return owner ?? who('unknown', member, 'unknown', 'whose pool this is is not known');
  return who('same-org', member, 'organization', 'an outside identity that the own pool admits');
}

function ofOrganisation(scope: string, text: string, home: GcsHome): GcsWho {
  const own = [home.org, ...home.trusted.orgs, ...home.trusted.orgUnits];
  const number = scope.split('/').at(-1) ?? '';
  if (own.includes(scope) || own.includes(number)) return { ...who('same-org', text, 'organization'), trusted: true };
  if (home.org === null || !/^\d+$/.test(home.org) || scope.startsWith('folders/')) {
    return who('unknown', text, 'unknown', `whether ${scope} is the own organisation is not known`);
  }
  return { ...who('foreign-org', text, 'cross-account'), foreign: `org:${number}` };
}

function who(principal: PrincipalClass, id: string, reach: Reach, note = ''): GcsWho {
  return { class: principal, id, trusted: false, reach, foreign: '', note };
}
