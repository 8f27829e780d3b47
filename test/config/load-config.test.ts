import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type ConfigSources, flagName, loadConfig } from '../../src/config/load-config.ts';
import { environmentName, KEYS } from '../../src/config/schema.ts';
import { AssayError } from '../../src/errors.ts';

const cwd = mkdtempSync(join(tmpdir(), 'assay-config-'));
after(() => rmSync(cwd, { recursive: true }));

function load(sources: Partial<Omit<ConfigSources, 'flags'>> & { flags?: object } = {}) {
  return loadConfig({ env: { HOME: '/home/someone' }, cwd, ...sources, flags: { ...sources.flags } });
}

function problemsOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof AssayError);
    assert.equal(error.code, 'config');
    assert.equal(error.exitCode, 2);
    return error.message;
  }
  assert.fail('no error');
}

function withFile<T>(name: string, content: string, run: () => T): T {
  const file = join(cwd, name);
  writeFileSync(file, content);
  try {
    return run();
  } finally {
    rmSync(file);
  }
}

test('without file, environment or flags the defaults hold', () => {
  const config = load();
  assert.equal(config.home, '/home/someone/.local/state/assay');
  assert.equal(config.resume, 'auto');
  assert.equal(config.minCoverage, 100);
  assert.equal(config.limits.maxDepth, 5);
  assert.equal(config.file, null);
});

test('flags win over the environment, the environment over the file, key by key', () => {
  const yaml = 'threads: 3\nlimits: { maxDepth: 2, maxRatio: 7 }\nmaxLocations: 9\n';
  const config = withFile('assay.yaml', yaml, () =>
    load({ env: { ASSAY_THREADS: '4', ASSAY_LIMITS_MAX_DEPTH: '3' }, flags: { threads: 5 } }),
  );
  assert.equal(config.threads, 5);
  assert.equal(config.limits.maxDepth, 3);
  assert.equal(config.limits.maxRatio, 7);
  assert.equal(config.limits.maxEntries, 1_000_000);
  assert.equal(config.maxLocations, 9);
  assert.equal(config.file, join(cwd, 'assay.yaml'));
});

test('a JSON file is read like YAML, and --config replaces ./assay.yaml', () => {
  const config = withFile('assay.yaml', 'threads: 3\n', () =>
    withFile('other.json', '{"maxLocations": 4}', () => load({ file: 'other.json' })),
  );
  assert.equal(config.threads, 0);
  assert.equal(config.maxLocations, 4);
});

test('no other file is looked for', () => {
  for (const name of ['assay.yml', 'assay.json', 'assay.config.js', '.assayrc', 'assay.toml']) {
    withFile(name, 'threads: 3\n', () => assert.equal(load().file, null));
  }
});

test('every key can come from the environment under one name of its own', () => {
  const names = KEYS.map(environmentName);
  assert.equal(new Set(names).size, KEYS.length);
  const given: Record<string, string> = {
    home: '/srv/state',
    databaseUrl: 'postgres://127.0.0.1/x',
    queueUrl: 'redis://127.0.0.1',
    fingerprintKey: 'AAAA',
    resume: 'never',
    rescan: 'true',
    hash: 'true',
    objects: 'all',
    failOn: 'high',
    minCoverage: '95%',
    allowEmpty: '1',
    quiet: 'true',
    verbose: 'true',
    logFormat: 'json',
    transfer: 'same-region',
    's3.region': 'eu-west-1',
    exposedFirst: 'true',
    's3.expectedBucketOwner': '111122223333',
    's3.requesterPays': 'true',
    's3.versions': 'true',
    's3.roles': 'self',
    's3.organizationRole': 'audit/assay',
    'gcs.endpoint': 'http://127.0.0.1:4443',
    'gcs.managementEndpoint': 'http://127.0.0.1:4444',
    'gcs.anonymous': 'true',
    'azure.endpoint': 'http://127.0.0.1:10000/account',
    'azure.subscription': '11111111-2222-3333-4444-555555555555',
    'azure.managementEndpoint': 'http://127.0.0.1:10001',
    'azure.subscriptions': '11111111-2222-3333-4444-555555555555',
    'azure.versions': 'true',
    'gcs.versions': 'true',
    'trusted.vpcs': 'vpc-1',
    'trusted.vpces': 'vpce-1',
    'trusted.ips': '203.0.113.0/24',
  };
  const defaults = load();
  for (const key of KEYS) {
    const fallback = key.startsWith('s3.') ? 'http://127.0.0.1:9000' : /clude$/.test(key) ? 'a/**,b' : '41';
    const beside: Record<string, string> = key === 'queueUrl' ? { ASSAY_DATABASE_URL: 'postgres://127.0.0.1/x' } : {};
    const env = { HOME: '/home/someone', ...beside };
    const config = load({ env: { ...env, [environmentName(key)]: given[key] ?? fallback } });
    assert.notDeepEqual(
      config,
      key === 'queueUrl' ? load({ env }) : defaults,
      `${environmentName(key)} changed nothing`,
    );
  }
});

