import type { BucketReport, ObjectReport, Report } from '../model/report.ts';

export interface SplitUri {
  bucket: BucketReport | null;
  /** What follows the bucket's URI and its slash; the whole URI when no bucket of the report has it. */
  key: string;
}

/** Finds the bucket that an object's URI stands in: one bucket's URI may begin with another one's. */
export function bucketFinder(buckets: readonly BucketReport[]): (uri: string) => SplitUri {
  const longestFirst = buckets.toSorted((a, b) => b.uri.length - a.uri.length);
  return (uri) => {
    const bucket = longestFirst.find((one) => uri.startsWith(`${one.uri}/`));
    return bucket === undefined ? { bucket: null, key: uri } : { bucket, key: uri.slice(bucket.uri.length + 1) };
  };
}

/** The report's row of each object, by URI. */
export function objectsByUri({ objects }: Report): ReadonlyMap<string, ObjectReport> {
  return new Map(objects.map((object) => [object.uri, object]));
}

/**
 * An object's key as a relative reference (RFC 3986): every segment is percent-encoded, and what would be taken for
 * something else than a name (a dot segment, a slash at the start) is too.
 */
export function encodeKey(key: string): string {
  const segments = key.split('/');
  const names = segments.findIndex((segment) => segment !== '');
  const slashes = names < 0 ? segments.length - 1 : names;
  return '%2F'.repeat(slashes) + segments.slice(slashes).map(encodeSegment).join('/');
}

/** A bucket's URI as the base of such references: `s3://lake/`, `file:///my%20data/`. */
export function encodeBase(uri: string): string {
  const end = uri.indexOf('://') + 3;
  return `${uri.slice(0, end)}${uri.slice(end).split('/').map(encodeSegment).join('/')}/`;
}

/** A lone surrogate has no bytes: it becomes U+FFFD. */
function encodeSegment(segment: string): string {
  if (segment === '.' || segment === '..') return '%2E'.repeat(segment.length);
  return encodeURIComponent(segment.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
}
