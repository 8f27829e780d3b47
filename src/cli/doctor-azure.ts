import type { AzureEvidence } from '../model/exposure.ts';
import { AZURE_CALLS, MANAGEMENT_CALLS } from '../providers/azure-permissions.ts';
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
