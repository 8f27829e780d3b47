import { isRecord } from './policy.ts';

type Statement = Record<string, unknown>;
/** The statement as it should be; `null`: gone. */
export type Edit = { words: string; edited: Statement | null };

/** Stands where a statement was, so that the others keep their numbers: without a principal it grants nothing. */
const GONE: Statement = Object.freeze({ Effect: 'Allow' });

export function statementAt(document: unknown, index: number): Statement | null {
  const found = statements(document)[index];
  return isRecord(found) ? found : null;
}

export function withStatement(document: unknown, index: number, edited: Statement | null): unknown {
  const list = statements(document).map((statement, at) => (at === index ? (edited ?? GONE) : statement));
  return { ...(document as Statement), Statement: list };
}

/** The document to apply; null when no statement is left. */
export function withoutGone(document: unknown): unknown {
  const list = statements(document).filter((statement) => statement !== GONE);
  return list.length === 0 ? null : { ...(document as Statement), Statement: list };
}

/** Without the principals that are everyone (`*`) or belong to these accounts; null when nobody would be left. */
export function withoutPrincipals(statement: Statement, isUnwanted: (text: string) => boolean): Statement | null {
  if (!isRecord(statement.Principal)) return null;
  const kept = Object.entries(statement.Principal).flatMap(([type, texts]) => {
    const left = [texts].flat().filter((text) => typeof text !== 'string' || !isUnwanted(text));
    return left.length === 0 ? [] : [[type, left.length === 1 ? left[0] : left] as const];
  });
  return kept.length === 0 ? null : { ...statement, Principal: Object.fromEntries(kept) };
}

/** Without the condition values that name these accounts; null when a condition would have none left. */
export function withoutValues(statement: Statement, isUnwanted: (text: string) => boolean): Statement | null {
  if (!isRecord(statement.Condition)) return null;
  const block: Record<string, unknown> = {};
  for (const [operator, keys] of Object.entries(statement.Condition)) {
    if (!isRecord(keys)) return null;
    const pairs = Object.entries(keys).map(([key, values]) => {
      const left = [values].flat().filter((value) => typeof value !== 'string' || !isUnwanted(value));
      return [key, left.length === 1 ? left[0] : left] as const;
    });
    if (pairs.some(([, left]) => Array.isArray(left) && left.length === 0)) return null;
    block[operator] = Object.fromEntries(pairs);
  }
  return { ...statement, Condition: block };
}

export function withPrincipal(statement: Statement, account: string): Statement {
  const { NotPrincipal: _, ...rest } = statement;
  return { ...rest, Principal: { AWS: `arn:aws:iam::${account}:root` } };
}

export function withCondition(statement: Statement, key: string, value: string): Statement {
  const block = isRecord(statement.Condition) ? statement.Condition : {};
  const equals = isRecord(block.StringEquals) ? block.StringEquals : {};
  return { ...statement, Condition: { ...block, StringEquals: { ...equals, [key]: value } } };
}

function statements(document: unknown): unknown[] {
  if (!isRecord(document)) return [];
  return Array.isArray(document.Statement) ? document.Statement : [document.Statement];
}
