import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ended, until } from '../servers/in-time.ts';
import {
  findExecutable,
  freePort,
  type Optional,
  optional,
  ServerMissing,
  serverTest,
} from '../servers/server-process.ts';
import { imageStage, lastOf, ROOT } from './dockerfile.ts';

interface Service {
  image: string;
  build?: string;
  user?: string;
  read_only?: boolean;
  tmpfs?: string[];
  restart?: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  networks?: string[];
  volumes?: string[];
  ports?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  deploy?: { replicas?: number; resources?: { limits?: Record<string, string | number> } };
}

const text = readFileSync(`${ROOT}docker-compose.yml`, 'utf8');
const file: {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, object>;
} = parse(text, { merge: true });
const services = Object.entries(file.services);
const worker = file.services.worker as Service;

test('a queue, a ledger, a store, two workers and one scan', () => {
  assert.deepEqual(Object.keys(file.services), ['redis', 'postgres', 'store', 'worker', 'submit']);
  assert.equal(worker.deploy?.replicas, 2);
  assert.equal(file.services.submit?.command?.[0], 'submit');
});

for (const [name, service] of services) {
  test(`${name} has a fixed version, a user without rights, a file system it cannot write to, and bounds`, () => {
    const [, tag = 'latest'] = /:([^:/]+)$/.exec(service.image) ?? [];
    assert.ok(tag === 'local' ? service.build === '.' : /\d+\.\d+/.test(tag), service.image);
    assert.match(service.user ?? '', /^[1-9]\d*:[1-9]\d*$/);
    assert.equal(service.read_only, true);
    assert.ok((service.tmpfs ?? []).some((place) => /^\/tmp:.*size=\d+m/.test(place)));
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
    const { cpus, memory, pids } = service.deploy?.resources?.limits ?? {};
    assert.ok(Number(cpus) > 0 && /^\d+[mg]$/.test(String(memory)) && Number(pids) > 0);
    assert.equal(service.ports, undefined);
  });

  test(`${name} says whether it is well, unless it ends by itself`, () => {
    if (service.restart === 'no') assert.equal(service.healthcheck?.disable, true);
    else if (service.build === '.') assert.match(lastOf(imageStage(), 'HEALTHCHECK'), /\/health/);
    else assert.ok((service.healthcheck?.test ?? []).length > 1);
  });

  test(`${name} waits for servers that are well, and all of its networks and volumes are there`, () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(other in file.services);
      assert.equal(condition, 'service_healthy');
    }
    for (const network of service.networks ?? []) assert.ok(network in file.networks, network);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':/');
      assert.ok(source in file.volumes || volume.endsWith(':ro'), volume);
    }
  });
}

test('every secret comes from the environment, which must hold it, and none is in a command', () => {
  let secrets = 0;
  for (const { environment = {}, command = [] } of Object.values(file.services)) {
    for (const [name, value] of Object.entries(environment)) {
      if (!/PASSWORD|SECRET|_KEY$|_URL$/.test(name) || /^(http|assay$)/.test(value)) continue;
      assert.match(value, /\$\{ASSAY_\w+:\?/, name);
      secrets += 1;
    }
    assert.doesNotMatch(command.join(' '), /\$\{?ASSAY_\w*(PASSWORD|KEY)/);
  }
  assert.equal(secrets, 11);
});

test('the servers reach nothing outside and nothing outside reaches them', () => {
  assert.equal(file.networks.servers?.internal, true);
  for (const name of ['redis', 'postgres', 'store']) assert.deepEqual(file.services[name]?.networks, ['servers']);
});

test('Redis keeps jobs when it is full, and across its own restarts', () => {
  const command = file.services.redis?.command?.join(' ') ?? '';
  assert.match(command, /--maxmemory-policy noeviction/);
  assert.match(command, /--appendonly yes/);
});

const program = findExecutable(['redis-server']);
const installed: Optional<string> = await optional(async () => {
  if (program === null) throw new ServerMissing('Redis is not installed (Debian: apt-get install redis-server)');
  return program;
});

serverTest(
  installed,
  'Redis asks for the password of the file, and no list of processes shows it',
  async (_program, t) => {
    const { command = [], healthcheck } = file.services.redis as Service;
    const port = await freePort();
    const dir = mkdtempSync(join(tmpdir(), 'assay-compose-'));
    const here = (text = ''): string =>
      text
        .replaceAll('$$', '$')
        .replace('--dir /data', `--dir ${dir} --port ${port} --bind 127.0.0.1`)
        .replace('redis-cli ', `redis-cli -p ${port} `);
    const env = { PATH: process.env.PATH, REDIS_PASSWORD: 'secret of a test' };
    const [shell = '', ...args] = command.map(here);
    const server = spawn(shell, args, { env, stdio: ['ignore', 'ignore', 'ignore'] });
    t.after(async () => {
      if (server.exitCode === null && server.kill('SIGTERM')) await ended(server);
      rmSync(dir, { recursive: true });
    });
    const check = (password: string) =>
      spawnSync('sh', ['-c', here(healthcheck?.test?.[1])], { env: { ...env, REDIS_PASSWORD: password } }).status;
    await until('Redis to take its password', () => server.exitCode !== null || check('secret of a test') === 0);
    assert.equal(check('another'), 1);
    assert.doesNotMatch(readFileSync(`/proc/${server.pid}/cmdline`, 'latin1'), /secret/);
  },
);

test('a worker has longer to stop than it takes', () => {
  const source = readFileSync(`${ROOT}src/cli/worker.ts`, 'utf8');
  const stopMs = Number(/STOP_MS = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
  assert.ok(Number.parseInt(worker.stop_grace_period ?? '', 10) * 1000 > stopMs);
});
