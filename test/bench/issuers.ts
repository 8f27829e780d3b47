import type { Detector } from '../../detectors/detector.ts';
import type { IssuerRow } from '../../detectors/issuers.ts';
import { createRandom } from '../../detectors/sample.ts';
import { IssuerTable } from '../../src/scan/issuer-table.ts';
import { Scanner } from '../../src/scan/scanner.ts';

const SHAPES = ['alnum32', 'hex32', 'lalnum40', 'hex64', 'b64url43', 'uuid', 'alnum20', '[0-9a-z-]36'];

/** A scanner whose table has these rows: the first `count` of what there is, then made-up ones. */
export function scannerWithIssuers(
  detectors: readonly Detector[],
  key: Buffer,
  count: number,
  known: readonly IssuerRow[],
): Scanner {
  return new IssuerScanner(detectors, key, [...known, ...madeUp(count - known.length)].slice(0, count));
}

class IssuerScanner extends Scanner {
  constructor(detectors: readonly Detector[], key: Buffer, rows: readonly IssuerRow[]) {
    super(detectors, key);
    if (this.set.issuers !== null) this.set.issuers.table = new IssuerTable(rows);
  }
}

/** Of ten rows, seven are known by a word, one by a word and a beginning, two by the beginning alone. */
function madeUp(count: number): IssuerRow[] {
  const random = createRandom('issuers');
  return Array.from({ length: Math.max(0, count) }, (_, at) => {
    const issuer = `${random.chars('lower', 6 + random.int(5))}`;
    const kind = at % 10;
    const shape = random.pick(SHAPES);
    return {
      issuer,
      context: kind < 7 ? 'word' : kind < 8 ? 'weak' : 'prefix',
      words: [issuer],
      shape: kind < 7 ? shape : `'${issuer.slice(0, 4)}_' ${shape}`,
      severity: 'medium',
      seen: 1,
    };
  });
}
