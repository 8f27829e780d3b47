import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-exposure-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const OPEN = {
  Statement: [
    { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' },
  ],
};

test('a policy is judged before it is applied, with the reason and the fix', async () => {
  const file = join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify(OPEN, null, 2));
  const { code, stdout } = await runCli(['exposure', '--evidence', file]);
  assert.equal(code, 0);
  assert.match(stdout, /evidence: public\n {2}- Anyone on the internet can read objects: statement 0 "Open"/);
  assert.match(stdout, /fix: /);
});

test('JSON lines are answered one by one, and a bad one costs only itself and the exit code', async () => {
  const facts = {
    policy: OPEN,
    acl: null,
    objectOwnership: null,
    publicAccessBlock: null,
    accountPublicAccessBlock: null,
  };
  const file = join(folder, 'facts.jsonl');
  const document = { schema: 'assay.evidence/v1', id: 'a', provider: 'aws-s3', bucket: 'lake', facts };
  writeFileSync(file, `${JSON.stringify(document)}\nno json\n${JSON.stringify({ ...document, id: 'b' })}\n`);
  const { code, stdout } = await runCli(['exposure', '--evidence', file, '-f', 'jsonl']);
  assert.equal(code, 4);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    answers.map(({ id, public: open, error }) => [id, open, error]),
    [
      ['a', true, undefined],
      [null, undefined, 'the line is no JSON'],
      ['b', true, undefined],
    ],
  );
});

test('who is trusted in the configuration is no foreigner, offline as well', async () => {
  const [foreign, ours] = ['345678901234', '456789012345'];
  const policy = {
    Statement: [{ Effect: 'Allow', Principal: { AWS: [foreign, ours] }, Action: 's3:*', Resource: '*' }],
  };
  const file = join(folder, 'foreign.json');
  const document = { provider: 'aws-s3', bucket: 'lake', owner: { account: '111122223333' }, facts: { policy } };
  writeFileSync(file, JSON.stringify(document));
  const config = join(folder, 'assay.yaml');
  writeFileSync(config, `trusted:\n  accounts: ["${ours}"]\n  vpces: [vpce-1]\n`);
  const { stdout } = await runCli(['exposure', '--evidence', file, '-f', 'json', '--config', config]);
  assert.deepEqual(JSON.parse(stdout).crossAccount, [foreign]);
  const env = { ASSAY_TRUSTED_ACCOUNTS: `${ours},${foreign}` };
  const trusting = await runCli(['exposure', '--evidence', file, '-f', 'json'], { env });
  assert.deepEqual(JSON.parse(trusting.stdout).crossAccount, []);
  const wrong = await runCli(['exposure', '--evidence', file], { env: { ASSAY_TRUSTED_VPCES: 'vpc-1' } });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /ASSAY_TRUSTED_VPCES must be a list of VPC endpoint ids/);
});

test('a local folder is asked now, and neither targets nor evidence is a usage error', async () => {
  const asked = await runCli(['exposure', folder, '-f', 'json']);
  assert.equal(asked.code, 0, asked.stderr);
  assert.equal(JSON.parse(asked.stdout).public, false);
  assert.equal((await runCli(['exposure'])).code, 2);
  assert.equal((await runCli(['exposure', '--evidence', join(folder, 'absent')])).code, 2);
});
