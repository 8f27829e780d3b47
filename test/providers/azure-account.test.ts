import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountUrl, azureName, managementOf } from '../../src/providers/azure-account.ts';
import { coded } from './contract.ts';

test('the address of an account is its own, that of an emulator, or one under a name of its owner', () => {
  for (const [endpoint, url] of [
    [null, 'https://lake.blob.core.windows.net'],
    ['https://lake.blob.core.windows.net/', 'https://lake.blob.core.windows.net'],
    ['https://lake.blob.core.usgovcloudapi.net', 'https://lake.blob.core.usgovcloudapi.net'],
    ['http://127.0.0.1:10000/lake/', 'http://127.0.0.1:10000/lake'],
    ['http://127.0.0.1:10000', 'http://127.0.0.1:10000/lake'],
    ['http://localhost:10000/', 'http://localhost:10000/lake'],
    ['https://data.example.com', 'https://data.example.com'],
  ] as const) {
    assert.equal(accountUrl('lake', endpoint), url);
  }
  for (const endpoint of ['https://other.blob.core.windows.net', 'http://127.0.0.1:10000/other'])
    assert.throws(() => accountUrl('lake', endpoint), coded('usage'));
});

test('each cloud of Azure has a management API of its own, and nothing else has one', () => {
  assert.equal(managementOf('https://lake.blob.core.windows.net'), 'https://management.azure.com');
  assert.equal(managementOf('https://lake.z12.blob.storage.azure.net'), 'https://management.azure.com');
  assert.equal(managementOf('https://lake.blob.core.chinacloudapi.cn'), 'https://management.chinacloudapi.cn');
  for (const url of ['http://127.0.0.1:10000/lake', 'https://lake.blob.core.windows.net.example.com'])
    assert.equal(managementOf(url), null);
});

test('a bucket of Azure is a container in an account', () => {
  assert.deepEqual(azureName({ name: 'lake/$web' }), { account: 'lake', container: '$web' });
});
