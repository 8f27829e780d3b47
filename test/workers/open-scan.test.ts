import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from '../../src/model/object.ts';
import type { ScanConfig } from '../../src/model/scan-config.ts';
import { describeScan } from '../../workers/open-scan.ts';
import { BUCKET, scanConfig } from './sample.ts';

const local: Target = { text: '/data', bucket: BUCKET, prefix: '' };
const remote: Target = { text: 's3://b', bucket: { provider: 'aws-s3', uri: 's3://b', name: 'b' }, prefix: '' };
const limitsDigest = (target: Target, over: Partial<ScanConfig>) =>
  describeScan([target], scanConfig(over), 'sha256:0').limitsDigest;

test('buckets of one name in two stores share no results, whatever the scheme or the region', () => {
  const at = (endpoint: string | null, region?: string) =>
    limitsDigest(remote, { providerOptions: { endpoint, region } });
  assert.notEqual(at('http://127.0.0.1:9000'), at('http://127.0.0.1:9001'));
  assert.notEqual(at('http://127.0.0.1:9000/one'), at('http://127.0.0.1:9000/two'));
  assert.notEqual(at('http://127.0.0.1:9000'), at(null));
  assert.equal(at('http://store.example'), at('http://STORE.example/', 'eu-west-1'));
  assert.equal(at(null), limitsDigest(remote, {}));
});

test('local files are the same whatever store is set', () => {
  const providerOptions = { endpoint: 'http://127.0.0.1:9000' };
  assert.equal(limitsDigest(local, { providerOptions }), limitsDigest(local, {}));
});

test('a scan that wants hashes does not continue one that wanted none, but reuses its keys of results', () => {
  const plain = describeScan([local], scanConfig(), 'sha256:0');
  const hashed = describeScan([local], scanConfig({ hash: true }), 'sha256:0');
  assert.notEqual(hashed.signature, plain.signature);
  assert.equal(hashed.limitsDigest, plain.limitsDigest);
});
