import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Mergeable, type PrefixNode, PrefixTree } from '../../src/classify/prefix-tree.ts';

class Count implements Mergeable<Count> {
  objects = 0;
  merge({ objects }: Count): void {
    this.objects += objects;
  }
}

function treeOf(keys: readonly string[]): PrefixNode<Count> | null {
  const tree = new PrefixTree(() => new Count());
  for (const key of keys) tree.at(key).objects += 1;
  return tree.top();
}

/** Nodes as lines: prefix, objects of its own, a star when others were folded into it. */
function lines(node: PrefixNode<Count> | null): string[] {
  if (node === null) return [];
  const own = `${node.prefix} ${node.data.objects}${node.isFolded ? '*' : ''}`;
  return [own, ...[...node.children.values()].flatMap(lines).sort()];
}

test('folders are nodes, and a chain of folders without siblings is one', () => {
  const keys = ['lake/raw/db/a.csv', 'lake/raw/db/b.csv', 'lake/open/x/y/c.csv', 'lake/readme.md'];
  assert.deepEqual(lines(treeOf(keys)), ['lake/ 1', 'lake/open/x/y/ 1', 'lake/raw/db/ 2']);
  assert.deepEqual(lines(treeOf(['a/b/c/1', 'a/b/c/2'])), ['a/b/c/ 2']);
  assert.deepEqual(lines(treeOf(['1', '2'])), [' 2']);
  assert.deepEqual(lines(treeOf([])), []);
});

test('too many siblings are one node, and so is what lies too deep', () => {
  const days = Array.from({ length: 100 }, (_unused, day) => `log/day=${day}/part.json`);
  assert.deepEqual(lines(treeOf([...days, 'other/x.json'])), [' 0', 'log/ 100*', 'other/ 1']);
  const deep = ['a/b/c/d/1', 'a/b/c/e/2', 'a/b/f/3', 'a/g/4'];
  assert.deepEqual(lines(treeOf(deep)), ['a/ 0', 'a/b/ 0', 'a/b/c/ 2*', 'a/b/f/ 1', 'a/g/ 1']);
});

test('what a tree holds does not depend on the order of keys', () => {
  const part = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', '');
  const key = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 120 }), fc.infiniteStream(fc.nat()), (keys, random) => {
      const shuffled = keys
        .map((one) => ({ one, at: random.next().value as number }))
        .sort((x, y) => x.at - y.at)
        .map(({ one }) => one);
      assert.deepEqual(lines(treeOf(shuffled)), lines(treeOf(keys)));
      assert.deepEqual(lines(treeOf([...keys].sort())), lines(treeOf(keys)));
    }),
    { numRuns: 300 },
  );
});

test('no object is lost, and a tree stays at some hundred nodes', () => {
  const keys: string[] = [];
  for (let at = 0; at < 60_000; at++) keys.push(`t${at % 40}/u${at % 7}/v${at % 1000}/w${at}/x`);
  const all = lines(treeOf(keys));
  assert.ok(all.length <= 1 + 48 + 48 * 8, `${all.length} nodes`);
  const objects = all.reduce((sum, line) => sum + Number.parseInt(line.split(' ').at(-1) ?? '', 10), 0);
  assert.equal(objects, keys.length);
});
