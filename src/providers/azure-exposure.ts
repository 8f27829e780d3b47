import { isAssayError } from '../errors.ts';
import type { AzureEvidence, Fact } from '../model/exposure.ts';
import type { BucketRef } from '../model/object.ts';
import { accountUrl, azureName, managementOf } from './azure-account.ts';
import type { AzureCalls } from './azure-calls.ts';
import { AzureFailure } from './azure-errors.ts';
import { collectAbove } from './azure-management.ts';
import type { AzureCall } from './azure-permissions.ts';

const WEB = '$web';

/** Collects the facts of one container. Throws only when there is no such container or no credentials. */
export async function collectAzureExposure(calls: AzureCalls, bucket: BucketRef): Promise<AzureEvidence> {
  const { account, container } = azureName(bucket);
  const url = accountUrl(account, calls.azure.endpoint);
  const cloud = managementOf(url);
  const [containers, accessPolicies, staticWebsite, above] = await Promise.all([
    ask(calls, 'az:GetContainerProperties', bucket, cloud, async (signal) => {
      const { blobPublicAccess } = await (await calls.account(bucket))
        .container(bucket)
        .getProperties({ abortSignal: signal });
      return [{ name: container, publicAccess: blobPublicAccess ?? null }];
    }),
    ask(calls, 'az:GetContainerAcl', bucket, cloud, async (signal) => {
      const { signedIdentifiers } = await (await calls.account(bucket))
        .container(bucket)
        .getAccessPolicy({ abortSignal: signal });
      return signedIdentifiers.map(({ id, accessPolicy }) => ({
        id,
        permissions: accessPolicy?.permissions ?? '',
        startsOn: accessPolicy?.startsOn?.toISOString() ?? null,
        expiresOn: accessPolicy?.expiresOn?.toISOString() ?? null,
      }));
    }),
    container === WEB
      ? ask(calls, 'az:GetBlobServiceProperties', bucket, cloud, async (signal) => {
          const { staticWebsite: website } = await (await calls.account(bucket))
            .service()
            .getProperties({ abortSignal: signal });
          return website?.enabled ?? false;
        })
      : ({ state: 'known', value: null } as Fact<boolean>),
    collectAbove(account, calls.azure.managementEndpoint ?? cloud, calls.azure),
  ]);
  return {
    provider: 'azure-blob',
    storageAccount: account,
    container,
    ...above,
    containers,
    staticWebsite,
    accessPolicies,
    endpoint: cloud === null ? url : null,
  };
}

/** Makes a fact of an answer or a refusal. Throws only what spoils every fact. */
async function ask<T>(
  calls: AzureCalls,
  name: AzureCall,
  bucket: BucketRef,
  cloud: string | null,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<Fact<T>> {
  const operation = await calls.operation(name, bucket);
  try {
    return { state: 'known', value: await calls.send(operation, undefined, send) };
  } catch (error) {
    if (!isAssayError(error) || error.code === 'bucket-not-found') throw error;
    // What a SAS was not made for, the store calls a wrong signature.
    if (error.code === 'bad-credentials' && !operation.permission.includes('SAS')) throw error;
    const { status = 0, word = error.code } = error.cause instanceof AzureFailure ? error.cause : {};
    if (cloud === null && (status === 501 || status === 405)) return { state: 'unsupported', call: name };
    return {
      state: 'refused',
      call: name,
      reason: status === 403 ? 'AccessDenied' : word,
      permission: operation.permission,
    };
  }
}