test('a list in the environment is split at commas, or is a JSON array when an item holds one', () => {
  assert.deepEqual(load({ env: { ASSAY_INCLUDE: 'a/**, b' } }).include, ['a/**', 'b']);
  assert.deepEqual(load({ env: { ASSAY_INCLUDE: '["*.{csv,tsv}"]' } }).include, ['*.{csv,tsv}']);
});

test('sizes take units of bytes', () => {
  assert.equal(load({ flags: { limits: { maxLineBytes: '64MiB' } } }).limits.maxLineBytes, 64 * 1024 * 1024);
  assert.equal(load({ flags: { limits: { maxLineBytes: '1.5 kB' } } }).limits.maxLineBytes, 1500);
  assert.match(
    problemsOf(() => load({ flags: { limits: { maxLineBytes: '64 parsecs' } } })),
    /--max-line-bytes must be/,
  );
});

test('every problem of file, environment and flags is listed at once, each under the name its user knows', () => {
  const message = withFile('assay.yaml', 'treads: 3\nlimits: { maxDepht: 1, maxRatio: x }\nobjects: some\n', () =>
    problemsOf(() =>
      load({ env: { ASSAY_FAIL_ON: 'bad', ASSAY_THREDS: '1' }, flags: { minCoverage: '120', s3: { endpoint: 'x' } } }),
    ),
  );
  assert.match(message, /assay\.yaml: treads is not a setting; did you mean threads\?/);
  assert.match(message, /limits\.maxDepht is not a setting; did you mean limits\.maxDepth\?/);
  assert.match(message, /limits\.maxRatio must be a whole number/);
  assert.match(message, /objects must be one of notable, all/);
  assert.match(message, /ASSAY_FAIL_ON must be one of/);
  assert.match(message, /ASSAY_THREDS is not a setting; did you mean ASSAY_THREADS\?/);
  assert.match(message, /--min-coverage must be a percentage/);
  assert.match(message, /--s3-endpoint must be an http/);
});

test('variables that Kubernetes sets for a service called assay are not ours', () => {
  assert.doesNotThrow(() =>
    load({ env: { ASSAY_SERVICE_HOST: '10.0.0.1', ASSAY_PORT: 'tcp://10.0.0.1:80', ASSAY_PORT_80_TCP_PROTO: 'tcp' } }),
  );
});

test('a shared queue needs a ledger that is shared too', () => {
  assert.match(
    problemsOf(() => load({ env: { ASSAY_QUEUE_URL: 'redis://127.0.0.1' } })),
    /ASSAY_QUEUE_URL needs ASSAY_DATABASE_URL/,
  );
  assert.match(
    problemsOf(() => load({ env: { ASSAY_QUEUE_URL: 'amqp://127.0.0.1' } })),
    /ASSAY_QUEUE_URL must be/,
  );
  const env = { ASSAY_QUEUE_URL: 'rediss://127.0.0.1', ASSAY_DATABASE_URL: 'postgres://127.0.0.1/x' };
  assert.equal(load({ env }).queueUrl, 'rediss://127.0.0.1');
});

