import assert from 'node:assert/strict';
import { after } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { KEY_ID, s3Scan } from '../e2e/s3-scan.ts';
import { HOSTILE_KEYS } from '../providers/contract.ts';
import { startMoto } from '../servers/moto.ts';
import { optional, serverTest } from '../servers/server-process.ts';

const moto = await optional(startMoto);
after(() => moto.server?.stop());

/** What a file system could not hold as well. */
const MORE_KEYS = ['dir/', 'a/../../etc/passwd', 'a//b', './here', 'n'.repeat(1024), '𝔘'.repeat(200)];

serverTest(
  moto,
  'every object under a hostile key, empty ones and folder markers among them, is read and complete',
  async (server) => {
    const { report } = s3Scan(server.env);
    const name = `hostile-${process.pid}`;
    await server.client.send(new CreateBucketCommand({ Bucket: name }));
    // This server's router knows no line breaks; versitygw holds that key in the providers' contract.
    const keys = [...HOSTILE_KEYS.filter((key) => !key.includes('\n')), ...MORE_KEYS];
    for (const [n, key] of keys.entries()) {
      const body = key === 'dir/' || key === 'zero' ? '' : `key ${KEY_ID} number ${n}\n`;
      await server.client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body }));
    }
    for (const [key, storageClass] of [
      ['frozen', 'GLACIER'],
      ['deep', 'DEEP_ARCHIVE'],
    ] as const) {
      await server.client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: 'x', StorageClass: storageClass }));
    }
    const { code, stderr, report: json } = await report([`s3://${name}`, '--objects', 'all', '--max-locations', '100']);
    assert.equal(code, 0, stderr);
    const { objects } = json.coverage;
    assert.deepEqual([objects.listed, objects.complete, objects.skipped], [keys.length + 2, keys.length, 2]);
    assert.deepEqual(json.coverage.reasons, { 'skipped:archived-tier': 2 });
    const [finding] = json.findings;
    assert.deepEqual([finding?.objects, finding?.count], [keys.length - 2, keys.length - 2]);
    const uris = json.objects.map(({ uri }) => uri);
    for (const key of ['a/../../etc/passwd', '__proto__', 'right\u202Eto left.txt', 'a//b', 'dir/'])
      assert.ok(uris.includes(`s3://${name}/${key}`), key);
  },
);
