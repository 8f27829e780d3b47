import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after } from 'node:test';
import type { Report } from '../../src/model/report.ts';
import type { CliResult } from '../cli/run-cli.ts';
import { s3Scan } from '../e2e/s3-scan.ts';
import { listening, optional, serverTest } from '../servers/server-process.ts';
import type { Versitygw } from '../servers/versitygw.ts';
import { isRead, keyOf, reads, type S3Run, startS3Run } from './s3-run.ts';

const OBJECTS = 20;
const run = await optional(startS3Run);
after(() => run.server?.stop());

/** A fake of the credential endpoint that containers have (`AWS_CONTAINER_CREDENTIALS_FULL_URI`): it counts who asks. */
async function credentialEndpoint(
  server: Versitygw,
  lifeMs: number,
): Promise<{ url: string; asked(): number; close(): void }> {
  let asked = 0;
  const http: Server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        AccessKeyId: server.root.accessKeyId,
        SecretAccessKey: server.root.secretAccessKey,
        Token: '',
        Expiration: new Date(Date.now() + lifeMs).toISOString(),
      }),
    );
  });
  const port = await listening(http);
  return { url: `http://127.0.0.1:${port}/`, asked: () => asked, close: () => http.close() };
}

/** `assay scan` through the proxy with credentials from that endpoint alone. */
async function scanWith(one: S3Run, uri: string, url: string): Promise<CliResult & { report: Report }> {
  const { report } = s3Scan({
    AWS_ENDPOINT_URL_S3: one.proxy.endpoint,
    AWS_REGION: one.server.region,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  return report([uri]);
}

serverTest(run, 'credentials that live shorter than the scan are fetched again, and nothing fails', async (one) => {
  const { bucket } = await one.fill(OBJECTS);
  one.proxy.clear();
  const source = await credentialEndpoint(one.server, 1500);
  try {
    // The store may call them expired before the time that they named.
    one.proxy.inject({ kind: 'status', status: 400, code: 'ExpiredToken', when: isRead, times: 5 });
    const { code, stderr, report } = await scanWith(one, bucket.uri, source.url);
    assert.equal(code, 0, stderr);
    assert.equal(report.coverage.objects.complete, OBJECTS);
    assert.equal(report.findings.length, OBJECTS);
    assert.ok(source.asked() > 2, `${source.asked()} times`);
  } finally {
    source.close();
  }
});

serverTest(
  run,
  'credentials revoked in the middle leave each object that was not read named, and exit 3',
  async (one) => {
    const { bucket } = await one.fill(OBJECTS);
    one.proxy.clear();
    const source = await credentialEndpoint(one.server, 3_600_000);
    try {
      const kept = new Set([0, 1, 2, 3, 4].map(keyOf));
      one.proxy.inject({
        kind: 'status',
        status: 403,
        code: 'InvalidAccessKeyId',
        when: (request) => isRead(request) && ![...kept].some((key) => reads(key)(request)),
        times: Number.POSITIVE_INFINITY,
      });
      const { code, stdout, report } = await scanWith(one, bucket.uri, source.url);
      assert.equal(code, 3);
      assert.deepEqual(report.coverage.reasons, { 'failed:access-denied': OBJECTS - kept.size });
      assert.deepEqual([report.coverage.objects.complete, report.findings.length], [kept.size, kept.size]);
      assert.match(stdout, /access-denied/);
      const tries = one.proxy.seen.filter((request) => isRead(request) && request.status === 403).length;
      assert.equal(tries, OBJECTS - kept.size, 'a refusal is not asked for twice');
    } finally {
      source.close();
    }
  },
);
