import { AssayError } from '../errors.ts';
import type { S3Calls } from './s3-calls.ts';
import type { S3Credentials } from './s3-options.ts';

const CALL = 'sts:AssumeRole';
const SESSION_NAME = 'assay';

/** Credentials of a role, asked with one's own. The SDK asks again before they expire. Throws `AssayError`. */
export function roleCredentials(own: S3Calls, role: string): () => Promise<S3Credentials> {
  return async () => {
    const { endpoint, stsEndpoint } = own.options;
    if (endpoint != null && stsEndpoint == null) {
      throw new AssayError('config', `${CALL} on ${role}: a store with s3.endpoint needs s3.stsEndpoint as well`);
    }
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
    const client = new STSClient({
      ...(await own.serviceConfig()),
      ...(stsEndpoint == null ? {} : { endpoint: stsEndpoint }),
    });
    return own.retried({ name: CALL, bucket: role, permission: CALL }, undefined, async () => {
      own.counters.requests += 1;
      const command = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: SESSION_NAME });
      const { Credentials: given } = await client.send(command, {
        abortSignal: AbortSignal.timeout(own.idleTimeoutMs),
      });
      return {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        ...(given?.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
        ...(given?.Expiration === undefined ? {} : { expiration: given.Expiration }),
      };
    });
  };
}
