import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { BucketRef } from '../model/object.ts';
import { gcsSigner, type Sign } from './gcs-access.ts';
import { failureOf, gcsRules } from './gcs-errors.ts';
import type { GcsOptions } from './gcs-options.ts';
import { StoreCalls, type StoreOperation } from './store-calls.ts';

const GOOGLE = 'https://storage.googleapis.com';
const MAX_ERROR_BYTES = 16 * 1024;
/** Far above a page of 1,000 objects with the longest names. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Google's JSON API over plain HTTP. The SDK is not used for it: its readers retry, check and decompress on their own,
 * so that a body could neither be watched nor pinned, and its paths go through `URL`, which rewrites some names.
 */
export class GcsCalls extends StoreCalls<GcsOptions> {
  /** Without a slash at its end. */
  readonly base: string;
  private readonly sign: Sign;
  private readonly agents: { plain: Agent; tls: TlsAgent };

  constructor(options: GcsOptions) {
    super(options, gcsRules);
    this.base = (options.endpoint ?? GOOGLE).replace(/\/+$/, '').replace(/\/storage\/v1$/, '');
    this.sign = gcsSigner(options);
    const sockets = { keepAlive: true, maxSockets: options.maxSockets ?? 64 };
    this.agents = { plain: new Agent(sockets), tls: new TlsAgent(sockets) };
  }

  get isCustom(): boolean {
    return this.options.endpoint != null && !/^https:\/\/[\w.-]+\.googleapis\.com$/.test(this.base);
  }

  /** `what` follows the bucket's name, its parts encoded: `/o/a%2Fb`. */
  url(bucket: BucketRef, what: string, query: Query = {}): string {
    const { userProject } = this.options;
    return withQuery(`${this.base}/storage/v1/b/${encodeURIComponent(bucket.name)}${what}`, { ...query, userProject });
  }

  /** One call with its retries. Throws `AssayError`. */
  json<T>(operation: StoreOperation, url: string, signal?: AbortSignal, body?: object): Promise<T> {
    return this.send(operation, signal, (inner) => this.answer<T>(url, inner, body));
  }

  /** One try. */
  async answer<T>(url: string, signal: AbortSignal, body?: object): Promise<T> {
    const response = await this.head(url, signal, {}, body);
    return JSON.parse(await textOf(response, MAX_ANSWER_BYTES)) as T;
  }

  /** One try of which the body is still to be read. Throws `GcsFailure` unless it is a success. */
  async head(
    url: string,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<IncomingMessage> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const all = {
      ...headers,
      ...(await this.sign(url)),
      'user-agent': 'assay',
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const [, isTls, host = '', path = '/'] = /^http(s)?:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
    const { hostname, port } = new URL(`http${isTls ?? ''}://${host}`);
    const options = {
      method: content === undefined ? 'GET' : 'POST',
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      headers: all,
      signal,
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent =
        isTls === undefined
          ? request({ ...options, agent: this.agents.plain }, resolve)
          : tlsRequest({ ...options, agent: this.agents.tls }, resolve);
      sent.on('error', reject);
      sent.end(content);
    });
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw failureOf(statusCode, await textOf(response, MAX_ERROR_BYTES).catch(() => ''));
  }

  override close(): void {
    super.close();
    this.agents.plain.destroy();
    this.agents.tls.destroy();
  }
}

export function withQuery(url: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== '');
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return text === '' ? url : `${url}?${text}`;
}

/** The whole of a short body; more than `maxBytes` is cut off. */
async function textOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
