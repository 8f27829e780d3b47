/**
 * What to look for, as data. A detector is one object in a file of `secrets/`, `keys/` or `pii/`; a file's default export
 * is one detector or an array of them. Nothing else has to be edited to add one: `catalog.ts` loads every file.
 */
export interface Detector {
  /** Stable kebab-case id, `github-personal-access-token`. */
  id: string;
  /** For people: `GitHub personal access token (classic)`. */
  name: string;
  /** Secrets and keys: the issuer (vocabulary: lower case, no spaces). Personal data: absent. */
  issuer?: string;
  /** Personal data: UPPER_SNAKE entity of the vocabulary. Secrets: absent. Exactly one of the two is set. */
  entity?: string;
  category: 'secret' | 'key' | 'contact' | 'pii' | 'phi' | 'pci' | 'business';
  severity: 'low' | 'medium' | 'high' | 'critical';
  level: 'none' | 'internal' | 'confidential' | 'restricted';
  /** What to do about a finding, one imperative sentence. */
  fix: string;
  /** Where the shape is documented: standard and clause, or the vendor's page. */
  source?: string;
  /** Finds candidates in the one trigger pass. At least one. */
  triggers: Trigger[];
  /**
   * RE2 syntax, no flags, ASCII classes written out (`[0-9A-Za-z]`, not `\w`). Tried on the candidate's slice only.
   * The value is the group `(?P<value>…)` when there is one, else the whole match. May be absent when every trigger is
   * `digits`, `number` or `table`: then the token is the value. No `^`, `$`, `\b`: `at` and `edges` say where a match may stand.
   */
  pattern?: string;
  /**
   * Does what the pattern does for the match around a trigger `at: 'inside'`, without it: for what whole columns and files
   * are made of, where calling RE2 costs more than all the rest. Pure; a test holds the two together.
   */
  find?: FindMatch;
  /** The same for a match that starts at its trigger, groups included. */
  matchAt?: MatchAt;
  /** Longest match in bytes, context groups included. At most 16384. */
  maxLength: number;
  /**
   * Which bytes may not stand directly before or after the *value*. `word` (default): letters, digits, `_`.
   * `token`: word and `-`. `base64`: word and `+/-`, on the right also `=`. `number`: word, and a `.` or `-` with a digit on its other side (a comma parts CSV cells).
   * `mailbox`: word, and the `//` or `//user:` of a URL. `none`: anything may. An escape such as `\n`, `\"`, `\u0022`, `%3D` directly before the value always is an edge.
   */
  edges?: Edge | { left: Edge; right: Edge };
  /** Exact check of the value; may know more than the shape. Pure. The pattern's groups are made for those that declare the second parameter. */
  validate?: (value: string, groups: Readonly<Record<string, string | undefined>>) => Verdict | null;
  /**
   * What `validate` says of values that are digits alone, of the lengths that the triggers have, from their bytes: columns full of numbers
   * are asked about by a dozen detectors. Pure; a test holds the two together.
   */
  validateDigits?: ValidateDigits;
  /**
   * Counts plain values of a column that is full of them without `pattern` and `validate`, which are asked about all others. A
   * test holds that both say the same. Of plain values `validate` adds the same `bits` to those of one length.
   */
  counter?: Counter;
  /**
   * log2 odds that a match (shape and validator passed, no context) is what it claims to be. P = 1 / (1 + 2^-bits):
   * 0 → 0.5, 0.585 → 0.6 (likely), 4.25 → 0.95 (confirmed), 7 → 0.992. For checksum ids: -log2(randomPass) - 10.
   */
  bits: number;
  /** Probability that a random string of the shape passes `validate`; 1 without one. Used by the column test. */
  randomPass?: number;
  context?: Context;
  /** Values that must be found, as shapes (see `sample.ts`) or builders; expanded at run time so that no live-looking literal is committed. */
  examples: Example[];
  /** Texts that must stay silent (nothing of this detector, or only suppressed or `possible`), keyed by the reason. One per check in pattern and validator. */
  counterExamples: Record<string, Example>;
}

/**
 * Whether a match stands around the trigger that begins at `at`: within bytes [from, to), starting at or before it, and
 * the leftmost as RE2 has it. `span` is set when there is one; the value is the match.
 */
export type FindMatch = (
  bytes: Uint8Array,
  at: number,
  from: number,
  to: number,
  span: { start: number; end: number },
) => boolean;

/** Whether a match starts at `start` and ends at or before `limit`, as RE2 has it; sets `found` when there is one. */
export type MatchAt = (bytes: Buffer, start: number, limit: number, found: FoundMatch) => boolean;

/** Offsets in the buffer, ends exclusive, and the named groups but `value`. */
export interface FoundMatch {
  start: number;
  end: number;
  valueStart: number;
  valueEnd: number;
  groups: Readonly<Record<string, string | undefined>>;
}

