import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openProvider } from '../../src/providers/open-provider.ts';
import { parseTarget } from '../../src/providers/parse-target.ts';
import { coded, list } from './contract.ts';
import { asNobody, asRoot } from './nobody.ts';

/** A folder that others may search, with these modes; names that end in a slash are folders. */
async function folderWith(t: TestContext, modes: Record<string, number>) {
  const root = await mkdtemp(join(tmpdir(), 'assay-modes-'));
  t.after(async () => {
    await asRoot(() => rm(root, { recursive: true, force: true }));
  });
  for (const name of Object.keys(modes)) {
    if (name.endsWith('/')) await mkdir(join(root, name));
    else await writeFile(join(root, name), 'x');
  }
  // Deepest first, so that a closed folder can still be filled.
  for (const [name, mode] of Object.entries(modes).toReversed()) await chmod(join(root, name), mode);
  await chmod(root, 0o711);
  const bucket = { provider: 'filesystem', uri: `file://${root}`, name: root } as const;
  return { provider: await openProvider('filesystem'), bucket, root };
}

async function exposureOf(t: TestContext, modes: Record<string, number>) {
  const { provider, bucket } = await folderWith(t, modes);
  const evidence = await provider.collectExposure(bucket);
  assert.equal(evidence.provider, 'filesystem');
  return evidence;
}

test('files and folders that others can read or write are counted with examples', async (t) => {
  const evidence = await exposureOf(t, {
    'private.txt': 0o600,
    'read.txt': 0o644,
    'write.txt': 0o602,
    'open/': 0o755,
    'open/both.txt': 0o666,
    'open/closed/': 0o700,
    'open/closed/hidden.txt': 0o666,
  });
  assert.deepEqual(evidence.closed, ['open/closed/']);
  assert.deepEqual(evidence.worldReadable, {
    state: 'known',
    value: { count: 3, examples: ['open/', 'open/both.txt', 'read.txt'] },
  });
  assert.deepEqual(evidence.worldWritable, {
    state: 'known',
    value: { count: 2, examples: ['open/both.txt', 'write.txt'] },
  });
});

test('nothing is reachable below a folder that others cannot search', async (t) => {
  const { provider, bucket, root } = await folderWith(t, { 'sub/': 0o777, 'sub/file': 0o666 });
  await chmod(root, 0o700);
  const inner = { ...bucket, name: join(root, 'sub') };
  const none = { state: 'known', value: { count: 0, examples: [] } };
  const evidence = await provider.collectExposure(inner);
  assert.deepEqual(evidence, { provider: 'filesystem', path: inner.name, worldReadable: none, worldWritable: none });
});

test('examples are bounded while the count is exact', async (t) => {
  const names = Array.from({ length: 200 }, (_unused, at) => [`file${at}`, 0o644] as const);
  const { worldReadable } = await exposureOf(t, Object.fromEntries(names));
  assert.ok(worldReadable.state === 'known' && worldReadable.value !== null);
  assert.equal(worldReadable.value.count, 200);
  assert.equal(worldReadable.value.examples.length, 10);
});

test('the mode of a link is not taken for the mode of a file', async (t) => {
  const { provider, bucket, root } = await folderWith(t, { 'private.txt': 0o600 });
  await symlink('private.txt', join(root, 'link'));
  const evidence = await provider.collectExposure(bucket);
  assert.ok(evidence.provider === 'filesystem');
  assert.deepEqual(evidence.worldWritable, { state: 'known', value: { count: 0, examples: [] } });
});

test('a folder that cannot be read breaks the listing and leaves the exposure refused', async (t) => {
  const { provider, bucket, root } = await folderWith(t, { 'a.txt': 0o644, 'locked/': 0o711, 'locked/file': 0o644 });
  await chmod(root, 0o755);
  await asNobody(async () => {
    if (process.getuid?.() !== 0) await chmod(join(root, 'locked'), 0o111);
    await assert.rejects(list({ provider, bucket }), coded('access-denied'));
    const evidence = await provider.collectExposure(bucket);
    assert.ok(evidence.provider === 'filesystem');
    assert.deepEqual(evidence.worldReadable, {
      state: 'refused',
      call: 'lstat',
      reason: 'EACCES',
      permission: 'read and search permission on every folder',
    });
  });
  await chmod(join(root, 'locked'), 0o711);
});

test('a file that cannot be read is listed and refused when it is opened', async (t) => {
  const { provider, bucket, root } = await folderWith(t, { 'private.txt': 0o000 });
  await chmod(root, 0o755);
  await asNobody(async () => {
    const [object] = await list({ provider, bucket });
    assert.ok(object !== undefined);
    await assert.rejects(provider.openObject(object), coded('access-denied'));
  });
});

test('a link to a file elsewhere counts with the mode of that file, when others can come to it', async (t) => {
  const { provider, bucket, root } = await folderWith(t, { 'inside.txt': 0o644 });
  const outside = await folderWith(t, { 'open.txt': 0o644, 'closed/': 0o700, 'closed/open.txt': 0o666 });
  await symlink('inside.txt', join(root, 'again'));
  await symlink(join(outside.root, 'open.txt'), join(root, 'link'));
  await symlink(join(outside.root, 'closed', 'open.txt'), join(root, 'unreachable'));
  await symlink(outside.root, join(root, 'folder'));
  const evidence = await provider.collectExposure(bucket);
  assert.ok(evidence.provider === 'filesystem');
  assert.deepEqual(evidence.worldReadable, {
    state: 'known',
    value: { count: 2, examples: ['inside.txt', 'link'] },
  });
  assert.deepEqual(evidence.worldWritable, { state: 'known', value: { count: 0, examples: [] } });
});

test('of a single file it is the file that counts, and not what lies beside it', async (t) => {
  const { provider, root } = await folderWith(t, { 'private.txt': 0o600, 'open.txt': 0o644, 'other.txt': 0o666 });
  const ask = async (name: string) => {
    const target = parseTarget(name, root);
    const evidence = await provider.collectExposure(target.bucket, [target]);
    assert.ok(evidence.provider === 'filesystem');
    assert.ok(evidence.worldReadable.state === 'known' && evidence.worldWritable.state === 'known');
    return [evidence.path, evidence.worldReadable.value?.examples, evidence.worldWritable.value?.examples];
  };
  assert.deepEqual(await ask('private.txt'), [join(root, 'private.txt'), [], []]);
  assert.deepEqual(await ask('open.txt'), [join(root, 'open.txt'), ['open.txt'], []]);
  assert.deepEqual(await ask('{open,private}.txt'), [root, ['open.txt'], []]);
  assert.deepEqual(await ask('o*'), [root, ['open.txt', 'other.txt'], ['other.txt']]);
  await chmod(root, 0o1733);
  assert.deepEqual(await ask('open.txt'), [join(root, 'open.txt'), ['open.txt'], []]);
  await chmod(root, 0o733);
  assert.deepEqual(await ask('private.txt'), [join(root, 'private.txt'), [], ['./']]);
  await chmod(root, 0o700);
  assert.deepEqual(await ask('open.txt'), [join(root, 'open.txt'), [], []]);
});

test('a single file beside a whole folder does not narrow it', async (t) => {
  const { provider, bucket, root } = await folderWith(t, { 'private.txt': 0o600, 'open.txt': 0o644 });
  const targets = [parseTarget('private.txt', root), parseTarget('.', root)];
  assert.deepEqual(await provider.collectExposure(bucket, targets), await provider.collectExposure(bucket));
});
