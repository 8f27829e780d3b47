import type { ProviderName } from '../model/object.ts';
import type { Provider } from './provider.ts';
import type { S3Options } from './s3-options.ts';

export type ProviderOptions = S3Options;

/** The provider of this name. Its SDK is loaded now and not before. */
export async function openProvider(name: ProviderName, options: ProviderOptions = {}): Promise<Provider> {
  switch (name) {
    case 'aws-s3': {
      const { S3Provider } = await import('./s3.ts');
      return new S3Provider(options);
    }
    case 'filesystem': {
      const { FilesystemProvider } = await import('./filesystem.ts');
      return new FilesystemProvider();
    }
  }
}
