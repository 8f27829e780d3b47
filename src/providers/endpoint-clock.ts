import type { S3Options } from './s3-options.ts';

const TIMEOUT_MS = 5000;

/** How far this machine's clock is before that of an endpoint, from the `Date` of an answer to nobody. */
export type ClockSkew = { endpoint: string; skewMs: number } | { endpoint: string; reason: string };

/** Asks without credentials; what the endpoint answers besides its date does not matter. */
export async function endpointClock({ endpoint, region }: Pick<S3Options, 'endpoint' | 'region'>): Promise<ClockSkew> {
  const url = endpoint ?? `https://s3.${region ?? 'us-east-1'}.amazonaws.com`;
  const from = Date.now();
  try {
    const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(date)) return { endpoint: url, reason: 'its answers have no date' };
    // The header counts whole seconds, and the answer was made while it was waited for.
    const here = (from + Date.now()) / 2;
    return { endpoint: url, skewMs: Math.round(here - (date + 500)) };
  } catch (error) {
    const code = (error as { cause?: { code?: unknown } }).cause?.code;
    return { endpoint: url, reason: typeof code === 'string' ? code : 'no answer' };
  }
}
