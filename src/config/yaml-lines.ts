import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

const MAX_ALIASES = 10;
const TOO_DEEP = 'is nested too deeply';

export interface YamlText {
  data: unknown;
  /** Line of the field at this path, else of the nearest one around it; from 1. */
  lineOf(path: readonly PropertyKey[]): number;
}
export interface YamlProblem {
  line: number;
  reason: string;
}

/**
 * YAML without tags of its own, without merge keys, with few aliases and with bounded nesting, so that a hostile file costs
 * nothing but its message. Every problem of the text is told, not the first.
 */
export function parseYamlLines(text: string): YamlText | { problems: YamlProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', merge: false, prettyErrors: false });
  // A tag that is not known is a warning to the reader; here it is a wish that would not be fulfilled.
  const found = [...document.errors, ...document.warnings];
  if (found.length > 0) {
    const problems = found.map(({ pos, code }) => ({ line: lines.linePos(pos[0]).line, reason: reasonOf(code) }));
    // Every level that a nesting leaves open is an error of its own.
    const deep = problems.find(({ reason }) => reason === TOO_DEEP);
    return { problems: deep === undefined ? distinct(problems) : [deep] };
  }
  const lineAt = (node: unknown): number | null => {
    const start = (node as Node | null)?.range?.[0];
    return start === undefined ? null : lines.linePos(start).line;
  };
  try {
    return {
      data: document.toJS({ maxAliasCount: MAX_ALIASES }),
      lineOf(path) {
        let line = 1;
        let node: unknown = document.contents;
        for (const step of path) {
          const next = isMap(node)
            ? node.items.find((pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(step))
            : undefined;
          line = lineAt(next?.key ?? null) ?? line;
          node = next === undefined ? childAt(node, step) : next.value;
          if (next === undefined) line = lineAt(node) ?? line;
        }
        return line;
      },
    };
  } catch {
    return { problems: [{ line: 1, reason: `repeats itself by more than ${MAX_ALIASES} aliases` }] };
  }
}

function distinct(problems: YamlProblem[]): YamlProblem[] {
  return [...new Map(problems.map((one) => [`${one.line} ${one.reason}`, one])).values()];
}

function childAt(node: unknown, step: PropertyKey): unknown {
  const items = (node as { items?: unknown[] } | null)?.items;
  return Array.isArray(items) && !isMap(node) ? items[Number(step)] : undefined;
}

function reasonOf(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'the same key stands here for the second time';
  if (code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  if (code === 'TAG_RESOLVE_FAILED') return 'has a tag (!…) that nobody resolves';
  if (code === 'MULTIPLE_DOCS') return 'begins a second document; put all detectors into one list';
  return `is not YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
}
