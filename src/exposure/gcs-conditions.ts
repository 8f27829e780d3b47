import { type Cel, type Operand, parseCel } from './cel.ts';
import { instantOf } from './instant.ts';

/** Object keys: all of them, or those with one of these beginnings (`isWhole`: that one key). */
type Keys = 'all' | { prefix: string; isWhole: boolean }[];

/** Where a condition may hold. What could not be decided counts as holding: wider than the truth, never narrower. */
interface Extent {
  keys: Keys;
  isExact: boolean;
}

export interface ConditionReach {
  /** Whether it can hold for actions on the bucket itself, such as listing. */
  bucket: boolean;
  /** Patterns of the keys for which it can hold; empty: none. */
  keys: string[];
  isDecided: boolean;
  /** Looks at the time of the request. */
  isTimed: boolean;
}

const NOWHERE: Extent = { keys: [], isExact: true };
const EVERYWHERE: Extent = { keys: 'all', isExact: true };
const MAYBE: Extent = { keys: 'all', isExact: false };
const BUCKETS = 'projects/_/buckets/';

/** What an IAM condition leaves of a binding on this bucket (null: every bucket it names is this one) at this time. */
export function conditionReach(expression: string, bucket: string | null, now: string): ConditionReach {
  const tree = parseCel(expression);
  const isTimed = expression.includes('request.time');
  if (tree === null) return { bucket: true, keys: ['*'], isDecided: false, isTimed };
  const onBucket = extent(tree, { level: 'bucket', bucket, now });
  const onObjects = extent(tree, { level: 'object', bucket, now });
  return {
    bucket: onBucket.keys === 'all' || onBucket.keys.length > 0,
    keys: onObjects.keys === 'all' ? ['*'] : onObjects.keys.map(patternOf),
    isDecided: onBucket.isExact && onObjects.isExact,
    isTimed,
  };
}

/** Scopes are globs without escapes, in which `?` is any one character, a star too. */
function patternOf({ prefix, isWhole }: Key): string {
  return `${prefix.replaceAll('*', '?')}${isWhole ? '' : '*'}`;
}

interface Place {
  level: 'bucket' | 'object';
  bucket: string | null;
  now: string;
}

function extent(tree: Cel, place: Place): Extent {
  switch (tree.kind) {
    case 'and':
      return both(extent(tree.parts[0], place), extent(tree.parts[1], place));
    case 'or':
      return either(extent(tree.parts[0], place), extent(tree.parts[1], place));
    case 'not':
      return not(extent(tree.part, place));
    case 'operand':
      return call(tree.operand, place);
    case 'compare':
      return compare(tree, place);
  }
}

function both(left: Extent, right: Extent): Extent {
  const isExact = left.isExact && right.isExact;
  if (left.keys === 'all') return right.keys === 'all' ? { keys: 'all', isExact } : some(right.keys, isExact);
  if (right.keys === 'all') return some(left.keys, isExact);
  const [ones, others] = [left.keys, right.keys];
  return some(
    ones.flatMap((one) => others.flatMap((other) => narrower(one, other) ?? [])),
    isExact,
  );
}

/** Nothing at all is exact, since what could not be decided is counted. */
function some(keys: Key[], isExact: boolean): Extent {
  return { keys, isExact: isExact || keys.length === 0 };
}

type Key = Exclude<Keys, 'all'>[number];

function narrower(one: Key, other: Key): Key | null {
  const [short, long] = one.prefix.length <= other.prefix.length ? [one, other] : [other, one];
  if (!long.prefix.startsWith(short.prefix)) return null;
  if (short.isWhole) return short.prefix === long.prefix ? short : null;
  return long;
}

function either(left: Extent, right: Extent): Extent {
  const isExact = left.isExact && right.isExact;
  const whole = [left, right].filter(({ keys }) => keys === 'all');
  if (left.keys === 'all' || right.keys === 'all') {
    return { keys: 'all', isExact: whole.some((one) => one.isExact) };
  }
  return { keys: [...left.keys, ...right.keys], isExact };
}

