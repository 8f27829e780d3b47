import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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
import { asNobody } from './nobody.ts';

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

test('a link to a file is listed and read wherever the file lies', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const outside = await temporaryFolder(t);
  await mkdir(join(root, 'sub'));
  await writeFile(join(root, 'sub', 'file'), 'inside');
  await writeFile(join(outside, 'blob'), 'outside');
  await symlink('sub/file', join(root, 'link'));
  await symlink(join(outside, 'blob'), join(outside, 'again'));
  await symlink(join(outside, 'again'), join(root, 'out'));
  const objects = await list(one);
  assert.deepEqual(keysOf(objects), ['link', 'out', 'sub/file']);
  const bodies = await Promise.all(objects.map((object) => readAll(one, object)));
  assert.deepEqual(bodies, ['inside', 'outside', 'inside']);
});

test('a link that leads to another file after it was listed is not read', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const outside = await temporaryFolder(t);
  await writeFile(join(root, 'file'), 'same');
  await writeFile(join(outside, 'file'), 'same');
  await symlink('file', join(root, 'link'));
  const link = (await list(one)).find(({ key }) => key === 'link');
  assert.ok(link !== undefined);
  await rm(join(root, 'link'));
  await symlink(join(outside, 'file'), join(root, 'link'));
  await assert.rejects(readAll(one, link), coded('object-changed'));
  await assert.rejects(readAll(one, { ...link, key: '../x' }), coded('not-found'));
});

test('a link to a folder elsewhere is listed as not readable, one to a folder inside is not listed again', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const outside = await temporaryFolder(t);
  await writeFile(join(outside, 'file'), 'outside');
  await mkdir(join(root, 'sub'));
  await writeFile(join(root, 'sub', 'file'), 'inside');
  await symlink('sub', join(root, 'sub-again'));
  await symlink('../sub', join(root, 'sub', 'itself'));
  await symlink('.', join(root, 'root'));
  await symlink(outside, join(root, 'sub', 'out'));
  await symlink('..', join(root, 'up'));
  assert.deepEqual(
    (await list(one)).map(({ key, byteLength, skip }) => [key, byteLength, skip]),
    [
      ['sub/file', 6, undefined],
      ['sub/out', 0, 'unsupported'],
      ['up', 0, 'unsupported'],
    ],
  );
});

test('a glob counts a folder elsewhere when what it would match may lie in it', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const outside = await temporaryFolder(t);
  await mkdir(join(root, 'a'));
  await symlink(outside, join(root, 'link'));
  await symlink(outside, join(root, 'a', 'deep'));
  for (const [glob, keys] of Object.entries({
    '*.txt': [],
    '*/x.txt': ['link'],
    'b*/x.txt': [],
    'a/*/x.txt': ['a/deep'],
    '**/*.txt': ['a/deep', 'link'],
  })) {
    assert.deepEqual(keysOf(await list(one, { glob })), keys, glob);
  }
});

test('links to nothing, to each other and to themselves hold no data and hang nothing', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  await symlink('nowhere', join(root, 'dangling'));
  await symlink('file/below', join(root, 'below-a-file'));
  await symlink('itself', join(root, 'itself'));
  await symlink('pong', join(root, 'ping'));
  await symlink('ping', join(root, 'pong'));
  await writeFile(join(root, 'file'), 'x');
  assert.deepEqual(keysOf(await list(one)), ['file']);
});

test('a link to where the caller may not look is listed and refused when it is opened', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const outside = await temporaryFolder(t);
  await mkdir(join(outside, 'locked'));
  await writeFile(join(outside, 'locked', 'file'), 'x');
  await symlink(join(outside, 'locked', 'file'), join(root, 'link'));
  await chmod(root, 0o755);
  await chmod(outside, 0o755);
  await chmod(join(outside, 'locked'), 0o000);
  await asNobody(async () => {
    const [link] = await list(one);
    assert.ok(link !== undefined);
    assert.deepEqual([link.key, link.byteLength, link.skip], ['link', 0, undefined]);
    await assert.rejects(readAll(one, link), coded('access-denied'));
  });
  await chmod(join(outside, 'locked'), 0o700);
});

test('a root that is itself a link is listed', async (t) => {
  const { root, provider } = await emptyFolder(t);
  await mkdir(join(root, 'real'));
  await writeFile(join(root, 'real', 'file'), 'x');
  await symlink('real', join(root, 'link'));
  assert.deepEqual(keysOf(await list({ provider, bucket: folderRef(join(root, 'link')) })), ['file']);
});

test('sockets, pipes and devices are not objects, nor are links to them', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  const server = createServer().listen(join(root, 'socket'));
  await once(server, 'listening');
  execFileSync('mkfifo', [join(root, 'pipe')]);
  for (const name of ['socket', 'pipe', '/dev/null', '/dev/zero'])
    await symlink(name, join(root, `to-${basename(name)}`));
  await writeFile(join(root, 'file'), 'x');
  assert.deepEqual(keysOf(await list(one)), ['file']);
  server.close();
});

test('a pipe put in the place of a listed file is never waited for', async (t) => {
  const { root, ...one } = await emptyFolder(t);
  await writeFile(join(root, 'file'), 'x');
  const [object] = await list(one);
  assert.ok(object !== undefined);
  await rm(join(root, 'file'));
  execFileSync('mkfifo', [join(root, 'file')]);
  await assert.rejects(readAll(one, object), coded('object-changed'));
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
