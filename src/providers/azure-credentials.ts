import type { TokenCredential } from '@azure/identity';
import { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { AssayError } from '../errors.ts';
import { accountUrl } from './azure-account.ts';
import type { AzureOptions } from './azure-options.ts';
import { CredentialsMissing } from './store-errors.ts';

const STORAGE_SCOPE = 'https://storage.azure.com/.default';
/** Programs and metadata services are asked one after the other. */
const TOKEN_TIMEOUT_MS = 30_000;

/** How one account is reached. */
export interface AzureAccess {
  kind: 'shared-key' | 'sas' | 'entra';
  /** Without a slash at its end. */
  url: string;
  /** Of every request, without its question mark; '' when there is none. */
  sas: string;
  credential: StorageSharedKeyCredential | AnonymousCredential | TokenCredential;
}

/**
 * The first of: connection string, account key, SAS, Entra. Each belongs to the account it names; nothing is ever asked
 * without credentials. `isFound`: by discovery, and nobody named it. Throws `CredentialsMissing`, or `AssayError` when
 * what is given cannot be used.
 */
export async function azureAccess(account: string, options: AzureOptions, isFound = false): Promise<AzureAccess> {
  const env = options.env ?? process.env;
  const { AZURE_STORAGE_CONNECTION_STRING: connection, AZURE_STORAGE_KEY: key, AZURE_STORAGE_SAS_TOKEN: sas } = env;
  if (options.credential === undefined) {
    const connected = isGiven(connection) ? fromConnectionString(connection, account, options) : null;
    if (connected !== null) return connected;
    // A key or SAS without an account is for whichever the user named.
    const { AZURE_STORAGE_ACCOUNT: owner } = env;
    const isOwn = isGiven(owner) ? owner === account : !isFound;
    const url = accountUrl(account, options.endpoint);
    if (isOwn && isGiven(key)) {
      return { kind: 'shared-key', url, sas: '', credential: sharedKey(account, key) };
    }
    if (isOwn && isGiven(sas)) {
      return { kind: 'sas', url, sas: sas.replace(/^\?/, ''), credential: new AnonymousCredential() };
    }
  }
  return fromEntra(accountUrl(account, options.endpoint), options);
}

/** Null when the string is of another account. */
function fromConnectionString(connection: string, account: string, options: AzureOptions): AzureAccess | null {
  let client: BlobServiceClient;
  try {
    client = BlobServiceClient.fromConnectionString(connection);
  } catch {
    // The SDK's message may quote the string.
    throw new AssayError(
      'bad-credentials',
      'AZURE_STORAGE_CONNECTION_STRING is not a connection string of Azure Storage',
    );
  }
  if (client.accountName !== '' && client.accountName !== account) return null;
  const [url = '', sas = ''] = client.url.split('?');
  const kind = client.credential instanceof StorageSharedKeyCredential ? 'shared-key' : 'sas';
  if (kind === 'sas' && sas === '') return null;
  return { kind, url: accountUrl(account, options.endpoint ?? url), sas, credential: client.credential };
}

function sharedKey(account: string, key: string): StorageSharedKeyCredential {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key.trim())) {
    throw new AssayError('bad-credentials', 'AZURE_STORAGE_KEY is not a key of Azure Storage (base64)');
  }
  return new StorageSharedKeyCredential(account, key.trim());
}

async function fromEntra(url: string, options: AzureOptions): Promise<AzureAccess> {
  // Tokens may only go over TLS; an emulator without it wants its key.
  if (!url.startsWith('https:')) throw new CredentialsMissing();
  const credential = options.credential ?? (await entraCredential());
  await tokenFor(credential, STORAGE_SCOPE);
  return { kind: 'entra', url, sas: '', credential };
}

/** The chain of Entra: environment, workload identity, managed identity, Azure CLI and so on. */
export async function entraCredential(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

/** Throws `CredentialsMissing` when nothing in the chain answers in time. */
export async function tokenFor(credential: TokenCredential, scope: string): Promise<string> {
  try {
    const token = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(TOKEN_TIMEOUT_MS) });
    if (token !== null) return token.token;
  } catch {
    // Each source of the chain adds its reason; none of them tells more than that there are no credentials.
  }
  throw new CredentialsMissing();
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
