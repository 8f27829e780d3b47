import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  type ContainerClient,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { findExecutable, freePort, ServerMissing, type StopHandle, startProcess } from './server-process.ts';

/** Azure Blob Storage in memory: keys, SAS and public access levels are enforced; it has no account settings and no roles. */
export interface Azurite extends StopHandle {
  account: string;
  key: string;
  /** URL of the account. */
  endpoint: string;
  /** Signs with the key of the account. */
  client: BlobServiceClient;
  /** A second account with the same key. */
  other: { account: string; endpoint: string; client: BlobServiceClient };
  credential: StorageSharedKeyCredential;
  /** Environment of a process that shall use this server as the owner of the account. */
  env: Record<string, string>;
  createContainer(name: string): Promise<ContainerClient>;
  /** An account SAS with these letters, on service (s), containers (c) and objects (o). */
  sas(permissions: string, resources?: string): string;
}

const ACCOUNT = 'assaytest';
const OTHER = 'assayother';

/**
 * With a certificate it speaks https and takes tokens of Entra, whose claims it checks and whose signature and roles it
 * does not. Throws `ServerMissing` when Azurite is not installed.
 */
export async function startAzurite(tls?: { cert: string; key: string }): Promise<Azurite> {
  const command = findExecutable([process.env.ASSAY_AZURITE, 'azurite-blob']);
  if (command === null) throw new ServerMissing('azurite-blob (npm install -g azurite@3.36.0)');
  const port = await freePort();
  const key = Buffer.from('a key of this test alone, which opens nothing else').toString('base64');
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const endpoint = `${origin}/${ACCOUNT}`;
  const credential = new StorageSharedKeyCredential(ACCOUNT, key);
  const sas: Azurite['sas'] = (permissions, resources = 'sco') =>
    generateAccountSASQueryParameters(
      {
        expiresOn: new Date(Date.now() + 3_600_000),
        permissions: AccountSASPermissions.parse(permissions),
        resourceTypes: AccountSASResourceTypes.parse(resources).toString(),
        services: AccountSASServices.parse('b').toString(),
      },
      credential,
    ).toString();
  const server = await startProcess(
    command,
    [
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      String(port),
      '--inMemoryPersistence',
      // Without it every call of a newer SDK is refused.
      '--skipApiVersionCheck',
      '--silent',
      '--disableTelemetry',
      '--disableProductStyleUrl',
      ...(tls === undefined ? [] : ['--oauth', 'basic', '--cert', tls.cert, '--key', tls.key]),
    ],
    `${endpoint}/?restype=service&comp=properties&${sas('r')}`,
    60_000,
    { AZURITE_ACCOUNTS: `${ACCOUNT}:${key};${OTHER}:${key}` },
  );
  const retryOptions = { maxTries: 1 };
  const client = new BlobServiceClient(endpoint, credential, { retryOptions });
  const otherEndpoint = `${origin}/${OTHER}`;
  const otherCredential = new StorageSharedKeyCredential(OTHER, key);
  const connection = `DefaultEndpointsProtocol=${tls === undefined ? 'http' : 'https'};AccountName=${ACCOUNT};AccountKey=${key};BlobEndpoint=${endpoint};`;
  return {
    account: ACCOUNT,
    key,
    endpoint,
    client,
    other: {
      account: OTHER,
      endpoint: otherEndpoint,
      client: new BlobServiceClient(otherEndpoint, otherCredential, { retryOptions }),
    },
    credential,
    env: { AZURE_STORAGE_CONNECTION_STRING: connection },
    sas,
    async createContainer(name) {
      const container = client.getContainerClient(name);
      await container.create();
      return container;
    },
    stop: () => server.stop(),
  };
}
