import type { Config } from '../config/load-config.ts';
import { isAssayError } from '../errors.ts';
import { evaluateExposure } from '../exposure/evaluate.ts';
import { compareReach, widest } from '../exposure/reach.ts';
import type { Reach } from '../model/exposure.ts';
import type { ProviderName, Target } from '../model/object.ts';
import { openProvider, type ProviderOptions } from '../providers/open-provider.ts';
import type { Provider } from '../providers/provider.ts';

const ASKED_AT_ONCE = 8;

/** The same targets, those first whose bucket can be reached furthest; what cannot be told is behind what is foreign. */
export async function exposedFirst(
  targets: readonly Target[],
  stores: ProviderOptions,
  { trusted }: Pick<Config, 'trusted'>,
): Promise<Target[]> {
  const opened = new Map<ProviderName, Promise<Provider>>();
  const providerOf = (name: ProviderName): Promise<Provider> => {
    const provider = opened.get(name) ?? openProvider(name, stores);
    opened.set(name, provider);
    return provider;
  };
  const reaches = new Map<string, Reach>();
  const reachOf = async (target: Target): Promise<void> => {
    const { bucket, lost } = target;
    if (lost !== undefined || reaches.has(bucket.uri)) return;
    reaches.set(bucket.uri, 'unknown');
    try {
      const evidence = await (await providerOf(bucket.provider)).collectExposure(bucket, [target]);
      const { effective } = evaluateExposure(evidence, { collectedAt: new Date().toISOString(), trusted });
      reaches.set(bucket.uri, widest(Object.values(effective)));
    } catch (error) {
      if (!isAssayError(error)) throw error;
    }
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < targets.length; at = next++) await reachOf(targets[at] as Target);
  };
  try {
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, lane));
  } finally {
    for (const provider of opened.values()) await (await provider).close();
  }
  const reach = ({ bucket }: Target): Reach => reaches.get(bucket.uri) ?? 'unknown';
  return [...targets].sort((a, b) => compareReach(reach(a), reach(b)));
}
