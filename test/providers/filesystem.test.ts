import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { BucketRef } from '../../src/model/object.ts';
import { directoryEntries } from '../../src/providers/directory-slice.ts';
import { openProvider } from '../../src/providers/open-provider.ts';
import type { Provider } from '../../src/providers/provider.ts';
import {
  CONTRACT,
  type ContractBucket,
  coded,
  gather,
  HOSTILE_KEYS,
  keysOf,
  list,
  listPages,
  readAll,
} from './contract.ts';

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-files-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function makeFolder(t: TestContext): Promise<ContractBucket> {
  const root = await temporaryFolder(t);
  return {
    provider: await openProvider('filesystem'),
    bucket: folderRef(root),
    missing: folderRef(join(root, 'missing')),
    async put(key, bytes) {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, key), bytes);
    },
    remove: (key) => rm(join(root, key)),
    keys: HOSTILE_KEYS,
    pageOverflow: 2100,
  };
}

function folderRef(path: string): BucketRef {
  return { provider: 'filesystem', uri: `file://${path}`, name: path };
}

async function emptyFolder(t: TestContext): Promise<{ root: string; provider: Provider; bucket: BucketRef }> {
  const root = await temporaryFolder(t);
  return { root, provider: await openProvider('filesystem'), bucket: folderRef(root) };
}

for (const [title, run] of Object.entries(CONTRACT)) {
  test(`filesystem ${title}`, (t) => run(() => makeFolder(t), t));
}

test('any tree of names is listed in the order of its whole keys and continues after any of them', async (t) => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '-', '.', '0', '!', 'é', '\u{FFFD}', '😀'),
    minLength: 1,
    maxLength: 3,
  });
  const safe = name.filter((one) => one !== '.' && one !== '..');
  const key = fc.array(safe, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), async (keys) => {
      const { root, ...one } = await emptyFolder(t);
      const kept: string[] = [];
      for (const path of keys) {
        // A name is a file or a folder, not both.
        const isTaken = kept.some(
          (other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
        );
        if (isTaken) continue;
        kept.push(path);
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), path);
      }
      const sorted = kept.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
      assert.deepEqual(keysOf(await list(one)), sorted);
      for (const [at, cursor] of sorted.entries()) {
        const rest = (await listPages(one, {}, cursor)).flatMap(({ objects }) => keysOf(objects));
        assert.deepEqual(rest, sorted.slice(at + 1));
      }
    }),
    { numRuns: 30 },
  );
});

test('a directory larger than one slice is given whole and in order', async (t) => {
  const { root } = await emptyFolder(t);
  const names = Array.from({ length: 57 }, (_unused, at) => `n${String((at * 23) % 57).padStart(2, '0')}`);
  for (const name of names) await writeFile(join(root, name), '');
  for (const slice of [1, 2, 10, 28, 57, 100]) {
    const entries = await gather(directoryEntries(Buffer.from(root), Buffer.alloc(0), () => true, slice));
    assert.deepEqual(
      entries.map(({ key }) => key.toString()),
      names.toSorted(),
    );
  }
});

test('links to files inside the folder are followed, links out of it and to folders are not', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const outside = await temporaryFolder(t);
  await writeFile(join(outside, 'secret'), 'outside');
  await mkdir(join(root, 'sub'));
  await writeFile(join(root, 'sub', 'file'), 'inside');
  await symlink('sub/file', join(root, 'link'));
  await symlink(join(outside, 'secret'), join(root, 'out'));
  await symlink(outside, join(root, 'out-folder'));
  await symlink('sub', join(root, 'folder-link'));
  await symlink('.', join(root, 'loop'));
  await symlink('nowhere', join(root, 'dangling'));
  const objects = await list(one);
  assert.deepEqual(keysOf(objects), ['link', 'sub/file']);
  const [link] = objects;
  assert.ok(link !== undefined);
  assert.equal(await readAll(one, link), 'inside');
  const [secret] = await list({ ...one, bucket: folderRef(outside) });
  await assert.rejects(readAll(one, { ...link, version: secret?.version ?? '', key: 'out' }), coded('object-changed'));
  await assert.rejects(readAll(one, { ...link, key: '../x' }), coded('not-found'));
});

test('a root that is itself a link is listed', async (t) => {
  const { root, provider } = await emptyFolder(t);
  await mkdir(join(root, 'real'));
  await writeFile(join(root, 'real', 'file'), 'x');
  await symlink('real', join(root, 'link'));
  assert.deepEqual(keysOf(await list({ provider, bucket: folderRef(join(root, 'link')) })), ['file']);
});

test('sockets are not objects', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const server = createServer().listen(join(root, 'socket'));
  await once(server, 'listening');
  await writeFile(join(root, 'file'), 'x');
  assert.deepEqual(keysOf(await list(one)), ['file']);
  server.close();
});

test('a name that is not UTF-8 is listed but never mistaken for another file', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  await writeFile(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff])]), 'bytes');
  await writeFile(join(root, 'a\u{FFFD}'), 'text');
  await writeFile(join(root, 'aé'), 'after');
  const objects = await list(one);
  assert.deepEqual(keysOf(objects), ['aé', 'a\u{FFFD}', 'a\u{FFFD}']);
  const answers = await Promise.allSettled(objects.map((object) => readAll(one, object)));
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.code)),
    ['after', 'text', 'unaddressable-key'],
  );
});

test('a file written to while it is read is found out', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  await writeFile(join(root, 'grows'), 'first');
  const [object] = await list(one);
  assert.ok(object !== undefined);
  const source = await one.provider.openObject(object);
  assert.equal((await source.read(0, 5)).toString(), 'first');
  await source.verify();
  await writeFile(join(root, 'grows'), 'other');
  await assert.rejects(source.verify(), coded('object-changed'));
  await writeFile(join(root, 'grows'), '');
  await assert.rejects(source.read(0, 5), coded('object-changed'));
  await source.close();
});

test('an error names the folder and not what lies in it', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  await writeFile(join(root, 'jane.doe@example.com'), 'x');
  const [object] = await list(one);
  assert.ok(object !== undefined);
  await rm(join(root, object.key));
  await assert.rejects(one.provider.openObject(object), (error: Error) => {
    assert.ok(error.message.includes(root));
    assert.ok(!`${error.message}${error.cause}${JSON.stringify(error)}`.includes('jane.doe'));
    return true;
  });
});
