import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { DoctorCheck } from '../../src/cli/doctor-finding.ts';
import { backendChecks } from '../../src/cli/doctor-host.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { lockState } from '../../src/store/state-lock.ts';
import { newBucket, put } from '../providers/s3-harness.ts';
import { startMoto } from '../servers/moto.ts';
import { listening, optional, serverTest } from '../servers/server-process.ts';
import { startVersitygw } from '../servers/versitygw.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'assay-doctor-'));
after(() => rmSync(root, { recursive: true }));
const [gateway, moto, postgres] = await Promise.all([
  optional(startVersitygw),
  optional(startMoto),
  optional(startPostgres),
]);
after(() => Promise.all([gateway.server?.stop(), moto.server?.stop(), postgres.server?.stop()]));

interface Answer {
  code: number | null;
  result: string;
  checks: DoctorCheck[];
  find(group: string, name: string): DoctorCheck;
  text: string;
}

async function ask(args: string[], env: Record<string, string> = {}): Promise<Answer> {
  const { code, stdout, stderr } = await runCli(['doctor', ...args, '-f', 'json'], {
    cwd: root,
    // No home and no metadata service: what the person who runs the test may do must not matter.
    env: {
      HOME: root,
      ASSAY_HOME: join(root, 'home'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_PROFILE: '',
      ...env,
    },
  });
  assert.notEqual(stdout, '', stderr);
  const { schema, result, checks } = JSON.parse(stdout) as { schema: string; result: string; checks: DoctorCheck[] };
  assert.equal(schema, 'assay.doctor/v1');
  for (const { status, fix } of checks) assert.equal(fix !== undefined, status === 'missing' || status === 'broken');
  return {
    code,
    result,
    checks,
    text: stdout,
    find(group, name) {
      const check = checks.find((one) => one.group === group && one.name === name);
      assert.ok(check !== undefined, `${group} ${name} is not in ${stdout}`);
      return check;
    },
  };
}

test('on a machine that can scan everything is ok, and nothing was made', async () => {
  const data = join(root, 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'a.txt'), 'text');
  const { code, result, find } = await ask(['data']);
  assert.deepEqual([code, result], [0, 'ok']);
  for (const name of ['assay', 'node', 're2', 'ledger schema', 'detector set'])
    assert.equal(find('versions', name).status, 'ok');
  assert.match(find('state', 'directory').detail, /will be created/);
  assert.match(find('state', 'space').detail, /GiB free/);
  assert.equal(find('backends', 'database').detail, 'embedded');
  assert.equal(find('identity', 'aws-s3').status, 'skipped');
  assert.equal(find('data', 'list').status, 'ok');
  assert.equal(find('data', 'read').status, 'ok');
  assert.throws(() => readFileSync(join(root, 'home', 'lock')));
});

test('as text, each line says what is wrong and what to do about it', async () => {
  const { code, stdout } = await runCli(['doctor', 'absent'], {
    cwd: root,
    env: { HOME: root, ASSAY_HOME: join(root, 'home') },
  });
  assert.equal(code, 4);
  assert.match(stdout, /\nabsent\n {2}broken +list /);
  assert.match(stdout, /→ Correct the name\./);
  assert.match(stdout, /\n1 broken\n$/);
});

test('a state directory that cannot be is broken; one in use names its holder', async () => {
  writeFileSync(join(root, 'file'), '');
  const broken = await ask([], { ASSAY_HOME: join(root, 'file', 'state') });
  assert.equal(broken.code, 4);
  assert.equal(broken.find('state', 'directory').status, 'broken');
  const home = join(root, 'held');
  mkdirSync(home);
  const lock = lockState(home);
  const held = await ask([], { ASSAY_HOME: home });
  lock.release();
  assert.equal(held.find('state', 'lock').detail, `held by another assay process (pid ${process.pid})`);
  assert.equal(held.code, 0);
});

