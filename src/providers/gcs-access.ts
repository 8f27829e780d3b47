import type { Storage } from '@google-cloud/storage';
import type { GcsOptions } from './gcs-options.ts';
import { CredentialsMissing } from './store-errors.ts';

/** Programs and metadata services are asked one after the other. */
const TOKEN_TIMEOUT_MS = 30_000;

type Auth = Storage['authClient'];

/** Headers that sign a request; none at all where nobody signs. */
export type Sign = (url: string) => Promise<Record<string, string>>;

/**
 * Application default credentials: the file of GOOGLE_APPLICATION_CREDENTIALS, the login of gcloud, or the service
 * account of the machine. Nothing is asked without credentials unless the user wants that; none go to an emulator.
 */
export function gcsSigner(options: GcsOptions): Sign {
  const { endpoint, anonymous, token } = options;
  if (anonymous === true) return async () => ({});
  if (token !== undefined) return async () => ({ authorization: `Bearer ${await token()}` });
  if (endpoint != null && !endpoint.startsWith('https:')) return async () => ({});
  let auth: Promise<Auth> | undefined;
  return async (url) => {
    auth ??= import('@google-cloud/storage').then(({ Storage }) => new Storage().authClient);
    return inTime(auth.then((one) => one.getRequestHeaders(url)));
  };
}

async function inTime(headers: Promise<Headers>): Promise<Record<string, string>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CredentialsMissing()), TOKEN_TIMEOUT_MS);
  });
  try {
    return Object.fromEntries(await Promise.race([headers, timeout]));
  } catch {
    // The library's message may quote files and answers.
    throw new CredentialsMissing();
  } finally {
    clearTimeout(timer);
  }
}
