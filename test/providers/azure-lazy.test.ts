import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-lazy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the address of each module of an SDK that a process or thread loads. */
const HOOK = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    if (/node_modules\\/@(azure|aws-sdk|google-cloud)\\//.test(url)) appendFileSync(process.env.SEEN_MODULES, url + '\\n');
    return next(url, context);
  },
});`;

async function sdksOf(args: string[]): Promise<string[]> {
  const [hook, seen] = [join(folder, 'hook.mjs'), join(folder, 'seen')];
  writeFileSync(hook, HOOK);
  writeFileSync(seen, '');
  const env = { NODE_OPTIONS: `--import ${hook}`, SEEN_MODULES: seen, HOME: folder, ASSAY_HOME: join(folder, 'home') };
  const { code, stderr } = await runCli(args, { cwd: folder, env });
  assert.ok(code === 0 || code === 4, stderr);
  const urls = readFileSync(seen, 'utf8').split('\n').slice(0, -1);
  return [...new Set(urls.map((url) => /node_modules\/(@[^/]+)\//.exec(url)?.[1] ?? url))];
}

test('a local scan loads the SDK of no cloud, and a container loads that of Azure alone', async () => {
  writeFileSync(join(folder, 'data.txt'), 'words\n');
  assert.deepEqual(await sdksOf(['scan', 'data.txt']), []);
  assert.deepEqual(await sdksOf(['doctor', 'az://account/container', '--print-policy']), []);
  const nobody = ['--azure-endpoint', 'http://127.0.0.1:9/account'];
  assert.deepEqual(await sdksOf(['exposure', 'az://account/container', ...nobody]), ['@azure']);
});
