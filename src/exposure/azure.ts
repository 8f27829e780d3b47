import type { ActionClass, AzureEvidence, Exposure, Fact, Reach } from '../model/exposure.ts';
import {
  type AzureGrant,
  type AzureHome,
  accountSwitch,
  anonymousGrants,
  containersOf,
  publicLevel,
  WEB,
} from './azure-anonymous.ts';
import { grantFix, smallestEdits } from './azure-fix.ts';
import { allowsOtherTenants, holderGrants } from './azure-holders.ts';
import { bypassSentences, type Gate, networkGate } from './azure-network.ts';
import { compareReach, effectiveReach, widest } from './reach.ts';

type Unknown = Exposure['unknowns'][number];

/** The rules of a network security perimeter are resources of their own. */
const PERIMETER: Unknown = {
  call: 'az:GetNetworkSecurityPerimeter',
  reason: 'not asked',
  permission: 'Microsoft.Network/networkSecurityPerimeters/*/read',
};
const STRANGE_LEVEL = { call: 'az:GetContainerProperties', permission: '' };

/**
 * Judges a container, or all that are known of an account, in Azure's order: network, the account's switch, the levels of
 * the containers and the static website; then keys, SAS, roles and replication (learn.microsoft.com, "Configure anonymous
 * read access" and "Azure Storage firewall rules").
 */
export function evaluateAzure(evidence: AzureEvidence, home: AzureHome, collectedAt: string): Exposure {
  const gate = networkGate(evidence);
  const grants = [...anonymousGrants(evidence, gate, home), ...holderGrants(evidence, home, collectedAt)];
  const open = new Set<ActionClass>(isLevelOpen(evidence, gate) ? ['list', 'read'] : []);
  const effective = reachOf(grants, open);
  const counted = grants.filter(({ grant, reach }) => grant.state === 'effective' && reach !== 'private');
  const unknowns = unknownsOf(evidence);
  for (const { grant } of grants) if (grant.state !== 'blocked') grant.fix = grantFix(grant, evidence);
  return {
    verdict: widest([effective.list, effective.read]),
    effective,
    vendorPublic: vendorPublic(evidence),
    crossAccount: [...new Set(counted.flatMap(({ foreign }) => foreign))].sort(),
    grants: grants.map((judged) => ({ ...judged.grant, reach: currentReach(judged) })),
    unknowns,
    open: [...open],
    collectedAt,
    because: becauseOf(evidence, grants),
    fix: [...new Set([...fixes(evidence, home, unknowns), ...foreignFixes(counted)])],
  };
}

function reachOf(grants: readonly AzureGrant[], open: ReadonlySet<ActionClass>): Exposure['effective'] {
  return effectiveReach(
    grants.map((judged) => ({ actions: judged.grant.actions, reach: currentReach(judged) })),
    open,
  );
}

function currentReach({ grant, reach }: AzureGrant): Reach {
  return grant.state === 'effective' ? reach : 'private';
}

/** Whether a level that could not be read might let everyone in. */
function isLevelOpen(evidence: AzureEvidence, gate: Gate): boolean {
  const isGuarded = gate.state === 'closed' || gate.state === 'limited' || accountSwitch(evidence) === 'off';
  return evidence.containers.state === 'refused' && !isGuarded;
}

/** What Azure calls it: the level of a container under the account's switch, and the website; the network does not count. */
function vendorPublic(evidence: AzureEvidence): boolean | 'unknown' {
  const { staticWebsite, containers } = evidence;
  const named = containersOf(evidence);
  if (staticWebsite.state === 'known' && staticWebsite.value === true && named.some(({ name }) => name === WEB))
    return true;
  const state = accountSwitch(evidence);
  if (state === 'off') return false;
  if (containers.state === 'refused') return 'unknown';
  const levels = named.map(({ publicAccess }) => publicLevel(publicAccess));
  if (levels.every((level) => level === 'none')) return false;
  return state === 'unknown' || levels.every((level) => level === 'none' || level === 'unknown') ? 'unknown' : true;
}

