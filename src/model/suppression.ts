/** An accepted finding: until it expires it does not count for `--fail-on`. */
export interface Suppression {
  fingerprint: string;
  /** URI of a bucket, folder or object as reports show it; '' for everywhere. */
  scope: string;
  reason: string;
  /** Who answers for it. */
  owner: string;
  /** Who typed it: user and machine. */
  addedBy: string;
  /** RFC 3339, as all times here. */
  addedAt: string;
  /** From this moment on it counts again. */
  expiresAt: string;
}

/** Whether the object is the scope or stands below it. A scope ends where a name ends: `s3://a/b` is not above `s3://a/bc`. */
export function isInScope(scope: string, objectUri: string): boolean {
  return scope === '' || objectUri === scope || objectUri.startsWith(scope.endsWith('/') ? scope : `${scope}/`);
}
