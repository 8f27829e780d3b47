import { isAssayError } from '../errors.ts';
import type { AzureEvidence } from '../model/exposure.ts';
import type { Target } from '../model/object.ts';
import { AZURE_CALLS, MANAGEMENT_CALLS } from '../providers/azure-permissions.ts';
import { endpointClock } from '../providers/endpoint-clock.ts';
import type { ProviderOptions } from '../providers/open-provider.ts';
import { clockCheck } from './doctor-clock.ts';
import type { DoctorCheck } from './doctor-finding.ts';

/** Facts of a container, each with the permission that it needs. */
const FACTS = [
  { fact: 'containers', permission: AZURE_CALLS['az:GetContainerProperties'].permission },
  { fact: 'accessPolicies', permission: AZURE_CALLS['az:GetContainerAcl'].permission },
  { fact: 'account', permission: MANAGEMENT_CALLS.account.permission },
  { fact: 'replicationPolicies', permission: MANAGEMENT_CALLS.replicationPolicies.permission },
  { fact: 'roleAssignments', permission: MANAGEMENT_CALLS.roleAssignments.permission },
] as const satisfies readonly { fact: keyof AzureEvidence; permission: string }[];

/** What of the facts about who can reach a container could be asked. */
export function azureChecks(evidence: AzureEvidence, grant: (permission: string) => string): DoctorCheck[] {
  return FACTS.map(({ fact, permission }) => {
    const check = { group: '', name: permission };
    const found = evidence[fact];
    if (found.state === 'known') return { ...check, status: 'ok', detail: 'works' };
    if (found.state === 'unsupported')
      return { ...check, status: 'unsupported', detail: `${found.call}: the store has no such call` };
    if (found.reason === 'not asked') return { ...check, status: 'skipped', detail: 'not asked' };
    const fix =
      found.reason === 'AccessDenied'
        ? grant(found.permission)
        : 'Name the subscription (--azure-subscription), and sign in with Entra; until then the reach may be unknown.';
    return { ...check, status: 'missing', detail: found.reason, fix };
  });
}

const KINDS = { 'shared-key': 'account key', sas: 'SAS', entra: 'Entra' } as const;

/** By what each account of the targets is reached, and how far the clocks are apart. */
export async function azureAccountChecks(options: ProviderOptions, targets: readonly Target[]): Promise<DoctorCheck[]> {
  const buckets = targets
    .map(({ bucket }) => bucket)
    .filter(({ provider, name }) => provider === 'azure-blob' && name !== '');
  const accounts = new Map(buckets.map((bucket) => [bucket.name.split('/')[0] ?? '', bucket]));
  if (accounts.size === 0) return [];
  const { AzureProvider } = await import('../providers/azure.ts');
  const provider = new AzureProvider(options.azure ?? {});
  const checks: DoctorCheck[] = [];
  for (const [account, bucket] of accounts) {
    const check = { group: 'identity', name: `azure-blob ${account}` };
    try {
      const { kind, url } = await provider.access(bucket);
      checks.push({ ...check, status: 'ok', detail: KINDS[kind] }, clockCheck(await endpointClock({ endpoint: url })));
    } catch (error) {
      if (!isAssayError(error)) throw error;
      checks.push({
        ...check,
        status: 'broken',
        detail: error.message,
        fix: 'See docs/permissions.md for where they are looked for.',
      });
    }
  }
  await provider.close();
  return checks;
}