function unknownsOf(evidence: AzureEvidence): Unknown[] {
  const { account, containers, staticWebsite, accessPolicies, roleAssignments, replicationPolicies } = evidence;
  const gate = networkGate(evidence);
  const strange = containersOf(evidence).filter(({ publicAccess }) => publicLevel(publicAccess) === 'unknown');
  const isWeb = evidence.container === WEB || containersOf(evidence).some(({ name }) => name === WEB);
  const optional = [accessPolicies, roleAssignments, replicationPolicies].filter(
    (fact) => fact.state === 'refused' && fact.reason !== 'not asked',
  );
  return [
    ...[account, containers, ...(isWeb ? [staticWebsite] : []), ...optional].flatMap((fact) =>
      fact.state === 'refused' ? [{ call: fact.call, reason: fact.reason, permission: fact.permission }] : [],
    ),
    ...(account.state === 'known' && gate.state === 'unknown' ? [PERIMETER] : []),
    ...strange.map(({ publicAccess }) => ({ ...STRANGE_LEVEL, reason: `the level ${publicAccess} is not known` })),
  ];
}

/** Widest reach first, and what is in effect before what is stopped; what every container has comes last. */
function becauseOf(evidence: AzureEvidence, grants: readonly AzureGrant[]): string[] {
  const rank = ({ grant, reach }: AzureGrant) => (grant.state !== 'effective' ? 1 : reach === 'private' ? 2 : 0);
  const isOwnRole = ({ grant, reach }: AzureGrant) => grant.path === 'rbac' && reach === 'private';
  const told = grants.filter((judged) => !isOwnRole(judged));
  const roles = grants.length - told.length;
  const ordered = told.toSorted((a, b) => rank(a) - rank(b) || compareReach(a.reach, b.reach));
  const isClosed = grants.every(({ grant }) => grant.path !== 'container-public-access' && grant.path !== 'website');
  return [
    ...missing(evidence.containers, 'The public access level of the container is'),
    ...(isClosed && evidence.containers.state === 'known'
      ? ['No container here is open to requests without identity.']
      : []),
    ...ordered.map(({ sentence }) => sentence),
    ...(roles > 0 ? [`${roles} role assignments of the own tenant reach it.`] : []),
    ...settingSentences(evidence),
    ...missing(evidence.account, 'The settings of the account (its switch, its network rules, its keys) are'),
  ];
}

function missing(fact: Fact<unknown>, what: string): string[] {
  if (fact.state === 'unsupported') return [`${what} not asked: this store has no such call (${fact.call}).`];
  return fact.state === 'refused' ? [`${what} not known: ${fact.call}, ${fact.reason}.`] : [];
}

function settingSentences(evidence: AzureEvidence): string[] {
  const { account } = evidence;
  const isSftp = account.state === 'known' && account.value?.isSftpEnabled === true;
  return [
    ...bypassSentences(account),
    ...(allowsOtherTenants(evidence) === true
      ? ['The account lets its objects be replicated to other tenants (allowCrossTenantReplication).']
      : []),
    ...(isSftp
      ? ['SFTP is on: local users with a password or key of their own may reach it; they were not read.']
      : []),
  ];
}

/** The changes that close it, found by judging the facts again after each of them. */
function fixes(evidence: AzureEvidence, home: AzureHome, unknowns: readonly Unknown[]): string[] {
  const isOpen = (given: AzureEvidence): boolean => {
    const gate = networkGate(given);
    return anonymousGrants(given, gate, home).some(
      ({ grant, reach }) => grant.state === 'effective' && grant.principal.class === 'internet' && reach !== 'private',
    );
  };
  const lines = smallestEdits(evidence, isOpen).flatMap(({ words, command, terraform }) => [
    words,
    command,
    `Terraform: ${terraform}`,
  ]);
  const refused = unknowns.filter(({ reason }) => reason !== 'not asked');
  const permissions = [...new Set(refused.map(({ permission }) => permission))].filter((one) => one.includes('/'));
  if (permissions.length > 0) {
    lines.push(`Let the scanning identity read what is not known: grant it ${permissions.join(', ')}.`);
  }
  if (refused.some(({ reason }) => reason === NO_SUBSCRIPTION)) {
    lines.push('Name the subscription of the account: --azure-subscription ID or AZURE_SUBSCRIPTION_ID.');
  }
  return lines;
}

function foreignFixes(counted: readonly AzureGrant[]): string[] {
  return counted.flatMap(({ grant, reach }) =>
    reach === 'cross-account' && (grant.path === 'rbac' || grant.path === 'replication-out') ? grant.fix : [],
  );
}

/** Why nothing above the container was asked. */
export const NO_SUBSCRIPTION = 'the subscription is not known';
