import type { ProviderName } from '../src/model/object.ts';
import { openProvider } from '../src/providers/open-provider.ts';
import type { Provider } from '../src/providers/provider.ts';
import type { ProviderCounters } from '../src/providers/s3-options.ts';

export interface Providers {
  get(name: ProviderName): Promise<Provider>;
  /** Made to stores so far. */
  requests(): number;
  close(): Promise<void>;
}

/** One provider of each kind, opened when it is first asked for. */
export function openProviders(options: Readonly<Record<string, unknown>>): Providers {
  const providers = new Map<ProviderName, Promise<Provider>>();
  const opened = new Map<ProviderName, Provider>();
  return {
    get(name) {
      let provider = providers.get(name);
      if (provider === undefined) {
        provider = openProvider(name, options);
        provider.then(
          (one) => opened.set(name, one),
          () => {},
        );
        providers.set(name, provider);
      }
      return provider;
    },
    requests: () => storeRequests(opened),
    async close() {
      await Promise.allSettled([...providers.values()].map(async (provider) => (await provider).close()));
    },
  };
}

/** Requests that providers have made to their stores; reading a disk makes none. */
export function storeRequests(providers: ReadonlyMap<ProviderName, Provider>): number {
  let requests = 0;
  for (const [name, provider] of providers) {
    if (name !== 'filesystem' && 'counters' in provider) requests += (provider.counters as ProviderCounters).requests;
  }
  return requests;
}
