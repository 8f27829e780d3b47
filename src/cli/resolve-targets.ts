import { type Config, storesOf } from '../config/load-config.ts';
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
  const given = parseTargets(texts, cwd, config.project);
  const stores: ProviderOptions = storesOf(config);
  const { targets, bucketRoles } = given.some(({ every }) => every)
    ? await discoverTargets(given, stores)
    : { targets: given, bucketRoles: {} };
  const all = Object.keys(bucketRoles).length === 0 ? stores : { ...stores, bucketRoles };
  return { targets: config.exposedFirst ? await exposedFirst(targets, all, config) : targets, stores: all };
}
