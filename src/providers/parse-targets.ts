import type { Target } from '../model/object.ts';
import { folderMatcher, literalGlob } from './key-matcher.ts';
import { parseEvery } from './parse-every.ts';
import { isStandardInput, parseTarget } from './parse-target.ts';

/**
 * The targets of one command. A local folder that lies in another one of them, where that one's keys may be, becomes a
 * part of its bucket: the files that both name are then listed, counted and found in once. Throws `AssayError` `usage`.
 */
export function parseTargets(texts: readonly string[], cwd: string, googleParent: string | null = null): Target[] {
  const targets = texts.map((text) => parseEvery(text, googleParent) ?? parseTarget(text, cwd));
  return targets.map((target) => {
    const around = targets
      .filter((outer) => holdsFolder(outer, target))
      .sort((a, b) => a.bucket.name.length - b.bucket.name.length);
    const [outermost] = around;
    return outermost === undefined ? target : partOf(outermost, target);
  });
}

function holdsFolder(outer: Target, inner: Target): boolean {
  if (!isFolder(outer) || !isFolder(inner) || outer.bucket.name === inner.bucket.name) return false;
  const folder = folderIn(outer, inner);
  if (folder === null) return false;
  const mayHold = folder.startsWith(outer.prefix) || outer.prefix.startsWith(`${folder}/`);
  return mayHold && folderMatcher(outer.glob)(folder);
}

function isFolder(target: Target): boolean {
  return target.bucket.provider === 'filesystem' && !isStandardInput(target);
}

/** The key of a folder in the bucket of another one, or null when it does not lie there. */
function folderIn(outer: Target, inner: Target): string | null {
  const root = outer.bucket.name === '/' ? '/' : `${outer.bucket.name}/`;
  return inner.bucket.name.startsWith(root) ? inner.bucket.name.slice(root.length) : null;
}

function partOf(outer: Target, inner: Target): Target {
  const folder = `${folderIn(outer, inner)}/`;
  return {
    text: inner.text,
    bucket: outer.bucket,
    prefix: folder + inner.prefix,
    ...(inner.glob === undefined ? {} : { glob: literalGlob(folder) + inner.glob }),
  };
}
