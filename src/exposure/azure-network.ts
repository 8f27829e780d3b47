import type { AzureAccount, AzureEvidence, AzureNetworkRules, Fact } from '../model/exposure.ts';

/** From where the account answers at all; anonymous requests pass the same gate as signed ones. */
export type Gate =
  | { state: 'open' }
  /** Private endpoints only. */
  | { state: 'closed'; by: string }
  /** These networks and resources of Azure only. */
  | { state: 'limited'; by: string; networks: string[]; instances: { tenant: string; id: string }[] }
  | { state: 'unknown'; why: string };

const DENY = 'account.networkAcls.defaultAction=Deny';
/** IPv4 ranges broader than this are the internet and no network, and so are ranges that together hold half of it. */
const WIDEST_BITS = 8;
const HALF_OF_IPV4 = 2 ** 31;

/** In Azure's order: the switch of public network access, the default action, then the rules that except from it. */
export function networkGate({ account }: Pick<AzureEvidence, 'account'>): Gate {
  if (account.state === 'unsupported') return { state: 'open' };
  if (account.state === 'refused') return { state: 'unknown', why: 'the network rules of the account are not known' };
  const { publicNetworkAccess, networkAcls } = account.value ?? {};
  switch ((publicNetworkAccess ?? 'Enabled').toLowerCase()) {
    case 'enabled':
      return rulesGate(networkAcls ?? {});
    case 'disabled':
      return { state: 'closed', by: 'account.publicNetworkAccess=Disabled' };
    default:
      return {
        state: 'unknown',
        why: `the account's publicNetworkAccess is ${publicNetworkAccess}: rules of a perimeter decide, which were not read`,
      };
  }
}

function rulesGate(rules: AzureNetworkRules): Gate {
  if ((rules.defaultAction ?? 'Allow').toLowerCase() !== 'deny') return { state: 'open' };
  const ranges = addressesOf(rules);
  if (isInternet(ranges)) return { state: 'open' };
  const subnets = (rules.virtualNetworkRules ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
  return {
    state: 'limited',
    by: DENY,
    networks: [...ranges, ...subnets],
    instances: (rules.resourceAccessRules ?? []).flatMap(({ tenantId, resourceId }) =>
      tenantId === undefined || resourceId === undefined ? [] : [{ tenant: tenantId, id: resourceId }],
    ),
  };
}

export function addressesOf({ ipRules }: AzureNetworkRules): string[] {
  return (ipRules ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** Whether these rules let anyone in, whatever the default action is. */
export function isInternet(ranges: readonly string[]): boolean {
  const bits = ranges.map(prefixBits).filter((one) => one !== null);
  if (bits.some(({ version, length }) => length < (version === 4 ? WIDEST_BITS : 4 * WIDEST_BITS))) return true;
  const addresses = bits.reduce((sum, { version, length }) => sum + (version === 4 ? 2 ** (32 - length) : 0), 0);
  return addresses >= HALF_OF_IPV4;
}

/** Null: no address, which Azure would not have taken. */
function prefixBits(range: string): { version: 4 | 6; length: number } | null {
  const [, address = '', suffix] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(range.trim()) ?? [];
  const version = address.includes(':') ? 6 : /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? 4 : null;
  if (version === null) return null;
  return { version, length: suffix === undefined ? (version === 4 ? 32 : 128) : Number(suffix) };
}

/** What passes a closed default action without being named: sentences for the report. */
export function bypassSentences(account: Fact<AzureAccount>): string[] {
  if (account.state !== 'known') return [];
  const { networkAcls, publicNetworkAccess } = account.value ?? {};
  const isGuarded = (networkAcls?.defaultAction ?? '').toLowerCase() === 'deny' || isOff(publicNetworkAccess);
  // The default of the setting, too, lets the trusted services in.
  const bypass = networkAcls?.bypass ?? 'AzureServices';
  return isGuarded && /AzureServices/i.test(bypass)
    ? ['Trusted services of Azure pass the network rules (bypass AzureServices); they still need a role.']
    : [];
}

function isOff(publicNetworkAccess: string | null | undefined): boolean {
  return publicNetworkAccess?.toLowerCase() === 'disabled';
}
