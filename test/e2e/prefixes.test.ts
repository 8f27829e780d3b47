import assert from 'node:assert/strict';
import { after } from 'node:test';
import { newBucket, put } from '../providers/s3-harness.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { CHAT, s3Scan } from './s3-scan.ts';

const gateway = await optional(startVersitygw);
after(() => gateway.server?.stop());
const { report } = s3Scan(gateway.server?.env ?? {});

serverTest(
  gateway,
  'a public prefix alarms when the secret is below it, and not when it lies elsewhere',
  async (server) => {
    const bucket = await newBucket(server);
    const resource = `arn:aws:s3:::${bucket.name}/public/*`;
    await server.putPolicy(bucket.name, [
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: resource },
    ]);
    await put(server.client, bucket, 'public/readme.txt', 'nothing to see here\n');
    await put(server.client, bucket, 'private/chat.jsonl', CHAT);

    const quiet = await report([bucket.uri]);
    const [before] = quiet.report.buckets;
    assert.deepEqual(
      [before?.exposure.verdict, before?.sensitivity.level, before?.risk.level],
      ['public', 'restricted', 'low'],
    );
    assert.deepEqual(
      before?.prefixes.map(({ prefix, sensitivity, exposure, risk }) => [
        prefix,
        sensitivity.level,
        exposure.verdict,
        risk.level,
      ]),
      [
        ['private/', 'restricted', 'private', 'low'],
        ['public/', 'none', 'public', 'low'],
      ],
    );
    assert.match(quiet.stdout, /in private\/: data restricted, reach private, risk low/);

    await put(server.client, bucket, 'public/chat.jsonl', CHAT);
    const loud = await report([bucket.uri]);
    const [afterwards] = loud.report.buckets;
    assert.equal(afterwards?.risk.level, 'critical');
    assert.deepEqual(afterwards?.prefixes[0]?.prefix, 'public/');
    assert.match(loud.stdout, /^CRITICAL risk/);
  },
);
