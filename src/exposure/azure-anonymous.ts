import type { ActionClass, AzureEvidence, Grant, Reach } from '../model/exposure.ts';
import type { Gate } from './azure-network.ts';
import type { Trusted } from './who.ts';

/** A grant with what the judgement needs beside it. */
export interface AzureGrant {
  grant: Grant;
  /** How far it goes while nothing blocks it. */
  reach: Reach;
  foreign: string[];
  sentence: string;
}

/** The owner of the account, and whom else the user counts as their own. */
export interface AzureHome {
  tenant: string | null;
  subscription: string | null;
  trusted: Trusted;
}

export type PublicLevel = 'none' | 'blob' | 'container' | 'unknown';

/** `$web` is the container that a static website is served from. */
export const WEB = '$web';
export const SWITCH = 'account.allowBlobPublicAccess=false';

/** Azure's own words, and those of its tools. */
export function publicLevel(given: string | null): PublicLevel {
  switch ((given ?? 'none').toLowerCase()) {
    case '':
    case 'none':
    case 'off':
    case 'private':
      return 'none';
    case 'blob':
      return 'blob';
    case 'container':
      return 'container';
    default:
      return 'unknown';
  }
}

/** The account's switch over the levels of its containers. An account that does not say has not forbidden it. */
export function accountSwitch({ account }: Pick<AzureEvidence, 'account'>): 'on' | 'off' | 'unknown' {
  if (account.state === 'refused') return 'unknown';
  return account.state === 'known' && account.value?.allowBlobPublicAccess === false ? 'off' : 'on';
}

/** The containers that are judged, as far as they are known. */
export function containersOf({
  containers,
  container,
}: AzureEvidence): { name: string; publicAccess: string | null }[] {
  if (containers.state !== 'known') return [];
  return (containers.value ?? []).filter(({ name }) => container === null || name === container);
}

/** What anyone may do without any identity: by the level of a container, and by the website. Anonymous writes do not exist. */
export function anonymousGrants(evidence: AzureEvidence, gate: Gate, home: AzureHome): AzureGrant[] {
  const grants: AzureGrant[] = [];
  for (const { name, publicAccess } of containersOf(evidence)) {
    const level = publicLevel(publicAccess);
    if (level === 'none') continue;
    const actions: ActionClass[] = level === 'blob' ? ['read'] : ['list', 'read'];
    const cause = `public access level ${publicAccess} of container ${name}`;
    const doubt = level === 'unknown' ? 'this level is not known' : undefined;
    grants.push(
      ...throughGate({ actions, path: 'container-public-access', cause, container: name, doubt }, evidence, gate, home),
    );
  }
  if (evidence.containers.state === 'refused' && gate.state === 'limited' && accountSwitch(evidence) !== 'off') {
    // A level that could not be read opens at most what the rules let through.
    const cause = 'a public access level that could not be read';
    grants.push(...exceptedGrants({ ...LEVEL, actions: ['list', 'read'], cause }, gate, ['at most'], home));
  }
  return [...grants, ...websiteGrants(evidence, gate, home)];
}

const LEVEL = { path: 'container-public-access', container: '', doubt: undefined } as const;

function websiteGrants(evidence: AzureEvidence, gate: Gate, home: AzureHome): AzureGrant[] {
  const { staticWebsite, container, containers } = evidence;
  if (container !== null && container !== WEB) return [];
  const isThere = container === WEB || containersOf(evidence).some(({ name }) => name === WEB);
  const isServed = staticWebsite.state === 'known' && staticWebsite.value === true;
  // Turning the website on makes the container; with a list that lacks it there is nothing to serve.
  const isListed = containers.state === 'known' && (containers.value ?? []).length > 0;
  if (isServed ? isListed && !isThere : !isThere || staticWebsite.state !== 'refused') return [];
  const doubt = isServed ? undefined : 'unless no website is on, which is not known';
  const cause = 'the static website, which serves container $web whatever the account allows';
  return throughGate({ actions: ['read'], path: 'website', cause, container: WEB, doubt }, evidence, gate, home);
}

interface Opening {
  actions: ActionClass[];
  path: 'container-public-access' | 'website';
  cause: string;
  container: string;
  doubt: string | undefined;
}

