import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { closest } from './closest.ts';
import { type FieldProblem, type OwnSettings, readOwnSettings } from './own-detector-schema.ts';
import { parseYamlLines } from './yaml-lines.ts';

const MAX_FILES = 500;
const MAX_FILE_BYTES = 1024 ** 2;
const MAX_BYTES = 2 * 1024 ** 2;
/** The compiled set is walked for every byte; a larger pack would cost more than it finds. */
export const MAX_OWN_DETECTORS = 2000;

/** What is wrong, and where its author finds it. */
export interface OwnProblem {
  file: string;
  line: number;
  /** Id of the detector, or '' where it has none or the file is meant. */
  detector: string;
  /** `triggers[0].literal`; '' for the whole. */
  field: string;
  reason: string;
}

/** One detector of a file: its sound fields, and a way to say what is wrong with one. */
export interface OwnDraft {
  given: Partial<OwnSettings>;
  problem(path: readonly PropertyKey[], reason: string): OwnProblem;
}

export interface OwnDrafts {
  drafts: OwnDraft[];
  problems: OwnProblem[];
}

/** The detectors in the YAML files of folders (or in single files). Never throws: what cannot be read is a problem. */
export function readOwnDetectors(paths: readonly string[], cwd: string): OwnDrafts {
  const problems: OwnProblem[] = [];
  const refuse = (file: string, reason: string, line = 1): void =>
    void problems.push({ file: shownPath(cwd, file), line, detector: '', field: '', reason });
  const files = paths.flatMap((path) => findFiles(path, (reason) => refuse(path, reason)));
  if (files.length > MAX_FILES) {
    refuse(paths[0] ?? '', `${files.length} files are more than ${MAX_FILES}`);
    return { drafts: [], problems };
  }
  const drafts: OwnDraft[] = [];
  let bytes = 0;
  for (const file of new Set(files)) {
    const text = readText(file, (reason) => refuse(file, reason));
    if (text === null) continue;
    bytes += text.length;
    if (bytes > MAX_BYTES) {
      refuse(file, `with this file the detectors have more than ${MAX_BYTES} bytes`);
      break;
    }
    const yaml = parseYamlLines(text);
    if ('problems' in yaml) {
      for (const { line, reason } of yaml.problems) refuse(file, reason, line);
      continue;
    }
    const entries = Array.isArray(yaml.data)
      ? yaml.data.map((data, index) => ({ data, at: [index] }))
      : [{ data: yaml.data, at: [] }];
    if (entries.length === 0 || yaml.data === null) refuse(file, 'holds no detector');
    else if (drafts.length + entries.length > MAX_OWN_DETECTORS) {
      const count = drafts.length + entries.length;
      refuse(file, `with this file there are ${count} detectors, more than ${MAX_OWN_DETECTORS}`);
      return { drafts: [], problems };
    } else {
      for (const { data, at } of entries) {
        const { given, problems: found } = readOwnSettings(data);
        const draft = draftOf(given, nameOf(data), shownPath(cwd, file), (path) => yaml.lineOf([...at, ...path]));
        drafts.push(draft);
        problems.push(...found.map(({ path, reason }: FieldProblem) => draft.problem(path, reason)));
      }
    }
  }
  return { drafts, problems };
}

function draftOf(
  given: Partial<OwnSettings>,
  detector: string,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => number,
): OwnDraft {
  return {
    given,
    problem: (path, reason) => ({ file, line: lineOf(path), detector, field: fieldOf(path), reason }),
  };
}

function nameOf(data: unknown): string {
  const id = typeof data === 'object' && data !== null && Object.hasOwn(data, 'id') ? (data as { id: unknown }).id : '';
  return typeof id === 'string' && /^[\w.-]{1,80}$/.test(id) ? id : '';
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, step) => {
    if (typeof step === 'number') return `${field}[${step}]`;
    return field === '' ? String(step) : `${field}.${String(step)}`;
  }, '');
}

/** In the order of their names, folders below included; hidden ones are not looked at. */
function findFiles(path: string, refuse: (reason: string) => void): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !/(^|[\\/])\./.test(name))
      .sort()
      .map((name) => join(path, name));
    if (files.length === 0) refuse('holds no .yaml file');
    return files;
  } catch (error) {
    refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`);
    return [];
  }
}

function readText(file: string, refuse: (reason: string) => void): string | null {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) refuse('is not a file');
    else if (stats.size > MAX_FILE_BYTES) refuse(`has ${stats.size} bytes, more than ${MAX_FILE_BYTES}`);
    else return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    refuse(error instanceof TypeError ? 'is not UTF-8' : `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return null;
}

/** Ids that stand twice, and those of the catalogue where nothing says that they are replaced. */
export function idProblems(drafts: readonly OwnDraft[], catalogue: readonly string[]): OwnProblem[] {
  const known = new Set(catalogue);
  const seen = new Map<string, OwnProblem>();
  const problems: OwnProblem[] = [];
  for (const { given, problem } of drafts) {
    const { id, replaces } = given;
    if (replaces !== undefined && !known.has(replaces)) {
      const meant = closest(replaces, catalogue);
      const hint = meant === null ? '`assay detectors list` shows all' : `did you mean ${meant}?`;
      problems.push(problem(['replaces'], `${replaces} is not in the catalogue; ${hint}`));
    }
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first !== undefined)
      problems.push(problem(['id'], `${id} stands already in ${first.file}, line ${first.line}`));
    else if (known.has(id) && replaces !== id) {
      problems.push(problem(['id'], `${id} is in the catalogue; take another one, or add replaces: ${id}`));
    }
    seen.set(id, problem(['id'], ''));
  }
  return problems;
}

function shownPath(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') ? file : path;
}
