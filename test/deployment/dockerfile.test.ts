import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { copiesOf, imageStage, lastOf, ROOT, readStages } from './dockerfile.ts';

test('both stages are on the Node that script/bootstrap installs, of which the modules are built', () => {
  const version = /^node_version=(\S+)$/m.exec(readFileSync(`${ROOT}script/bootstrap`, 'utf8'))?.[1];
  assert.deepEqual(
    readStages().map(({ from }) => from),
    [`node:${version}-bookworm`, `node:${version}-bookworm-slim`],
  );
});

test('modules are installed as the lockfile says, compiled and not fetched as binaries, and not those of developers', () => {
  const [build] = readStages();
  const install = build?.instructions.find(({ name, text }) => name === 'RUN' && text.startsWith('npm ci'))?.text ?? '';
  assert.match(install, /npm ci --omit=dev --ignore-scripts=false/);
  assert.match(install, /require\("re2"\)/);
  const settings = build?.instructions.find(({ name }) => name === 'ENV')?.text ?? '';
  assert.match(settings, /DEVELOPMENT_SKIP_GETTING_ASSET=1/);
  assert.ok(
    !imageStage().instructions.some(({ text }) => /npm |apt-get/.test(text)),
    'nothing is installed in the image',
  );
});

test('everything that is copied is there, and the build is given nothing else', () => {
  const sources = readStages().flatMap((stage) => copiesOf(stage).flatMap((copy) => copy.sources));
  assert.ok(sources.length > 0);
  for (const source of sources) assert.ok(existsSync(ROOT + source), source);
  const lines = readFileSync(`${ROOT}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines[0], '*');
  assert.deepEqual(lines.slice(1).sort(), sources.map((source) => `!${source}`).sort());
});

test('the image runs a program and not a shell, as a user that has a number and is not root', () => {
  const stage = imageStage();
  const [user, group] = lastOf(stage, 'USER').split(':').map(Number);
  assert.ok(user !== undefined && group !== undefined && user > 0 && group > 0);
  const users = stage.instructions.findIndex(({ name }) => name === 'USER');
  assert.ok(!stage.instructions.slice(users).some(({ name }) => name === 'RUN'));
  assert.deepEqual(JSON.parse(lastOf(stage, 'ENTRYPOINT')), ['node', '/app/dist/main.js']);
  assert.equal(JSON.parse(lastOf(stage, 'CMD'))[0], 'worker');
});

test('no secret is an argument or a variable of the image', () => {
  const names = readStages().flatMap(({ instructions }) =>
    instructions.filter(({ name }) => name === 'ENV' || name === 'ARG').map(({ text }) => text),
  );
  for (const name of names) assert.doesNotMatch(name, /KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL|QUEUE_URL/i);
});