test('own detectors with a problem are broken', async () => {
  const folder = join(root, 'detectors');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.yaml'), 'id: X\n');
  const { code, find } = await ask(['--detectors', folder]);
  assert.equal(code, 4);
  assert.match(find('versions', 'detector set').detail, /detectors: \d problems/);
});

test('a clock that is minutes off is missing, a quarter of an hour is broken', async () => {
  const server = createHttpServer((request, response) => {
    const minutes = request.headers.host?.startsWith('localhost') ? 20 : 3;
    response.sendDate = false;
    response.writeHead(403, { date: new Date(Date.now() - minutes * 60_000).toUTCString() }).end();
  });
  after(() => server.close());
  const port = await listening(server);
  const near = await ask(['--s3-endpoint', `http://127.0.0.1:${port}`]);
  assert.equal(near.code, 3);
  assert.match(near.find('identity', 'clock').detail, /^1(79|80|81) s ahead of/);
  const far = await ask(['--s3-endpoint', `http://localhost:${port}`]);
  assert.deepEqual([far.code, far.find('identity', 'clock').status], [4, 'broken']);
});

test('s3:// without credentials is broken and says where they are looked for', async () => {
  const { code, find } = await ask(['s3://some-bucket', '--s3-endpoint', 'http://127.0.0.1:9']);
  assert.equal(code, 4);
  assert.match(find('s3://some-bucket', 's3:ListBucket').fix ?? '', /AWS_ACCESS_KEY_ID/);
});

serverTest(gateway, 'the permissions of a caller on a bucket are told one by one', async (server) => {
  const bucket = await newBucket(server);
  await put(server.client, bucket, 'chat.jsonl', 'text');
  const { secondUser } = server;
  const env = {
    ...server.env,
    AWS_ACCESS_KEY_ID: secondUser.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secondUser.secretAccessKey,
  };
  const grant = async (actions: string[]): Promise<void> => {
    const arn = `arn:aws:s3:::${bucket.name}`;
    const common = { Effect: 'Allow', Principal: { AWS: [secondUser.accessKeyId] } };
    const onObjects = actions.filter((action) => action.includes('Object'));
    const onBucket = actions.filter((action) => !action.includes('Object'));
    await server.putPolicy(bucket.name, [
      { ...common, Action: onBucket, Resource: arn },
      ...(onObjects.length === 0 ? [] : [{ ...common, Action: onObjects, Resource: `${arn}/*` }]),
    ]);
  };

  await grant(['s3:ListBucket', 's3:GetBucketAcl']);
  const some = await ask([bucket.uri], env);
  assert.equal(some.code, 3);
  assert.equal(some.find(bucket.uri, 's3:ListBucket').status, 'ok');
  assert.equal(some.find(bucket.uri, 's3:GetBucketAcl').status, 'ok');
  const read = some.find(bucket.uri, 's3:GetObject');
  assert.deepEqual([read.status, read.detail], ['missing', 'AccessDenied']);
  assert.match(read.fix ?? '', /^Allow s3:GetObject; `assay doctor s3:\/\/.* --print-policy`/);
  assert.equal(some.find(bucket.uri, 's3:GetBucketPolicy').status, 'missing');
  assert.ok(!some.text.includes(secondUser.secretAccessKey));

  await grant([
    's3:ListBucket',
    's3:GetObject',
    's3:GetBucketAcl',
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetBucketOwnershipControls',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketWebsite',
  ]);
  const all = await ask([bucket.uri], env);
  assert.equal(all.code, 0, all.text);
  assert.equal(all.find(bucket.uri, 's3:GetObject').status, 'ok');
  assert.equal(all.find(bucket.uri, 's3:GetAccountPublicAccessBlock').status, 'unsupported');
  assert.equal(all.find('identity', 'clock').status, 'ok');

  const absent = await ask(['s3://no-such-bucket-here'], env);
  assert.equal(absent.code, 4);
  assert.match(absent.find('s3://no-such-bucket-here', 's3:ListBucket').fix ?? '', /Correct the name/);
});

