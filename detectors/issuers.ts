import { readFileSync } from 'node:fs';

/**
 * Credentials that differ from others only by issuer and shape, one row each: `issuers.tsv`. Not patterns of their own but
 * one detector (`secrets/issuer-credential.ts`), so that what a scan costs does not grow with the number of issuers.
 */
export interface IssuerRow {
  issuer: string;
  /** `prefix`: the value says whose it is. `weak`: it nearly does. `word`: only a word of the issuer near it tells. */
  context: 'prefix' | 'weak' | 'word';
  /** Names of the issuer and stems of its variables: lower-case letters and digits alone. */
  words: string[];
  /** See `shape.ts`. */
  shape: string;
  severity: 'low' | 'medium' | 'high' | 'critical';
  /** How many independent lines of tools know the row. */
  seen: number;
}

const CONTEXTS = { n: 'prefix', w: 'weak', r: 'word' } as const;

/** Names that are words of a language: they count only inside the name of a key or as a host. */
export const COMMON_NAMES: ReadonlySet<string> = new Set(
  `abstract aha airship alchemy apollo artsy autopilot axiom beamer box brave browserless bulbul canva carto center chatbot
  cicero clay clockwork close coda column commodities conversion convex copper courier currents cursor cypress daily dandelion debounce
  deputy discord ditto drone duo envoy eraser extractor fixer flat flight float front fulcrum gamma gemini ghost github gitlab
  google gradle graph guardian guru happy harvest here hex hive holiday holistic hop humanity hunter image impala impact
  insights instantly intercom iterable juro kairos kanban lark less line linear live looker loops magic magnetic manifest mercury meta
  mite modal moderation monday mux nasa neutrino nimble noticeable notion open ory paddle parsers partner percy persona ping
  phrase plaid podio poly polar polygon privacy proof prospect pusher ramp raven readme render replicate resend rev riot
  roaring route sanity scale screenshot seam segment semaphore sheet shortcut signal smart smooch sms spaces square stability stable stack store
  storm strava stream streak stripe suite surge swell teams text timezone travel twist unify unleash upstage user vault
  verifier virtual vision visual voice weather wit wiz word work world wrike yahoo zipcode zoom`.split(/\s+/),
);

let rows: readonly IssuerRow[] | undefined;

/** The table, read once. @throws Error for a line it cannot read */
export function issuerRows(): readonly IssuerRow[] {
  rows ??= readFileSync(new URL('issuers.tsv', import.meta.url), 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map(readRow);
  return rows;
}

function readRow(line: string): IssuerRow {
  const [issuer = '', context = '', words = '', shape = '', severity = '', seen = ''] = line.split('\t');
  if (!(context in CONTEXTS) || shape === '') throw new Error(`table of issuers: cannot read the row of ${issuer}`);
  return {
    issuer,
    context: CONTEXTS[context as keyof typeof CONTEXTS],
    words: words.split(',').filter((word) => word !== ''),
    shape,
    severity: severity as IssuerRow['severity'],
    seen: Number(seen),
  };
}
