/** Children a node may have, by its depth: more are folded into it. The deepest nodes have none. */
const MAX_CHILDREN: readonly number[] = [48, 8, 0];

/** What is kept at a node, for all objects of its folder, or of everything below it when its children were folded. */
export interface Mergeable<T> {
  merge(other: T): void;
}

export interface PrefixNode<T> {
  /** The longest folder path that all objects below share: '' or with a slash at its end. */
  prefix: string;
  data: T;
  isFolded: boolean;
  /** By the first part of the path below `prefix`. */
  children: Map<string, PrefixNode<T>>;
}

/**
 * The folders of keys as a tree of at most some hundred nodes. A chain of folders without siblings is one node, and where
 * there are too many siblings they are one. What it holds in the end depends on the set of keys alone: a node's depth
 * and number of children only grow, so that what was folded once would be folded in any order.
 */
export class PrefixTree<T extends Mergeable<T>> {
  private root: PrefixNode<T> | null = null;
  private readonly create: () => T;
  private lastFolder: string | null = null;
  private last: T | null = null;

  constructor(create: () => T) {
    this.create = create;
  }

  /** Where this key counts, until the next call. */
  at(key: string): T {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    if (this.last !== null && folder === this.lastFolder) return this.last;
    this.root ??= this.node(folder);
    const [root, data] = this.insert(this.root, folder, 0);
    this.root = root;
    this.lastFolder = folder;
    this.last = data;
    return data;
  }

  top(): PrefixNode<T> | null {
    return this.root;
  }

  private node(prefix: string): PrefixNode<T> {
    return { prefix, data: this.create(), isFolded: false, children: new Map() };
  }

  /** The node that stands in the place of this one afterwards, and the data of the folder. */
  private insert(node: PrefixNode<T>, folder: string, depth: number): [PrefixNode<T>, T] {
    const limit = MAX_CHILDREN[depth] ?? 0;
    if (!folder.startsWith(node.prefix)) {
      const shared = sharedFolder(node.prefix, folder);
      if (limit === 0) {
        node.prefix = shared;
        node.isFolded = true;
        return [node, node.data];
      }
      const parent = this.node(shared);
      parent.children.set(nextPart(node.prefix, shared), node);
      fold(node, depth + 1);
      return this.insert(parent, folder, depth);
    }
    if (node.isFolded || folder === node.prefix) return [node, node.data];
    const part = nextPart(folder, node.prefix);
    const child = node.children.get(part);
    if (child === undefined && node.children.size === limit) {
      foldAll(node);
      return [node, node.data];
    }
    const [replaced, data] = this.insert(child ?? this.node(folder), folder, depth + 1);
    node.children.set(part, replaced);
    return [node, data];
  }
}

/** Folds what is too deep or too wide at this depth. */
function fold<T extends Mergeable<T>>(node: PrefixNode<T>, depth: number): void {
  if (node.children.size > (MAX_CHILDREN[depth] ?? 0)) foldAll(node);
  else for (const child of node.children.values()) fold(child, depth + 1);
}

function foldAll<T extends Mergeable<T>>(node: PrefixNode<T>): void {
  for (const child of node.children.values()) {
    foldAll(child);
    node.data.merge(child.data);
  }
  node.children.clear();
  node.isFolded = true;
}

function nextPart(folder: string, prefix: string): string {
  return folder.slice(prefix.length, folder.indexOf('/', prefix.length) + 1);
}

/** The folders that both paths begin with. */
function sharedFolder(left: string, right: string): string {
  let end = 0;
  for (let at = 0; at < left.length && left[at] === right[at]; at++) if (left[at] === '/') end = at + 1;
  return left.slice(0, end);
}
