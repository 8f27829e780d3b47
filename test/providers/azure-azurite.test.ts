import assert from 'node:assert/strict';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isAssayError } from '../../src/errors.ts';
import { type Azurite, startAzurite } from '../servers/azurite.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { azureBucket, azureProvider, blobOf, newContainer, put } from './azure-harness.ts';
import { CONTRACT, type ContractBucket, coded, HOSTILE_KEYS, keysOf, list, only, readAll } from './contract.ts';

const azurite = await optional(startAzurite);
after(() => azurite.server?.stop());

async function makeBucket(server: Azurite): Promise<ContractBucket> {
  const one = await newContainer(server);
  return {
    provider: azureProvider(server, { pageSize: 3, rangeBytes: 100_000 }),
    bucket: one.bucket,
    missing: azureBucket(server.account, 'no-such-container'),
    put: (key, bytes) => put(server, one, key, bytes),
    remove: async (key) => void (await blobOf(server, one, key).delete()),
    keys: [...HOSTILE_KEYS, 'marker/', 'marker/file'],
    pageOverflow: 7,
  };
}

for (const [title, run] of Object.entries(CONTRACT)) {
  serverTest(azurite, `Azurite ${title}`, (server, t) => run(() => makeBucket(server), t));
}
