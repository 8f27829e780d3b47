import picomatch from 'picomatch';

/** Whether a key belongs to a target with this glob; absent: every key does. `*` stays within one `/`, `**` does not. */
export function keyMatcher(glob: string | undefined): (key: string) => boolean {
  if (glob === undefined) return () => true;
  // Keys may hold line breaks, hence the flag `s`; a name that starts with a dot is data like any other.
  return picomatch(glob, { dot: true, flags: 's', nonegate: true });
}

/** Whether keys below a folder can belong to a target with this glob; true where the glob alone does not say it. */
export function folderMatcher(glob: string | undefined): (folder: string) => boolean {
  if (glob === undefined || isDeep(glob)) return () => true;
  const parts = glob.split('/');
  return (folder) => {
    const depth = folder.split('/').length;
    return depth < parts.length && keyMatcher(parts.slice(0, depth).join('/'))(folder);
  };
}

/** Slashes a key can have and still match. */
export function depthOf(glob: string | undefined): number {
  return glob === undefined || isDeep(glob) ? Number.POSITIVE_INFINITY : glob.split('/').length - 1;
}

/** Without `**` and alternatives, the slashes of a glob are those of its keys. */
function isDeep(glob: string): boolean {
  return /\*\*|[{(]/.test(glob.replace(/\\./g, ''));
}

/** A glob that matches this one key. Escaped backslashes are folded together by the matcher; a range of one is not. */
export function literalGlob(key: string): string {
  return key.replace(/[\\*?[\]{}()!+@|^$.~"']/g, (sign) => (sign === '\\' ? '[\\x5c-\\x5c]' : `\\${sign}`));
}
