import { isAssayError } from '../errors.ts';
import type { AzureEvidence, Fact } from '../model/exposure.ts';
import type { BucketRef } from '../model/object.ts';
import { azureName, managementOf } from './azure-account.ts';
import type { AzureCalls } from './azure-calls.ts';
import { AzureFailure } from './azure-errors.ts';
import type { AzureCall } from './azure-permissions.ts';

/** The only container that a static website is served from. */
const WEB = '$web';

/** Collects the facts of one container. Throws only when there is no such container or no credentials. */
export async function collectAzureExposure(calls: AzureCalls, bucket: BucketRef): Promise<AzureEvidence> {
  const { account: storageAccount, container: name } = azureName(bucket);
  // Where the account is, is known with its credentials.
  await calls.operation('az:GetContainerProperties', bucket);
  const account = await calls.account(bucket);
  const container = account.container(bucket);
  const cloud = managementOf(account.access.url);
  const ask = <T>(call: AzureCall, send: (abortSignal: AbortSignal) => Promise<T>): Promise<Fact<T>> =>
    askFact(calls, call, bucket, cloud === null, send);

  const [containers, accessPolicies, staticWebsite, above] = await Promise.all([
    ask('az:GetContainerProperties', async (abortSignal) => {
      const { blobPublicAccess } = await container.getProperties({ abortSignal });
      return [{ name, publicAccess: blobPublicAccess ?? null }];
    }),
    ask('az:GetContainerAcl', async (abortSignal) => {
      const { signedIdentifiers } = await container.getAccessPolicy({ abortSignal });
      return signedIdentifiers.map(({ id, accessPolicy }) => ({
        id,
        permissions: accessPolicy?.permissions ?? '',
        startsOn: accessPolicy?.startsOn?.toISOString() ?? null,
        expiresOn: accessPolicy?.expiresOn?.toISOString() ?? null,
      }));
    }),
    name === WEB
      ? ask('az:GetBlobServiceProperties', async (abortSignal) => {
          const { staticWebsite: website } = await account.service().getProperties({ abortSignal });
          return website?.enabled ?? false;
        })
      : ({ state: 'known', value: null } as Fact<boolean>),
    calls.above(storageAccount, calls.options.managementEndpoint ?? cloud),
  ]);
  return {
    provider: 'azure-blob',
    storageAccount,
    container: name,
    ...above,
    containers,
    staticWebsite,
    accessPolicies,
    endpoint: cloud === null ? account.access.url : null,
  };
}

/** Makes a fact of an answer or a refusal. Throws only what spoils every fact. */
async function askFact<T>(
  calls: AzureCalls,
  call: AzureCall,
  bucket: BucketRef,
  isCustom: boolean,
  send: (abortSignal: AbortSignal) => Promise<T>,
): Promise<Fact<T>> {
  const operation = await calls.operation(call, bucket);
  try {
    return { state: 'known', value: await calls.send(operation, undefined, send) };
  } catch (error) {
    if (!isAssayError(error) || error.code === 'bucket-not-found') throw error;
    const isSas = (await calls.account(bucket)).access.kind === 'sas';
    // What a SAS was not made for, the store calls a wrong signature.
    if (error.code === 'bad-credentials' && !isSas) throw error;
    const { status = 0, word = error.code } = error.cause instanceof AzureFailure ? error.cause : {};
    if (isCustom && (status === 501 || status === 405)) return { state: 'unsupported', call };
    return { state: 'refused', call, reason: status === 403 ? 'AccessDenied' : word, permission: operation.permission };
  }
}
