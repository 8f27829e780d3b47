import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, expand } from '../../detectors/sample.ts';
import { isAssayError } from '../../src/errors.ts';
import type { BucketRef } from '../../src/model/object.ts';
import type { ScanConfig } from '../../src/model/scan-config.ts';
import type { S3Options } from '../../src/providers/s3-options.ts';
import type { OpenLedger } from '../../src/store/ledger.ts';
import { openState } from '../../workers/open-state.ts';
import { runScan } from '../../workers/run-scan.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../servers/fault-proxy.ts';
import type { StopHandle } from '../servers/server-process.ts';
import { startVersitygw, type Versitygw } from '../servers/versitygw.ts';
import { scanConfig } from '../workers/sample.ts';

/** Small, so that objects take many requests. */
const RANGE_BYTES = 32 * 1024;

/** What a scan has said of each object, in a form that is the same for the same findings. */
export type Facts = Record<string, { outcome: string | null; reused: boolean; found: unknown[] }>;

export interface S3Run extends StopHandle {
  server: Versitygw;
  proxy: FaultProxy;
  ledger: OpenLedger;
  /** A bucket of `count` objects with one secret each, of 1 to 130 kB. */
  fill(count: number): Promise<{ bucket: BucketRef; bytes: number }>;
  /** A whole scan of the bucket through the proxy, with threads of its own. */
  scan(bucket: BucketRef, options?: S3Options, config?: Partial<ScanConfig>): Promise<{ scanId: string; facts: Facts }>;
}

export async function startS3Run(): Promise<S3Run> {
  const server = await startVersitygw();
  const proxy = await startFaultProxy(server.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'assay-faults-'));
  const ledger = await openState(folder);
  return {
    server,
    proxy,
    ledger,
    async fill(count) {
      const bucket = await newBucket(server);
      const random = createRandom(bucket.name);
      let bytes = 0;
      for (let n = 0; n < count; n++) {
        const words = 'no secrets here, only words\n'.repeat(random.int(4000) + 20);
        const at = random.int(words.length);
        const body = `${words.slice(0, at)}\n${secret(n)}\n${words.slice(at)}`;
        bytes += body.length;
        await put(server.client, bucket, keyOf(n), body);
      }
      return { bucket, bytes };
    },
    async scan(bucket, options = {}, over = {}) {
      const config = scanConfig({
        rescan: true,
        resume: 'never',
        providerOptions: {
          endpoint: proxy.endpoint,
          region: server.region,
          credentials: server.root,
          retryBaseMs: 1,
          rangeBytes: RANGE_BYTES,
          ...options,
        },
        ...over,
      });
      const { scanId } = await runScan({ targets: [{ text: bucket.uri, bucket, prefix: '' }], config, ledger });
      return { scanId, facts: await factsOf(ledger, scanId) };
    },
    async stop() {
      await ledger.close();
      await proxy.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function keyOf(n: number): string {
  return `part-${String(n).padStart(4, '0')}.txt`;
}

/** One of its own for each object. */
export function secret(n: number): string {
  return expand("'glpat-' alnum:20", `fault ${n}`);
}

export async function factsOf(ledger: OpenLedger, scanId: string): Promise<Facts> {
  const facts: Facts = {};
  for await (const { object, outcome, reused, scan } of ledger.results(scanId)) {
    assert.ok(!(object.key in facts), `${object.key} is there twice`);
    const found = scan?.values.map(({ fingerprint, count, locations }) => ({ fingerprint, count, locations })) ?? [];
    facts[object.key] = { outcome, reused, found };
  }
  return facts;
}

export const isRead = ({ headers }: SeenRequest): boolean => headers.range !== undefined;
export const isListing = ({ url }: SeenRequest): boolean => url.includes('list-type=2');
/** Reads of this object. */
export const reads =
  (key: string) =>
  (request: SeenRequest): boolean =>
    isRead(request) && request.url.split('?')[0]?.endsWith(`/${encodeURIComponent(key)}`) === true;

export function coded(code: string): (error: unknown) => boolean {
  return (error) => isAssayError(error) && error.code === code;
}
