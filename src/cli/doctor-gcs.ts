import type { GcsEvidence } from '../model/exposure.ts';
import { GCS_FACTS } from '../providers/gcs-permissions.ts';
import type { DoctorCheck } from './doctor-finding.ts';

/** Facts of a bucket, each with the permission that it needs. */
const FACTS = [
  { fact: 'metadata', ...GCS_FACTS.metadata },
  { fact: 'iamPolicy', ...GCS_FACTS.iamPolicy },
  { fact: 'acl', ...GCS_FACTS.acl },
  { fact: 'objectAcls', ...GCS_FACTS.objectAcls },
  { fact: 'managedFolders', ...GCS_FACTS.managedFolders },
  { fact: 'orgPolicy', ...GCS_FACTS.orgPolicy },
] as const satisfies readonly { fact: keyof GcsEvidence; call: string; permission: string }[];

/** What of the facts about who can reach a bucket could be asked, on the bucket and on what stands above it. */
export function gcsChecks(evidence: GcsEvidence, grant: (permission: string) => string): DoctorCheck[] {
  const { inherited } = evidence;
  const levels = inherited.state === 'known' ? (inherited.value ?? []).map(({ iamPolicy }) => iamPolicy) : [inherited];
  const above = levels.map((found) => ({
    found,
    call: found.state === 'known' ? 'resourcemanager' : found.call,
    permission: found.state === 'refused' ? found.permission : 'resourcemanager.projects.getIamPolicy',
  }));
  const asked = FACTS.map(({ fact, call, permission }) => ({ found: evidence[fact], call, permission }));
  return [...asked, ...above].map(({ found, call, permission }) => {
    const check = { group: '', name: permission };
    if (found.state === 'known') return { ...check, status: 'ok', detail: 'works' };
    if (found.state === 'unsupported')
      return { ...check, status: 'unsupported', detail: `${call}: the store has no such call` };
    const fix = found.reason === 'AccessDenied' ? grant(permission) : 'Until it answers, the reach may be unknown.';
    return { ...check, status: 'missing', detail: found.reason, fix };
  });
}
