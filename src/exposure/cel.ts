/** A condition of an IAM binding, as far as these rules read the Common Expression Language. */
export type Cel =
  | { kind: 'and' | 'or'; parts: [Cel, Cel] }
  | { kind: 'not'; part: Cel }
  | { kind: 'compare'; operator: string; left: Operand; right: Operand }
  | { kind: 'operand'; operand: Operand };

/** A text, number or name; `call` with its arguments: `resource.name.startsWith("x")`. */
export type Operand =
  | { kind: 'text'; text: string }
  | { kind: 'number'; number: number }
  | { kind: 'name'; name: string }
  | { kind: 'call'; name: string; args: Operand[] };

const TOKEN =
  /\s*(?:(&&|\|\||[<>!=]=|[<>!(),])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.]*))/y;
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** Google allows twelve logical operators. */
const MAX_DEPTH = 50;

/** Null when the text is not of the part of the language that is read here. */
export function parseCel(text: string): Cel | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  try {
    const parser = new Parser(tokens);
    const tree = parser.or(0);
    return parser.isAtEnd ? tree : null;
  } catch (error) {
    if (error instanceof Unread) return null;
    throw error;
  }
}

class Unread extends Error {}

type Token = { sign: string } | { operand: Operand };

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [, sign, quoted, number, name] = match;
    if (sign !== undefined) tokens.push({ sign });
    else if (quoted !== undefined) {
      tokens.push({ operand: { kind: 'text', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1') } });
    } else if (number !== undefined) tokens.push({ operand: { kind: 'number', number: Number(number) } });
    else tokens.push({ operand: { kind: 'name', name: name ?? '' } });
  }
  return tokens;
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  or(depth: number): Cel {
    let left = this.and(depth);
    while (this.take('||')) left = { kind: 'or', parts: [left, this.and(depth)] };
    return left;
  }

  private and(depth: number): Cel {
    let left = this.unary(depth);
    while (this.take('&&')) left = { kind: 'and', parts: [left, this.unary(depth)] };
    return left;
  }

  private unary(depth: number): Cel {
    if (depth > MAX_DEPTH) throw new Unread();
    if (this.take('!')) return { kind: 'not', part: this.unary(depth + 1) };
    if (this.take('(')) {
      const inner = this.or(depth + 1);
      if (!this.take(')')) throw new Unread();
      return inner;
    }
    const left = this.operand(depth);
    const token = this.tokens[this.at];
    if (token === undefined || !('sign' in token) || !COMPARISONS.has(token.sign))
      return { kind: 'operand', operand: left };
    this.at += 1;
    return { kind: 'compare', operator: token.sign, left, right: this.operand(depth) };
  }

  private operand(depth: number): Operand {
    if (depth > MAX_DEPTH) throw new Unread();
    const token = this.tokens[this.at];
    if (token === undefined || !('operand' in token)) throw new Unread();
    this.at += 1;
    const { operand } = token;
    if (operand.kind !== 'name' || !this.take('(')) return operand;
    const args: Operand[] = [];
    while (!this.take(')')) {
      if (args.length > 0 && !this.take(',')) throw new Unread();
      args.push(this.operand(depth + 1));
    }
    return { kind: 'call', name: operand.name, args };
  }

  private take(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || !('sign' in token) || token.sign !== sign) return false;
    this.at += 1;
    return true;
  }
}
