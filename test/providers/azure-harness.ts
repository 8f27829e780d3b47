import type { ContainerClient } from '@azure/storage-blob';
import { BlockBlobClient, newPipeline } from '@azure/storage-blob';
import type { BucketRef } from '../../src/model/object.ts';
import { AzureProvider } from '../../src/providers/azure.ts';
import type { AzureOptions } from '../../src/providers/azure-options.ts';
import type { Azurite } from '../servers/azurite.ts';

let containers = 0;

export function azureBucket(account: string, container: string): BucketRef {
  const name = `${account}/${container}`;
  return { provider: 'azure-blob', uri: `az://${name}`, name };
}

export interface NewContainer {
  bucket: BucketRef;
  container: ContainerClient;
}

/** A fresh container of the server. */
export async function newContainer(server: Azurite): Promise<NewContainer> {
  containers += 1;
  const name = `container-${process.pid}-${containers}`;
  return { bucket: azureBucket(server.account, name), container: await server.createContainer(name) };
}

/** As the product makes it, with short pauses between tries. */
export function azureProvider(server: Pick<Azurite, 'env'>, options: AzureOptions = {}): AzureProvider {
  return new AzureProvider({ env: server.env, retryBaseMs: 1, ...options });
}

/** A blob of exactly this name, also where the SDK would make another one of it. */
export function blobOf(server: Azurite, { container }: NewContainer, key: string): BlockBlobClient {
  const pipeline = newPipeline(server.credential, { retryOptions: { maxTries: 1 } });
  return new BlockBlobClient(`${container.url}/${encodeURIComponent(key)}`, pipeline);
}

export async function put(server: Azurite, one: NewContainer, key: string, body: Buffer | string): Promise<void> {
  const bytes = Buffer.from(body);
  await blobOf(server, one, key).upload(bytes, bytes.length);
}
