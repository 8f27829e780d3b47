import picomatch from 'picomatch';

/** Whether a key belongs to a target with this glob; absent: every key does. `*` stays within one `/`, `**` does not. */
export function keyMatcher(glob: string | undefined): (key: string) => boolean {
  if (glob === undefined) return () => true;
  // Keys may hold line breaks, hence the flag `s`; a name that starts with a dot is data like any other.
  return picomatch(glob, { dot: true, flags: 's', nonegate: true });
}

/** A glob that matches this one key. */
export function literalGlob(key: string): string {
  return key.replace(/[\\*?[\]{}()!+@|^$.~"']/g, '\\$&');
}