/**
 * Of the ASCII digits [start, end): 0 is none; 1 and 2 are accepted, all of one length and answer with the same `bits` and the digits as
 * canonical form; -1 leaves it to `validate`, which suppresses some.
 */
export type ValidateDigits = (text: Uint8Array, start: number, end: number) => -1 | 0 | 1 | 2;

/** What a kernel in `src/scan` must know to count one kind of value; of each kind there is one detector. */
export type Counter =
  | {
      kind: 'mailbox';
      /** Last labels that make it one, in lower case. */
      domains: Iterable<string>;
      /** Local parts and labels before the last one by whose end `validate` is asked. In lower case; the last 8 characters count. */
      leftUsers: readonly string[];
      leftLabels: readonly string[];
    }
  | {
      /** 16 to 19 digits with a valid check digit (ISO/IEC 7812-1 annex B). */
      kind: 'card';
      /** Whether a number of so many digits may begin with these four. */
      isStart: (prefix: string, digits: number) => boolean;
      /** Numbers about which `validate` is asked. */
      left: readonly string[];
    };

export type Edge = 'word' | 'token' | 'base64' | 'number' | 'none' | 'mailbox';

export type Trigger =
  /** Fixed text of 3 or more bytes (1 or 2 only when rare, such as `@`). `fold`: ASCII case ignored. */
  | ({ literal: string; fold?: boolean; at?: TriggerPlace } & Nearby)
  /** Short byte classes: `9` digit, `h` hex digit, `A` upper-case letter, `a` lower-case letter; any other byte is itself. 3 to 12 bytes. */
  | ({ sequence: string; at?: TriggerPlace } & Nearby)
  /**
   * Whole digit groups: `999-99-9999`, `1-999-999-9999` (`9` any digit, others themselves); `#` is one to three digits (`#.#.#.#`); any other byte must be equal.
   * The value is the matched text. Digits may not adjoin on either side.
   */
  | { digits: string[] }
  /** A number token (digits with single separators ` `, `-`, `.`, `/`, `(`, `)`, optional leading `+` or `(`) of min..max digits. The token is the slice. */
  | { number: { min: number; max: number; needs?: 'plus-or-separator' } }
  /** A run of 12 or more letters, digits, `_` and `-` with a digit, which a row of `issuers.tsv` recognises by its beginning or by the words around it. */
  | { table: 'issuers' };

/**
 * Bytes that must stand near a trigger, as classes between the brackets of a pattern (`A-Za-z0-9_`, `^ "`, `\x00-\x20`):
 * looked at before the pattern, which costs a hundred times more. Needed where a trigger is common in code or prose.
 */
export interface Nearby {
  /** The byte directly before, or directly after. */
  before?: string;
  after?: string;
  /** Going on from the trigger over bytes of `through`, a byte of `meets` comes within so many bytes. */
  ahead?: { through: string; meets: string; within: number };
  /** All bytes that a match may hold: the pattern is asked about the run of them around the trigger only. */
  run?: string;
}

/** `start` (default): the match starts at the trigger. `inside`: it may start up to maxLength before it. */
export type TriggerPlace = 'start' | 'inside';

export interface Verdict {
  /** Offline checks by name, shown in findings. */
  checks: { name: string; passed: boolean }[];
  /** Added to `bits`: + for a passed check that random text would fail, - for a failing one. */
  bits?: number;
  /** Reason not to report: `placeholder`, `documentation-value`, `public-by-design`, `expired` … Counted by reason, never silently dropped. */
  suppressed?: string;
  severity?: 'low' | 'medium' | 'high' | 'critical';
  issuer?: string;
  /** Canonical form for the fingerprint (digits only, lower-cased domain …); default is the value itself. */
  normalized?: string;
}

export interface Context {
  /** Whole-token, case-insensitive words within 50 characters on either side of the value: +7 bits, once. */
  strong?: string[];
  /** As `strong`, +3 bits. */
  weak?: string[];
  /** Words that make it something else when nearby (`isbn`, `order`): -7 bits. */
  against?: string[];
  /** Column or key names (normalised: lower case, words joined by `_`): equal +10 bits, contained as whole words +5. */
  columns?: string[];
  /** Column names that speak against it: -10 bits. */
  columnsAgainst?: string[];
  /** Without a strong word, a weak word or a column name there is no finding at all. */
  required?: boolean;
}

/** A sample shape (`'ghp_' base62:36`, see `sample.ts`) or a function of a seeded generator giving the text around and the value. */
export type Example = string | ((random: Random) => string);

/** Seeded generator, see `sample.ts`. */
export interface Random {
  /** Integer in [0, n). */
  int(n: number): number;
  pick<T>(items: readonly T[]): T;
  /** `count` characters of an alphabet. */
  chars(alphabet: string, count: number): string;
}
