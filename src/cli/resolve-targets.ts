import { type Config, storesOf } from '../config/load-config.ts';
import { AssayError } from '../errors.ts';
import type { Target } from '../model/object.ts';
import { discoverTargets } from '../providers/discover-targets.ts';
import type { ProviderOptions } from '../providers/open-provider.ts';
import { parseTargets } from '../providers/parse-targets.ts';
import { exposedFirst } from './exposed-first.ts';

export interface ResolvedTargets {
  targets: Target[];
  /** For the providers of these targets; no credentials. */
  stores: ProviderOptions;
}

/** The targets of a command: every bucket in the place of `s3://` and its like, in the order to scan them. Throws `AssayError`. */
export async function resolveTargets(texts: readonly string[], cwd: string, config: Config): Promise<ResolvedTargets> {
  const given = parseTargets(texts, cwd, googleParent(config));
  const stores: ProviderOptions = storesOf(config);
  const { targets, bucketRoles, azureAccounts } = given.some(({ every }) => every)
    ? await discoverTargets(given, stores)
    : { targets: given, bucketRoles: {}, azureAccounts: {} };
  const all: ProviderOptions = {
    ...stores,
    ...(Object.keys(bucketRoles).length === 0 ? {} : { bucketRoles }),
    ...(Object.keys(azureAccounts).length === 0 ? {} : { azure: { ...stores.azure, accounts: azureAccounts } }),
  };
  return { targets: config.exposedFirst ? await exposedFirst(targets, all, config) : targets, stores: all };
}

/** What `gs://` means, as Google names it: `my-project`, `folders/1` or `organizations/2`. Throws `AssayError` `config`. */
export function googleParent({ project, folder, organization }: Config): string | null {
  const [parent, other] = [
    project,
    folder === null ? null : `folders/${folder}`,
    organization === null ? null : `organizations/${organization}`,
  ].filter((one) => one !== null);
  if (other !== undefined)
    throw new AssayError('config', 'configuration: give one of project, folder and organization');
  return parent ?? null;
}
