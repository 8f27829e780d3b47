import type { ProviderName } from '../src/model/object.ts';
import { openProvider } from '../src/providers/open-provider.ts';
import type { Provider } from '../src/providers/provider.ts';

export interface Providers {
  get(name: ProviderName): Promise<Provider>;
  close(): Promise<void>;
}

/** One provider of each kind, opened when it is first asked for. */
export function openProviders(options: Readonly<Record<string, unknown>>): Providers {
  const providers = new Map<ProviderName, Promise<Provider>>();
  return {
    get(name) {
      let provider = providers.get(name);
      if (provider === undefined) {
        provider = openProvider(name, options);
        providers.set(name, provider);
      }
      return provider;
    },
    async close() {
      await Promise.allSettled([...providers.values()].map(async (provider) => (await provider).close()));
    },
  };
}
