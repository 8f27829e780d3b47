/** Stored bytes of one ranged read; providers cut there too. */
const RANGE_BYTES = 16 * 1024 ** 2;

/** Requests that reading an object to its end takes: one for each range. */
export function readRequests(byteLength: number): number {
  return Math.ceil(byteLength / RANGE_BYTES);
}
