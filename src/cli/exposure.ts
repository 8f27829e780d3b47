import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type Config, loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode, isAssayError } from '../errors.ts';
import { evaluateExposure, isPublic } from '../exposure/evaluate.ts';
import { readEvidence } from '../exposure/read-evidence.ts';
import { recordEvidence } from '../exposure/record-evidence.ts';
import type { Exposure } from '../model/exposure.ts';
import { openProvider } from '../providers/open-provider.ts';
import { shown } from '../report/shown.ts';
import { lines } from './lines.ts';
import { resolveTargets } from './resolve-targets.ts';
import { settingsOf } from './scan-options.ts';

export interface ExposureOptions extends Record<string, unknown> {
  config?: string;
  evidence?: string;
  record?: string;
  format: 'text' | 'json' | 'jsonl';
}

interface Answer extends Partial<Exposure> {
  id: unknown;
  public?: boolean | 'unknown';
  error?: string;
}

/** `assay exposure`: who can reach buckets, asked now or judged from recorded evidence. Reads no object. */
export async function exposure(targets: string[], options: ExposureOptions): Promise<ExitCode> {
  const { evidence, format } = options;
  if ((evidence === undefined) === (targets.length === 0)) {
    throw new AssayError('usage', 'exposure: name targets, or recorded evidence with --evidence FILE');
  }
  if (evidence !== undefined && options.record !== undefined) {
    throw new AssayError('usage', 'exposure: --record writes what is asked live; --evidence is recorded already');
  }
  const cwd = process.cwd();
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  const record: object[] = [];
  let exit: ExitCode = EXIT.ok;
  const answers: Answer[] = [];
  const source = evidence === undefined ? live(targets, config, cwd, record) : recorded(evidence, config);
  for await (const answer of source) {
    if (answer.error !== undefined) exit = EXIT.runtime;
    if (format === 'jsonl') process.stdout.write(`${JSON.stringify(answer)}\n`);
    else if (format === 'text') process.stdout.write(textOf(answer));
    else answers.push(answer);
  }
  if (format === 'json')
    process.stdout.write(`${JSON.stringify(answers.length === 1 ? answers[0] : answers, null, 2)}\n`);
  if (options.record !== undefined) await writeRecord(options.record, record);
  return exit;
}

/** Asks about the bucket of each target. A refused call is part of the answer, and so is a bucket of several that fails. */
async function* live(targets: string[], config: Config, cwd: string, record: object[]): AsyncGenerator<Answer> {
  const resolved = await resolveTargets(targets, cwd, config);
  for (const target of resolved.targets) {
    if (target.lost !== undefined) {
      yield { id: target.bucket.uri, error: target.lost.message };
      continue;
    }
    const provider = await openProvider(target.bucket.provider, resolved.stores);
    try {
      const context = { collectedAt: new Date().toISOString(), trusted: config.trusted };
      const facts = await provider.collectExposure(target.bucket, [target]);
      const found = evaluateExposure(facts, context);
      if (facts.provider !== 'filesystem') record.push(recordEvidence(target.bucket.uri, facts, context));
      yield { id: target.bucket.uri, public: isPublic(found), ...found };
    } catch (error) {
      if (!isAssayError(error) || resolved.targets.length === 1) throw error;
      yield { id: target.bucket.uri, error: error.message };
    } finally {
      await provider.close();
    }
  }
}

/** One document, or one a line; only for the user, since policies tell who is trusted. */
async function writeRecord(file: string, documents: readonly object[]): Promise<void> {
  const [first, ...rest] = documents;
  if (first === undefined) throw new AssayError('usage', 'exposure: evidence of local folders is not recorded');
  const text =
    rest.length === 0
      ? `${JSON.stringify(first, null, 2)}\n`
      : documents.map((one) => `${JSON.stringify(one)}\n`).join('');
  await writeFile(file, text, { mode: 0o600 }).catch((cause: unknown) => {
    throw new AssayError('usage', `exposure: the record ${shown(file)} cannot be written`, { cause });
  });
}

/** One document, or one a line. */
async function* recorded(file: string, config: Config): AsyncGenerator<Answer> {
  const now = new Date().toISOString();
  const whole = parsed(
    await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new AssayError('usage', `exposure: the evidence ${shown(file)} cannot be read`, { cause });
    }),
  );
  if (whole !== undefined) {
    yield judged(whole, now, config);
    return;
  }
  for await (const line of lines(createReadStream(file))) {
    const document = parsed(line.toString('utf8'));
    yield document === undefined ? { id: null, error: 'the line is no JSON' } : judged(document, now, config);
  }
}

/** Trusted is whom the document names and whom the configuration names. */
function judged(document: unknown, now: string, config: Config): Answer {
  const read = readEvidence(document);
  if ('error' in read) return { id: read.id, error: read.error };
  const { collectedAt = now, context, evidence } = read;
  const trusted = Object.fromEntries(
    Object.entries(config.trusted).map(([name, own]) => {
      const named = context.trusted?.[name as keyof Config['trusted']] ?? [];
      return [name, [...new Set([...named, ...own])]];
    }),
  );
  const found = evaluateExposure(evidence, { ...context, collectedAt, trusted });
  return { id: read.id, public: isPublic(found), ...found };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf({ id, error, verdict, because = [], fix = [], unknowns = [] }: Answer): string {
  const name = typeof id === 'string' ? shown(id) : 'evidence';
  if (error !== undefined) return `${name}: cannot be judged: ${error}\n`;
  const rows = [
    `${name}: ${verdict}`,
    ...because.map((reason) => `  - ${shown(reason)}`),
    ...unknowns.map(({ call, reason, permission }) => {
      const needs = permission === '' ? '' : ` (needs ${permission})`;
      return `  ? ${call}: ${shown(reason)}${needs}`;
    }),
    ...fix.map((step) => `  fix: ${step.split('\n').map(shown).join('\n       ')}`),
  ];
  return `${rows.join('\n')}\n`;
}
