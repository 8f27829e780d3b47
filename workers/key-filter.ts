import picomatch from 'picomatch';

/**
 * Whether `--include` and `--exclude` let a key be read. A pattern without a slash is held against the last segment of
 * the key, any other against the whole key.
 */
export function createKeyFilter(include: string[], exclude: string[]): (key: string) => boolean {
  const included = include.map(matcher);
  const excluded = exclude.map(matcher);
  return (key) =>
    (included.length === 0 || included.some((matches) => matches(key))) && !excluded.some((matches) => matches(key));
}

function matcher(pattern: string): (key: string) => boolean {
  // Keys may hold line breaks, hence the flag `s`.
  return picomatch(pattern, { dot: true, basename: !pattern.includes('/'), flags: 's' });
}