test('a file that is missing, is no YAML, or holds no keys is a configuration error', () => {
  assert.match(
    problemsOf(() => load({ file: 'absent.yaml' })),
    /cannot read .*absent\.yaml \(ENOENT\)/,
  );
  withFile('bad.yaml', 'a: [1\nb: {', () =>
    assert.match(
      problemsOf(() => load({ file: 'bad.yaml' })),
      /not YAML/,
    ),
  );
  withFile('list.yaml', '- 1\n', () =>
    assert.match(
      problemsOf(() => load({ file: 'list.yaml' })),
      /must hold keys/,
    ),
  );
  withFile('empty.yaml', '', () => assert.equal(load({ file: 'empty.yaml' }).threads, 0));
});

test('a file that grows by aliases is refused', () => {
  const layers = Array.from({ length: 12 }, (_, i) => `k${i + 1}: &k${i + 1} [${`*k${i},`.repeat(9)}]`);
  withFile('bomb.yaml', `k0: &k0 [x]\n${layers.join('\n')}\n`, () => problemsOf(() => load({ file: 'bomb.yaml' })));
});

test('a configuration cannot be changed', () => {
  const config = load();
  assert.throws(() => Object.assign(config, { threads: 9 }), TypeError);
  assert.throws(() => Object.assign(config.limits, { maxDepth: 9 }), TypeError);
});

test('endpoints come from the SDK variables when no key of ours names them', () => {
  const env = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:3',
    AWS_REGION: 'eu-west-1',
  };
  const { s3 } = load({ env });
  assert.deepEqual(
    [s3.endpoint, s3.controlEndpoint, s3.stsEndpoint, s3.region],
    ['http://127.0.0.1:2', null, 'http://127.0.0.1:3', 'eu-west-1'],
  );
  assert.equal(load({ env, flags: { s3: { endpoint: 'http://127.0.0.1:4' } } }).s3.endpoint, 'http://127.0.0.1:4');
});

test('the state directory is ASSAY_HOME, else in XDG_STATE_HOME, else in the home directory', () => {
  assert.equal(load({ env: { ASSAY_HOME: 'here', XDG_STATE_HOME: '/x' } }).home, join(cwd, 'here'));
  assert.equal(load({ env: { XDG_STATE_HOME: '/x', HOME: '/h' } }).home, '/x/assay');
});

test('flags are named after keys', () => {
  assert.equal(flagName('limits.maxDecodedBytes'), '--max-decoded-bytes');
  assert.equal(flagName('s3.endpoint'), '--s3-endpoint');
  assert.equal(flagName('failOn'), '--fail-on');
});

test('a connection string tells where the account is, and keeps its key to itself', () => {
  const connection =
    'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:1/a;';
  const config = load({ env: { AZURE_STORAGE_CONNECTION_STRING: connection, AZURE_STORAGE_ACCOUNT_URL: 'http://x' } });
  assert.equal(config.azure.endpoint, 'http://127.0.0.1:1/a');
  assert.ok(!JSON.stringify(config).includes('c2VjcmV0'));
  assert.equal(load({ env: { AZURE_STORAGE_ACCOUNT_URL: 'http://x' } }).azure.endpoint, 'http://x');
  const sas = { azure: { endpoint: 'https://a.blob.core.windows.net/?sig=x' } };
  assert.throws(
    () => load({ flags: sas }),
    /--azure-endpoint must have no query; a SAS goes into AZURE_STORAGE_SAS_TOKEN/,
  );
});

test('the emulator of Google is named as its own programs name it, with or without http, and gets no credentials', () => {
  const emulator = (host: string) => load({ env: { STORAGE_EMULATOR_HOST: host } }).gcs;
  const endpoint = (host: string) => emulator(host).endpoint;
  assert.equal(emulator('127.0.0.1:4443').anonymous, true);
  assert.equal(endpoint('127.0.0.1:4443'), 'http://127.0.0.1:4443');
  assert.equal(endpoint('https://127.0.0.1:4443/'), 'https://127.0.0.1:4443/');
  assert.equal(load().gcs.endpoint, null);
  assert.throws(() => endpoint('http://user:secret@127.0.0.1'), /STORAGE_EMULATOR_HOST must be an http/);
});
