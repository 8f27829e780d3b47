/**
 * Answers single requests the way IAM evaluates them (IAM user guide, "Policy evaluation logic" and "Condition operators"),
 * one caller at a time and without any notion of "public": what the evaluator says of everybody is held against it.
 */
import type { Draft } from './evidence.ts';

export interface Caller {
  /** Null: the request is not signed. */
  arn: string | null;
  account: string | null;
  /** Keys in lower case; an absent key is not in the request. */
  context: Record<string, string[]>;
}
export interface Request {
  caller: Caller;
  action: string;
  /** ARN of the bucket or the object. */
  resource: string;
}

/** Does the policy alone let the request through? */
export function isAllowed(statements: readonly Draft[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

function applies(statement: Draft, { caller, action, resource }: Request): boolean {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const isNamed = NotPrincipal === undefined ? names(Principal, caller) : !names(NotPrincipal, caller);
  const isAction =
    NotAction === undefined
      ? list(Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()))
      : !list(NotAction).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()));
  const isResource =
    NotResource === undefined
      ? list(Resource).some((pattern) => like(pattern, resource))
      : !list(NotResource).some((pattern) => like(pattern, resource));
  return isNamed && isAction && isResource && meets(Condition, caller.context);
}

function names(element: unknown, { arn, account }: Caller): boolean {
  const entries = typeof element === 'object' && element !== null ? list((element as Draft).AWS) : list(element);
  return entries.some(
    (entry) =>
      entry === '*' ||
      entry === arn ||
      entry === account ||
      (account !== null && entry === `arn:aws:iam::${account}:root`),
  );
}

function meets(condition: unknown, context: Record<string, string[]>): boolean {
  return Object.entries((condition ?? {}) as Record<string, Draft>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, context[key.toLowerCase()] ?? [], list(values))),
  );
}

function holds(operator: string, given: readonly string[], values: readonly string[]): boolean {
  const [, set = '', base = '', ifExists = ''] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (base === 'Null') return values.some((value) => (value === 'true') === (given.length === 0));
  if (given.length === 0) {
    if (ifExists !== '' || set === 'ForAllValues') return true;
    return set === 'ForAnyValue' ? false : /Not/.test(base);
  }
  const isNegated = /Not/.test(base);
  const positive = base.replace('Not', '');
  const one = (text: string) => values.some((value) => compare(positive, value, text)) !== isNegated;
  return set === 'ForAllValues' ? given.every(one) : given.some(one);
}

function compare(operator: string, value: string, text: string): boolean {
  switch (operator) {
    case 'StringEquals':
      return value === text;
    case 'StringEqualsIgnoreCase':
      return value.toLowerCase() === text.toLowerCase();
    case 'Bool':
      return value.toLowerCase() === text.toLowerCase();
    case 'StringLike':
      return like(value, text);
    case 'ArnEquals':
    case 'ArnLike': {
      if (value === '*') return true;
      const arn = fields(text);
      return fields(value).every((part, index) => like(part, arn[index] ?? ''));
    }
    case 'IpAddress':
      return inRange(value, text);
    default:
      throw new Error(`operator ${operator}`);
  }
}

/** The six fields of an ARN; the last may hold colons. */
function fields(arn: string): string[] {
  const parts = arn.split(':');
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ''), parts.slice(5).join(':')];
}

function inRange(range: string, address: string): boolean {
  const [base = '', bits] = range.split('/');
  if (base.includes(':') !== address.includes(':')) return false;
  const width = base.includes(':') ? 128n : 32n;
  const shift = width - BigInt(bits ?? width);
  return number(base) >> shift === number(address) >> shift;
}

function number(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail = ''] = address.split('::');
  const words = (text: string) => text.split(':').filter((word) => word !== '');
  const zeros = Array<string>(8 - words(head).length - words(tail).length).fill('0');
  return [...words(head), ...zeros, ...words(tail)].reduce((sum, word) => sum * 65_536n + BigInt(`0x${word}`), 0n);
}

const compiled = new Map<string, RegExp>();

function like(pattern: string, text: string): boolean {
  const kept = compiled.get(pattern);
  if (kept !== undefined) return kept.test(text);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  compiled.set(pattern, new RegExp(`^${source}$`, 's'));
  return like(pattern, text);
}

function list(given: unknown): string[] {
  return (Array.isArray(given) ? given : [given]).filter((one) => one !== undefined).map(String);
}
