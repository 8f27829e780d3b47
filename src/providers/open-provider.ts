import type { ProviderName } from '../model/object.ts';
import type { AzureOptions } from './azure-options.ts';
import type { GcsOptions } from './gcs-options.ts';
import type { Provider } from './provider.ts';
import type { S3Options } from './s3-options.ts';
import type { StoreOptions } from './store-calls.ts';

export interface ProviderOptions extends S3Options {
  azure?: AzureOptions;
  gcs?: GcsOptions;
}

/** The provider of this name. Its SDK is loaded now and not before. */
export async function openProvider(name: ProviderName, options: ProviderOptions = {}): Promise<Provider> {
  switch (name) {
    case 'aws-s3': {
      const { S3Provider } = await import('./s3.ts');
      return new S3Provider(options);
    }
    case 'azure-blob': {
      const { AzureProvider } = await import('./azure.ts');
      return new AzureProvider({ ...common(options), ...options.azure });
    }
    case 'gcs': {
      const { GcsProvider } = await import('./gcs.ts');
      return new GcsProvider({ ...common(options), ...options.gcs });
    }
    case 'filesystem': {
      const { FilesystemProvider } = await import('./filesystem.ts');
      return new FilesystemProvider();
    }
  }
}

/** What every store takes. */
function common({ throttles, idleTimeoutMs, maxRetries, retryBaseMs, rangeBytes }: ProviderOptions): StoreOptions {
  return {
    ...(throttles === undefined ? {} : { throttles }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(retryBaseMs === undefined ? {} : { retryBaseMs }),
    ...(rangeBytes === undefined ? {} : { rangeBytes }),
  };
}
