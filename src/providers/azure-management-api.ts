import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError, type ErrorCode } from '../errors.ts';
import type { Fact } from '../model/exposure.ts';
import { isManagement, PUBLIC_MANAGEMENT } from './azure-account.ts';
import { entraCredential, tokenFor } from './azure-credentials.ts';
import type { AzureOptions } from './azure-options.ts';
import type { ManagementCall } from './azure-permissions.ts';

export const STORAGE_VERSION = '2023-05-01';
const TRIES = 4;
const MAX_PAUSE_MS = 20_000;
/** Of a listing that names ever another page. */
const MAX_PAGES = 1000;

export function refused({ call, permission }: ManagementCall, reason: string): Fact<never> {
  return { state: 'refused', call, reason, permission };
}

/** Nobody on the way can read a token. */
export function isPrivate(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost';
}

/** The answer to one request, when it is not the one that was asked for. */
class ManagementRefusal extends Error {
  readonly reason: string;
  readonly code: ErrorCode;

  constructor(reason: string, code: ErrorCode = 'listing-failed') {
    super(reason);
    this.reason = reason;
    this.code = code;
  }
}

/** What answers nothing at once will not answer in a second either. */
const FINAL: ReadonlySet<string> = new Set(['ENOTFOUND', 'ECONNREFUSED', 'TimeoutError']);

/** Reads of the management API, page by page. */
export class ManagementApi {
  private readonly endpoint: string;
  private readonly options: AzureOptions;
  private readonly tries: number;
  private token: Promise<string> | undefined;

  constructor(endpoint: string, options: AzureOptions, tries = TRIES) {
    this.endpoint = endpoint.replace(/\/+$/, '');
    this.options = options;
    this.tries = tries;
  }

  /** Whatever goes wrong is a refusal that says why: without these facts a bucket can still be scanned. */
  async ask<T>(call: ManagementCall, read: () => Promise<T>): Promise<Fact<T>> {
    try {
      return { state: 'known', value: await read() };
    } catch (error) {
      return refused(call, asRefusal(error).reason);
    }
  }

  /** The same where nothing can go on without the answer. Throws `AssayError` that says of `where` it failed. */
  async require<T>({ call, permission }: ManagementCall, where: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const { code, reason } = asRefusal(error);
      const isDenied = code === 'access-denied';
      const words = isDenied ? `access denied, the caller lacks ${permission}` : reason;
      throw new AssayError(code, `${call} of ${where}: ${words}`, {
        cause: error,
        operation: call,
        ...(isDenied ? { permission } : {}),
      });
    }
  }

  async pages<T>(path: string, version: string): Promise<T[]> {
    const items: T[] = [];
    let url = this.urlOf(path, version);
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { value, nextLink } = (await this.get(url)) as { value?: T[]; nextLink?: string | null };
      if (!Array.isArray(value)) throw new ManagementRefusal('the answer holds no list');
      items.push(...value);
      if (nextLink == null || nextLink === '') return items;
      // The token goes to no other host.
      if (new URL(nextLink).origin !== new URL(this.endpoint).origin) break;
      url = nextLink;
    }
    throw new ManagementRefusal('the listing has no end');
  }

  async one<T>(path: string, version: string): Promise<T> {
    return (await this.get(this.urlOf(path, version))) as T;
  }

  private urlOf(path: string, version: string): string {
    return `${this.endpoint}${path}?api-version=${version}`;
  }

  private async get(url: string): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.answer(url);
      if (answer instanceof Response) {
        if (answer.ok) return answer.json();
        await answer.body?.cancel();
        const { status } = answer;
        if (status === 403) throw new ManagementRefusal('AccessDenied', 'access-denied');
        if (status === 401) throw new ManagementRefusal('HTTP 401', 'bad-credentials');
        const isBusy = status === 429 || status >= 500;
        if (!isBusy || tries === this.tries)
          throw new ManagementRefusal(`HTTP ${status}`, isBusy ? 'network' : 'listing-failed');
      } else if (tries === this.tries || FINAL.has(answer.reason)) throw answer;
      const asked = answer instanceof Response ? Number(answer.headers.get('retry-after')) * 1000 || 0 : 0;
      const pause = Math.random() * (this.options.retryBaseMs ?? 1000) * 2 ** tries;
      await sleep(Math.min(MAX_PAUSE_MS, Math.max(asked, pause)));
    }
  }

  /** One try. */
  private async answer(url: string): Promise<Response | ManagementRefusal> {
    const authorization = `Bearer ${await this.bearer()}`;
    try {
      return await fetch(url, {
        headers: { authorization, accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(this.options.idleTimeoutMs ?? 30_000),
      });
    } catch (error) {
      return asRefusal(error);
    }
  }

  private bearer(): Promise<string> {
    const scope = `${isManagement(this.endpoint) ? this.endpoint : PUBLIC_MANAGEMENT}/.default`;
    this.token ??= Promise.resolve(this.options.credential ?? entraCredential())
      .then((credential) => tokenFor(credential, scope))
      .catch(() => {
        throw new ManagementRefusal('no usable credentials of Entra', 'bad-credentials');
      });
    return this.token;
  }
}

/** The text of an error is dropped: it may quote the request. */
function asRefusal(error: unknown): ManagementRefusal {
  if (error instanceof ManagementRefusal) return error;
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return new ManagementRefusal('TimeoutError', 'timeout');
  return new ManagementRefusal(typeof cause?.code === 'string' ? cause.code : 'no answer', 'network');
}