/** All but some beginnings cannot be written as beginnings: all of them stay. */
function not({ keys, isExact }: Extent): Extent {
  if (!isExact) return MAYBE;
  if (keys === 'all') return NOWHERE;
  return keys.length === 0 ? EVERYWHERE : MAYBE;
}

function call(operand: Operand, place: Place): Extent {
  if (operand.kind === 'name') {
    return operand.name === 'true' ? EVERYWHERE : operand.name === 'false' ? NOWHERE : MAYBE;
  }
  if (operand.kind !== 'call') return MAYBE;
  const [first] = operand.args;
  if (operand.name === 'resource.name.startsWith' && first?.kind === 'text') return startsWith(first.text, place);
  if (operand.name === 'resource.type.startsWith' && first?.kind === 'text') {
    return typeOf(place).startsWith(first.text) ? EVERYWHERE : NOWHERE;
  }
  return MAYBE;
}

function compare({ operator, left, right }: Extract<Cel, { kind: 'compare' }>, place: Place): Extent {
  if (operator === '!=') return not(compare({ kind: 'compare', operator: '==', left, right }, place));
  const [named, other, sign] = left.kind === 'name' ? [left, right, operator] : [right, left, mirrored(operator)];
  if (named.kind !== 'name') return MAYBE;
  if (named.name === 'request.time') return timed(sign, other, place.now);
  if (sign !== '==' || other.kind !== 'text') return MAYBE;
  switch (named.name) {
    case 'resource.name':
      return isNamed(other.text, place);
    case 'resource.type':
      return typeOf(place) === other.text ? EVERYWHERE : NOWHERE;
    case 'resource.service':
      return other.text === 'storage.googleapis.com' ? EVERYWHERE : NOWHERE;
    default:
      return MAYBE;
  }
}

function mirrored(operator: string): string {
  return operator.replace(/[<>]/, (sign) => (sign === '<' ? '>' : '<'));
}

function typeOf({ level }: Place): string {
  return level === 'bucket' ? 'storage.googleapis.com/Bucket' : 'storage.googleapis.com/Object';
}

function timed(operator: string, other: Operand, now: string): Extent {
  const [first] = other.kind === 'call' ? other.args : [];
  const isTime = other.kind === 'call' && (other.name === 'timestamp' || other.name === 'date');
  const limit = isTime && first?.kind === 'text' ? instantOf(first.text) : null;
  const time = instantOf(now);
  if (limit === null || time === null) return MAYBE;
  const holds: Readonly<Record<string, boolean>> = {
    '<': time < limit,
    '<=': time <= limit,
    '>': time > limit,
    '>=': time >= limit,
    '==': time === limit,
  };
  return holds[operator] === true ? EVERYWHERE : NOWHERE;
}

function startsWith(text: string, { level, bucket }: Place): Extent {
  const own = `${BUCKETS}${bucket ?? nameIn(text)}`;
  // A beginning of the bucket's own name: `…/buckets/da` also begins the names of others.
  if (own.startsWith(text)) return EVERYWHERE;
  const objects = `${own}/objects/`;
  if (level === 'bucket') return NOWHERE;
  if (objects.startsWith(text)) return EVERYWHERE;
  return text.startsWith(objects) ? some([{ prefix: text.slice(objects.length), isWhole: false }], true) : NOWHERE;
}

/** Of a bucket that is not named every name is the right one. */
function nameIn(text: string): string {
  return text.startsWith(BUCKETS) ? (text.slice(BUCKETS.length).split('/')[0] ?? '') : '';
}

function isNamed(text: string, { level, bucket }: Place): Extent {
  const own = `${BUCKETS}${bucket ?? nameIn(text)}`;
  const objects = `${own}/objects/`;
  if (level === 'bucket') return text === own ? EVERYWHERE : NOWHERE;
  if (!text.startsWith(objects) || text === objects) return NOWHERE;
  return some([{ prefix: text.slice(objects.length), isWhole: true }], true);
}
