/** A bucket policy as its statements say, with nothing judged yet. */
export interface Policy {
  /** Only `2012-10-17` has policy variables; in older versions `${…}` is literal text. */
  hasVariables: boolean;
  statements: Statement[];
  /** Parts that do not follow the grammar: what they grant is not known. */
  problems: string[];
}
export interface Statement {
  index: number;
  sid: string | null;
  effect: 'Allow' | 'Deny';
  principals: PrincipalElement | null;
  actions: { patterns: string[]; isNot: boolean };
  resources: { patterns: string[]; isNot: boolean };
  conditions: Condition[];
}
export interface PrincipalElement {
  /** `AWS` also for the bare `"*"`; else `Service`, `Federated`, `CanonicalUser`. */
  entries: { type: string; text: string }[];
  isNot: boolean;
}
export interface Condition {
  /** As written. */
  operator: string;
  /** In lower case: keys have no case. */
  key: string;
  values: string[];
}

/** Reads the parsed JSON (or the JSON text) of a policy document. Null when it is no policy at all. */
export function parsePolicy(document: unknown): Policy | null {
  const root = typeof document === 'string' ? parseJson(document) : document;
  if (!isRecord(root)) return null;
  const policy: Policy = { hasVariables: root.Version === '2012-10-17', statements: [], problems: [] };
  const list = Array.isArray(root.Statement) ? root.Statement : root.Statement === undefined ? [] : [root.Statement];
  list.forEach((entry: unknown, index) => {
    const statement = isRecord(entry) ? parseStatement(entry, index) : null;
    if (statement) policy.statements.push(statement);
    else policy.problems.push(`statement ${index} is not a statement`);
  });
  return policy;
}

function parseStatement(entry: Record<string, unknown>, index: number): Statement | null {
  if (entry.Effect !== 'Allow' && entry.Effect !== 'Deny') return null;
  return {
    index,
    sid: typeof entry.Sid === 'string' && entry.Sid !== '' ? entry.Sid : null,
    effect: entry.Effect,
    principals: parsePrincipals(entry),
    actions: actionsOf(entry),
    resources: eitherList(entry, 'Resource', 'NotResource'),
    conditions: parseConditions(entry.Condition),
  };
}

function parsePrincipals(entry: Record<string, unknown>): PrincipalElement | null {
  const isNot = entry.NotPrincipal !== undefined;
  const element = entry.Principal ?? entry.NotPrincipal;
  if (typeof element === 'string' || Array.isArray(element)) {
    return { entries: strings(element).map((text) => ({ type: 'AWS', text })), isNot };
  }
  if (!isRecord(element)) return null;
  const entries = Object.entries(element).flatMap(([type, value]) => strings(value).map((text) => ({ type, text })));
  return { entries, isNot };
}

function parseConditions(block: unknown): Condition[] {
  if (!isRecord(block)) return [];
  return Object.entries(block).flatMap(([operator, keys]) =>
    isRecord(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: strings(values) }))
      : [],
  );
}

/** AWS refuses a statement without actions; met in a file it may mean any. */
function actionsOf(entry: Record<string, unknown>): Statement['actions'] {
  if (entry.Action === undefined && entry.NotAction === undefined) return { patterns: ['*'], isNot: false };
  return eitherList(entry, 'Action', 'NotAction');
}

function eitherList(entry: Record<string, unknown>, name: string, notName: string) {
  const isNot = entry[name] === undefined && entry[notName] !== undefined;
  return { patterns: strings(isNot ? entry[notName] : entry[name]), isNot };
}

function strings(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => ['string', 'number', 'boolean'].includes(typeof item)).map(String);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
