import type { Config } from '../config/load-config.ts';
import { isAssayError } from '../errors.ts';
import type { Target } from '../model/object.ts';
import { discoverTargets } from '../providers/discover-targets.ts';
import type { DoctorCheck } from './doctor-finding.ts';
import { optionsOf } from './doctor-target.ts';

/** Whether every bucket that a target such as `az://` means can be found; the buckets themselves are not looked at. */
export async function discoveryChecks(config: Config, target: Target): Promise<DoctorCheck[]> {
  const group = target.text;
  try {
    const { targets } = await discoverTargets([target], optionsOf(config));
    const lost = targets.flatMap(({ bucket, lost: why }) => (why === undefined ? [] : [{ uri: bucket.uri, ...why }]));
    const found = targets.length - lost.length;
    const detail = found === 0 ? 'none found' : `${found} found; name one to see the permissions on it`;
    return [
      { group, name: 'buckets', status: 'ok', detail },
      ...lost.map(({ uri, code, message }) => ({ group, name: uri, ...failure(code, message, group) })),
    ];
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return [{ group, name: 'buckets', ...failure(error.code, error.message, group) }];
  }
}

function failure(code: string, detail: string, text: string): Pick<DoctorCheck, 'status' | 'detail' | 'fix'> {
  return code === 'access-denied'
    ? { status: 'missing', detail, fix: `\`assay doctor ${text} --print-policy\` prints the whole role or policy.` }
    : { status: 'broken', detail, fix: 'See docs/permissions.md.' };
}