serverTest(moto, 'the account of the caller is the one that STS names', async (server) => {
  const { code, find } = await ask([], server.env);
  assert.equal(code, 0);
  assert.equal(find('identity', 'aws-s3').detail, `account ${server.account}`);
});

serverTest(
  postgres,
  'a PostgreSQL server is told with its version and schema, and is left as it was',
  async (server) => {
    const address = await server.createDatabase();
    const database = async (): Promise<DoctorCheck | undefined> => (await backendChecks(address, null))[0];
    assert.match((await database())?.detail ?? '', /^PostgreSQL \d+.* no ledger yet$/);
    assert.match((await database())?.detail ?? '', /no ledger yet$/);
    await (await openLedger({ databaseUrl: address })).close();
    assert.match((await database())?.detail ?? '', new RegExp(`schema ${MIGRATIONS.length}$`));
    const { find } = await ask([], { ASSAY_DATABASE_URL: address });
    assert.equal(find('backends', 'database').status, 'ok');
    assert.equal(find('state', 'fingerprint key').status, 'broken');
  },
);

/** Speaks as much of Redis as is asked, in pieces, and wants a password. */
function fakeRedis(policy: string, seen: string[]): Server {
  return createServer((socket) => {
    const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
    let isOpen = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const [name = '', ...rest] = [...chunk.toString().matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(
        ([, word = '']) => word,
      );
      const words = [name.toUpperCase(), ...rest];
      seen.push(words.join(' '));
      const answer = (text: string): void => {
        socket.write(text.slice(0, 9));
        setImmediate(() => socket.write(text.slice(9)));
      };
      if (words[0] === 'AUTH') isOpen = words.at(-1) === 'pass word';
      if (words[0] === 'AUTH') answer(isOpen ? '+OK\r\n' : '-WRONGPASS no\r\n');
      else if (!isOpen) answer('-NOAUTH Authentication required.\r\n');
      else if (words[0] === 'INFO') answer(bulk('# Server\r\nredis_version:7.2.4\r\nos:Linux\r\n'));
      else answer(`*2\r\n${bulk('maxmemory-policy')}${bulk(policy)}`);
    });
  });
}

test('a Redis server is told with its version; one that would throw jobs away is missing something', async () => {
  const seen: string[] = [];
  const queue = async (policy: string, login = ':pass%20word@'): Promise<DoctorCheck | undefined> => {
    const redis = fakeRedis(policy, seen);
    after(() => redis.close());
    const port = await listening(redis);
    return (await backendChecks(null, `redis://${login}127.0.0.1:${port}/0`))[1];
  };
  const good = await queue('noeviction');
  assert.equal(good?.status, 'ok');
  assert.match(good?.detail ?? '', /^Redis 7\.2\.4 at redis:\/\/127\.0\.0\.1:\d+\/0, noeviction$/);
  const bad = await queue('allkeys-lru', 'me:pass%20word@');
  assert.equal(bad?.status, 'missing');
  assert.match(bad?.detail ?? '', /maxmemory-policy allkeys-lru$/);
  assert.ok(seen.includes('AUTH me pass word'));
  for (const login of ['', ':wrong@']) {
    const refused = await queue('noeviction', login);
    assert.equal(refused?.status, 'broken');
    assert.match(refused?.detail ?? '', login === '' ? /NOAUTH/ : /WRONGPASS/);
    assert.doesNotMatch(JSON.stringify(refused), /wrong@/);
  }
});

test('a server that does not answer is broken, and its address is shown without user and password', async () => {
  const [database, queue] = await backendChecks(
    'postgres://me:secret@127.0.0.1:1/x?sslmode=disable',
    'redis://:secret@127.0.0.1:1',
  );
  assert.deepEqual([database?.status, queue?.status], ['broken', 'broken']);
  assert.doesNotMatch(JSON.stringify([database, queue]), /secret|sslmode/);
});