/** The grant to everyone, in effect or stopped by switch and gate, and what the gate lets through of it. */
function throughGate(opening: Opening, evidence: AzureEvidence, gate: Gate, home: AzureHome): AzureGrant[] {
  const isSwitched = opening.path === 'container-public-access';
  const state = isSwitched ? accountSwitch(evidence) : 'on';
  const blockedBy = [
    ...(state === 'off' ? [SWITCH] : []),
    ...(gate.state === 'closed' || gate.state === 'limited' ? [gate.by] : []),
  ];
  const doubts = [
    opening.doubt,
    state === 'unknown' ? 'unless allowBlobPublicAccess of the account is off, which is not known' : undefined,
    gate.state === 'unknown' ? gate.why : undefined,
  ].filter((doubt) => doubt !== undefined);
  const everyone = grantOf(opening, { class: 'internet', ids: ['*'], trusted: false }, blockedBy);
  const reach = doubts.length > 0 ? 'unknown' : 'public';
  const grants = [toJudged(everyone, reach, 'Anyone on the internet', doubts)];
  if (gate.state === 'limited' && state !== 'off') grants.push(...exceptedGrants(opening, gate, doubts, home));
  return grants;
}

/** Networks and resources that the rules let in need no identity either. */
function exceptedGrants(
  opening: Opening,
  gate: Extract<Gate, { state: 'limited' }>,
  doubts: string[],
  home: AzureHome,
): AzureGrant[] {
  const grants: AzureGrant[] = [];
  if (gate.networks.length > 0) {
    const trusted = gate.networks.every(
      (network) => home.trusted.ips.includes(network) || home.trusted.vpcs.includes(network),
    );
    const grant = grantOf(opening, { class: 'network', ids: gate.networks, trusted }, []);
    const note = trusted ? [] : ['whose networks these are was not checked'];
    // Whatever is in doubt, nobody else passes: this is the widest that it can be.
    grants.push(toJudged(grant, 'organization', `Everyone in ${named(gate.networks)}`, [...doubts, ...note]));
  }
  for (const { tenant, id } of gate.instances) {
    const trusted = tenant === home.tenant || home.trusted.orgs.includes(tenant);
    const isKnown = trusted || home.tenant !== null;
    const grant = grantOf(
      opening,
      { class: trusted ? 'same-org' : isKnown ? 'foreign-org' : 'unknown', ids: [id], trusted },
      [],
    );
    const reach = trusted ? 'organization' : isKnown && doubts.length === 0 ? 'cross-account' : 'unknown';
    const note = isKnown ? [] : ['whether its tenant is the own one is not known'];
    grants.push({
      ...toJudged(grant, reach, `The resource ${id} of tenant ${tenant}`, [...doubts, ...note]),
      foreign: trusted || !isKnown ? [] : [`tenant:${tenant}`],
    });
  }
  return grants;
}

function grantOf(opening: Opening, principal: Grant['principal'], blockedBy: string[]): Grant {
  const { actions, path, cause, container } = opening;
  return {
    principal,
    actions,
    rawActions: actions.map((action) => (action === 'list' ? 'az:ListBlobs' : 'az:GetBlob')),
    scope: { prefixes: ['*'], except: [] },
    conditions: [],
    path,
    cause: { doc: cause, ...(container === '' ? {} : { sid: container }) },
    state: blockedBy.length > 0 ? 'dormant' : 'effective',
    ...(blockedBy.length > 0 && { blockedBy }),
    fix: [],
  };
}

function toJudged(grant: Grant, reach: Reach, subject: string, notes: readonly string[]): AzureGrant {
  const deeds = grant.actions.includes('list') ? 'list the keys and read objects' : 'read objects';
  const isStopped = grant.state !== 'effective';
  const tail = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  const guards = grant.blockedBy ?? [];
  const stop = isStopped ? ` Only ${guards.join(' and ')} ${guards.length > 1 ? 'stop' : 'stops'} it.` : '';
  const where = grant.cause.sid === undefined ? '' : ` of ${grant.cause.sid}`;
  const sentence = `${subject} ${isStopped ? 'could' : 'can'} ${deeds}${where}: ${grant.cause.doc}${tail}.${stop}`;
  return { grant, reach, foreign: [], sentence };
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
