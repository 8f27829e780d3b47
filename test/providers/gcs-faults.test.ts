import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { GcsProvider } from '../../src/providers/gcs.ts';
import type { GcsOptions } from '../../src/providers/gcs-options.ts';
import { startFakeGcs } from '../servers/fake-gcs.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { BODY, FAULT_CASES, type Store, startFaulty } from './fault-cases.ts';
import { gcsProvider, newGcsBucket } from './gcs-harness.ts';

async function startStore(): Promise<Store<GcsOptions, GcsProvider>> {
  const server = await startFakeGcs();
  return {
    origin: server.endpoint,
    provider: gcsProvider,
    newBucket: () => newGcsBucket(server),
    put: ({ name }, key, body) => server.put(name, key, body),
    rangeHeader: 'range',
    checkPinned({ url, headers }, { version }) {
      assert.ok(url.includes(`generation=${version}`));
      assert.equal(headers['accept-encoding'], 'gzip');
      assert.equal(headers.authorization, undefined);
    },
    isSecondPage: ({ url }) => url.includes('pageToken='),
    busy: [
      { status: 429, code: 'slowDown' },
      { status: 503, code: 'slowDown' },
    ],
    broken: 'backendError',
    refusal: { before: 'storage.objects.get', after: /HTTP 503\)$/ },
    wrong: [
      ['x-goog-generation', '1', 'object-changed'],
      ['content-range', `bytes 0-199999/${BODY.length + 1}`, 'object-changed'],
      ['content-range', `bytes 7-199999/${BODY.length}`, 'network'],
      ['x-goog-stored-content-encoding', 'gzip', 'network'],
      ['content-encoding', 'gzip', 'network'],
    ],
    stop: () => server.stop(),
  };
}

const faulty = await optional(async () => startFaulty(await startStore()));
after(() => faulty.server?.stop());

for (const [title, run] of Object.entries(FAULT_CASES)) serverTest(faulty, `GCS: ${title}`, run);
