import assert from 'node:assert/strict';
import { after } from 'node:test';
import { newBucket, put } from '../providers/s3-harness.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw, type Versitygw } from '../servers/versitygw.ts';
import { CHAT, KEY_ID, s3Scan } from './s3-scan.ts';

const gateway = await optional(startVersitygw);
after(() => gateway.server?.stop());
const { run, report } = s3Scan(gateway.server?.env ?? {});

function publicRead(bucket: string) {
  return {
    Sid: 'OpenData',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucket}/*`,
  };
}

async function bucketWithChat(server: Versitygw): Promise<{ name: string; uri: string }> {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'train/chat.jsonl', CHAT);
  await put(server.client, bucket, 'train/clean.txt', 'nothing to see here\n');
  return bucket;
}

function asSecondUser({ secondUser }: Versitygw): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: secondUser.accessKeyId, AWS_SECRET_ACCESS_KEY: secondUser.secretAccessKey };
}

serverTest(
  gateway,
  'a bucket with a public-read policy and a key in a JSONL: what is open, why, where the key is and what to change',
  async (server) => {
    const { name, uri } = await bucketWithChat(server);
    await server.putPolicy(name, [publicRead(name)]);
    const { code, stdout, stderr, report: json } = await report([uri]);
    assert.equal(code, 0, stderr);

    assert.deepEqual(json.result, {
      violated: false,
      incomplete: false,
      reasons: [],
      statuses: { new: 1, known: 0, suppressed: 0 },
    });
    assert.deepEqual(json.coverage.objects, { listed: 2, complete: 2, reused: 0, partial: 0, skipped: 0, failed: 0 });
    const [bucket] = json.buckets;
    assert.ok(bucket !== undefined);
    assert.deepEqual([bucket.uri, bucket.provider], [uri, 'aws-s3']);
    assert.deepEqual(
      [bucket.sensitivity.level, bucket.exposure.verdict, bucket.risk.level],
      ['restricted', 'public', 'critical'],
    );
    assert.deepEqual([bucket.exposure.effective.read, bucket.exposure.effective.list], ['public', 'private']);
    const because = bucket.exposure.because.find((line) => line.includes('Anyone on the internet'));
    assert.match(because ?? '', /read objects.*statement 0 "OpenData" of the bucket policy/);
    const [fix = ''] = bucket.exposure.fix;
    assert.match(fix, /Remove statement 0 "OpenData" of the bucket policy/);

    const [finding, ...others] = json.findings;
    assert.ok(finding !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual([finding.issuer, finding.level, finding.count], ['aws', 'restricted', 1]);
    assert.match(finding.masked, /^AKIA…/);
    const [place] = finding.locations;
    assert.deepEqual(
      [place?.object, place?.row, place?.pointer],
      [`${uri}/train/chat.jsonl`, 1, '/messages/1/content'],
    );

    const text = stdout.replace(/\s+/g, ' ');
    assert.match(text, new RegExp(`^ ?CRITICAL risk in ${uri}\\. The data is restricted and anyone can reach it\\.`));
    for (const words of [because, fix, `${uri}/train/chat.jsonl`, 'row 1, /messages/1/content', finding.masked]) {
      assert.ok(words !== undefined && text.includes(words), `the text report lacks "${words}"`);
    }
    for (const output of [stdout, stderr, JSON.stringify(json)]) assert.ok(!output.includes(KEY_ID.slice(4)));

    const again = await report([uri, '--fail-on', 'high']);
    assert.equal(again.code, 1);
    assert.equal(again.report.result.violated, true);
    assert.equal(again.report.coverage.objects.reused, 2);
    assert.equal(again.report.coverage.bytes.read, 0);
    assert.ok(again.report.objects.every(({ reused }) => reused));
    assert.deepEqual(again.report.findings, json.findings);
  },
);

serverTest(gateway, 'the same data without a policy is private and of low risk', async (server) => {
  const { uri } = await bucketWithChat(server);
  const { code, stdout, report: json } = await report([uri, '--fail-on', 'critical']);
  assert.equal(code, 0);
  const [bucket] = json.buckets;
  assert.deepEqual([bucket?.exposure.verdict, bucket?.risk.level], ['private', 'low']);
  assert.ok(!stdout.includes('Anyone'));
});

serverTest(
  gateway,
  'a target that cannot be listed ends in one line that says what to do, and exit 4',
  async (server) => {
    const { uri } = await bucketWithChat(server);
    const list = `s3:ListObjectsV2 on ${uri}`;
    const cases: [string, Record<string, string>, string][] = [
      [uri, asSecondUser(server), `${list}: access denied, the caller lacks s3:ListBucket (AccessDenied, HTTP 403)`],
      [
        uri,
        { AWS_SECRET_ACCESS_KEY: 'wrong' },
        `${list}: the store does not accept the credentials (SignatureDoesNotMatch, HTTP 403)`,
      ],
      [
        uri,
        { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' },
        `${list}: the store does not accept the credentials (InvalidAccessKeyId, HTTP 403)`,
      ],
      [
        uri,
        { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
        `${list}: no usable credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (CredentialsProviderError)`,
      ],
      [`${uri}-gone`, {}, `s3:ListObjectsV2 on ${uri}-gone: there is no such bucket (NoSuchBucket, HTTP 404)`],
    ];
    for (const [target, env, message] of cases) {
      const { code, stdout, stderr } = await run([target], env);
      assert.deepEqual([code, stdout, stderr], [4, '', `assay: ${message}\n`]);
    }
  },
);

serverTest(
  gateway,
  'of two targets the one that cannot be listed is reported and the other scanned',
  async (server) => {
    const { uri } = await bucketWithChat(server);
    const { code, stdout, report: json } = await report([`${uri}-gone`, uri]);
    assert.equal(code, 3);
    assert.equal(json.result.incomplete, true);
    assert.match(json.result.reasons[0] ?? '', new RegExp(`^${uri}-gone was not listed to its end: .*no such bucket`));
    assert.ok(stdout.includes('no such bucket'));
    assert.deepEqual(
      json.buckets.map((bucket) => [bucket.uri, bucket.sensitivity.level, bucket.exposure.verdict, bucket.risk.level]),
      [
        [`${uri}-gone`, 'unknown', 'unknown', 'unknown'],
        [uri, 'restricted', 'private', 'low'],
      ],
    );
    assert.equal(json.findings.length, 1);
  },
);

serverTest(
  gateway,
  'who may list but not read gets every object counted as denied, and what is not known named',
  async (server) => {
    const { name, uri } = await bucketWithChat(server);
    const principal = { AWS: [server.secondUser.accessKeyId] };
    await server.putPolicy(name, [
      { Effect: 'Allow', Principal: principal, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${name}` },
    ]);
    const { code, report: json } = await report([uri], asSecondUser(server));
    assert.equal(code, 3);
    assert.deepEqual(json.coverage.reasons, { 'failed:access-denied': 2 });
    const [bucket] = json.buckets;
    assert.deepEqual(
      [bucket?.sensitivity.level, bucket?.exposure.verdict, bucket?.risk.level],
      ['unknown', 'unknown', 'unknown'],
    );
    const missing = bucket?.exposure.unknowns.map(({ permission }) => permission) ?? [];
    for (const permission of ['s3:GetBucketPolicy', 's3:GetBucketAcl'])
      assert.ok(missing.includes(permission), permission);
  },
);

serverTest(gateway, 'keys that would change how a report looks are escaped in it and kept in JSON', async (server) => {
  const bucket = await newBucket(server);
  const keys = [
    '<img src=x onerror=alert(1)>.txt',
    'right\u202Eto left.txt',
    'line\nbreak.txt',
    'csi\u009b2J.txt',
    'tag&amp;"\'.txt',
  ];
  for (const key of keys) await put(server.client, bucket, key, `key ${KEY_ID}\n`);
  const { code, stdout, report: json } = await report([bucket.uri, '--max-locations', '20']);
  assert.equal(code, 0);
  const uris = keys.map((key) => `${bucket.uri}/${key}`).sort();
  assert.deepEqual(json.objects.map(({ uri }) => uri).sort(), uris);
  assert.deepEqual(json.findings[0]?.locations.map(({ object }) => object).sort(), uris);
  const html = await run([bucket.uri, '-f', 'html', '--quiet']);
  const lines = await run([bucket.uri, '-f', 'jsonl', '--quiet']);
  for (const output of [stdout, html.stdout]) {
    for (const hidden of ['\u202E', '\u009b', 'line\nbreak'])
      assert.ok(!output.includes(hidden), JSON.stringify(hidden));
  }
  assert.ok(html.stdout.includes('&lt;img src=x onerror'));
  assert.ok(!html.stdout.includes('<img'));
  const objects = lines.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; uri?: string })
    .filter(({ type }) => type === 'object');
  assert.deepEqual(objects.map(({ uri }) => uri ?? '').sort(), uris);
});
