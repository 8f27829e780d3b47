import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createRandom } from '../../detectors/sample.ts';
import { Fingerprinter } from '../../src/scan/redact.ts';
import { SketchHash } from '../../src/scan/sketch-hash.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { runCli } from '../cli/run-cli.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { type Fault, startFaultProxy } from '../servers/fault-proxy.ts';
import { optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';

const PIECE = 12;
const folder = mkdtempSync(join(tmpdir(), 'assay-secrecy-'));
const gateway = await optional(startVersitygw);
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.server?.stop();
});

/** Everything that a program has left in a folder, and what it said, as one text each. */
function left(home: string): [place: string, text: string][] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('fingerprint'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

function holdsPieceOf(text: string, secret: string): boolean {
  const forms = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ];
  return forms.some((form) => {
    for (let at = 0; at + PIECE <= form.length; at++) if (text.includes(form.slice(at, at + PIECE))) return true;
    return false;
  });
}

serverTest(
  gateway,
  'no piece of a session token, a signed address or a signature that a store quotes in its errors reaches output, logs, reports or ledger',
  async (server, t) => {
    const random = createRandom('session token');
    const sessionToken = random.chars('base64', 120);
    const signature = random.chars('hex', 64);
    const credential = random.chars('base62', 40);
    const quoted = `https://store.invalid/key?X-Amz-Signature=${signature}&amp;X-Amz-Security-Token=${sessionToken}&amp;X-Amz-Credential=${credential}`;
    const message = `The request signature ${signature} with token ${sessionToken} for ${quoted} is wrong.`;
    const secrets = [sessionToken, signature, credential, server.root.secretAccessKey];
    assert.ok(
      secrets.every((secret) => holdsPieceOf(`${message} ${server.root.secretAccessKey}`, secret)),
      'the search finds them',
    );

    const proxy = await startFaultProxy(server.endpoint);
    t.after(() => proxy.stop());
    const bucket = await newBucket(server);
    for (let n = 0; n < 8; n++) await put(server.client, bucket, `object-${n}.txt`, 'words\n'.repeat(100));
    const refusals: [status: number, code: string][] = [
      [403, 'AccessDenied'],
      [403, 'SignatureDoesNotMatch'],
      [400, 'ExpiredToken'],
      [500, 'InternalError'],
      [400, signature],
    ];
    const env = {
      AWS_ENDPOINT_URL_S3: proxy.endpoint,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: server.root.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.root.secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    let scans = 0;
    const scan = async (faults: Fault[]): Promise<void> => {
      proxy.clear();
      for (const fault of faults) proxy.inject(fault);
      const home = join(folder, `home-${scans++}`);
      const report = join(home, 'report');
      mkdirSync(home);
      const args = ['scan', bucket.uri, '--verbose', '--log-format', 'json', '--objects', 'all'];
      for (const format of ['json', 'jsonl', 'html']) args.push('-o', `${format}=${report}.${format}`);
      const { stdout, stderr } = await runCli(args, { cwd: home, env: { ...env, HOME: home, ASSAY_HOME: home } });
      for (const [place, text] of [['standard output', stdout], ['standard error', stderr], ...left(home)] as const) {
        for (const [at, secret] of secrets.entries())
          assert.ok(!holdsPieceOf(text, secret), `${place} holds secret ${at}`);
      }
    };
    // The server does not know the token, so that it refuses what no fault hits as well.
    for (const [at, [status, code]] of refusals.entries()) {
      const isRead: Fault['when'] = ({ headers }) => headers.range !== undefined;
      await scan([{ kind: 'status', status, code, message, ...(at % 2 === 0 ? {} : { when: isRead }), times: 1000 }]);
    }
    assert.ok(proxy.seen.length > 0);
  },
);

test('an address with a user and a password in it is refused before it can be stored or shown', async () => {
  const password = createRandom('endpoint').chars('base62', 24);
  const endpoint = `http://someone:${password}@127.0.0.1:1`;
  const env = { ASSAY_HOME: join(folder, 'address') };
  const byFlag = await runCli(['scan', 's3://bucket', '--s3-endpoint', endpoint], { env });
  const bySdkVariable = await runCli(['scan', 's3://bucket'], { env: { ...env, AWS_ENDPOINT_URL_S3: endpoint } });
  for (const { code, stdout, stderr } of [byFlag, bySdkVariable]) {
    assert.equal(code, 2);
    assert.match(stderr, /must be an http:\/\/ or https:\/\/ URL without user and password/);
    assert.ok(!holdsPieceOf(stdout + stderr, password));
  }
});

const FORMS = (number: string): string[] => [
  number,
  `+${number}`,
  `00${number}`,
  `+${number.slice(0, 2)} ${number.slice(2)}`,
];

/** What a stored hash of this number could be if no key went into it. */
function unkeyed(number: string): string[] {
  return FORMS(number).flatMap((form) =>
    ['', 'phone-number\0', 'phone-number:'].flatMap((owner) => {
      const hashes = ['md5', 'sha1', 'sha256', 'sha512'].map((name) =>
        createHash(name)
          .update(owner + form)
          .digest(),
      );
      for (const key of [Buffer.alloc(0), Buffer.alloc(32)]) {
        hashes.push(
          createHmac('sha256', key)
            .update(owner + form)
            .digest(),
        );
      }
      return [
        ...hashes.flatMap((hash) => [hash.toString('hex').slice(0, 16), hash.toString('base64url')]),
        ...sketched(Buffer.alloc(32), form),
      ];
    }),
  );
}

/** The hash of distinct counts under this key. */
function sketched(sketchKey: Buffer, form: string): string[] {
  const sketch = new SketchHash(sketchKey);
  sketch.update(form);
  return [sketch.high.toString(16).padStart(8, '0') + sketch.low.toString(16).padStart(8, '0')];
}

test('stored hashes of phone numbers cannot be looked up without the key', async () => {
  const random = createRandom('phones');
  // Up to 256 different ones are kept as hashes, beyond that there are only registers.
  const numbers = Array.from({ length: 200 }, () => `49151${random.chars('digit', 8)}`);
  const data = join(folder, 'phones');
  mkdirSync(data);
  writeFileSync(
    join(data, 'phones.jsonl'),
    numbers.map((number) => JSON.stringify({ phone: `+${number}` })).join('\n'),
  );
  const home = join(folder, 'phones-home');
  const key = Buffer.from(random.chars('hex', 64), 'hex');
  const { code, stderr } = await runCli(['scan', data], {
    env: { ASSAY_HOME: home, ASSAY_FINGERPRINT_KEY: key.toString('base64') },
  });
  assert.equal(code, 0, stderr);
  const ledger = await openLedger({ stateDir: home });
  const { rows } = await ledger.pool.query('SELECT id FROM assay.scans');
  let stored = '';
  for await (const { scan } of ledger.results(rows[0].id)) stored += JSON.stringify(scan);
  await ledger.close();
  const recovered = (guess: (number: string) => string[]): number =>
    numbers.filter((number) => guess(number).some((hash) => stored.includes(hash))).length;
  assert.equal(recovered(unkeyed), 0);
  const sketchKey = new Fingerprinter(key).sketchKey();
  const withKey = recovered((number) => FORMS(number).flatMap((form) => sketched(sketchKey, form)));
  assert.equal(withKey, numbers.length, 'with the key the search finds them: it looks in the right place');
});
