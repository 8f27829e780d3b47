import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { loadConfig, storesOf } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import { evaluateExposure, isPublic } from '../exposure/evaluate.ts';
import { readEvidence } from '../exposure/read-evidence.ts';
import type { Exposure } from '../model/exposure.ts';
import { openProvider } from '../providers/open-provider.ts';
import { parseTarget } from '../providers/parse-target.ts';
import { shown } from '../report/shown.ts';
import { lines } from './lines.ts';
import { settingsOf } from './scan-options.ts';

export interface ExposureOptions extends Record<string, unknown> {
  config?: string;
  evidence?: string;
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
  let exit: ExitCode = EXIT.ok;
  const answers: Answer[] = [];
  for await (const answer of evidence === undefined ? live(targets, options) : recorded(evidence)) {
    if (answer.error !== undefined) exit = EXIT.runtime;
    if (format === 'jsonl') process.stdout.write(`${JSON.stringify(answer)}\n`);
    else if (format === 'text') process.stdout.write(textOf(answer));
    else answers.push(answer);
  }
  if (format === 'json')
    process.stdout.write(`${JSON.stringify(answers.length === 1 ? answers[0] : answers, null, 2)}\n`);
  return exit;
}

/** Asks about the bucket of each target. A refused call is part of the answer. */
async function* live(targets: string[], options: ExposureOptions): AsyncGenerator<Answer> {
  const cwd = process.cwd();
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  for (const target of targets.map((given) => parseTarget(given, cwd))) {
    const provider = await openProvider(target.bucket.provider, storesOf(config));
    try {
      const collectedAt = new Date().toISOString();
      const found = evaluateExposure(await provider.collectExposure(target.bucket, [target]), { collectedAt });
      yield { id: target.bucket.uri, public: isPublic(found), ...found };
    } finally {
      await provider.close();
    }
  }
}

/** One document, or one a line. */
async function* recorded(file: string): AsyncGenerator<Answer> {
  const collectedAt = new Date().toISOString();
  const whole = parsed(
    await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new AssayError('usage', `exposure: the evidence ${shown(file)} cannot be read`, { cause });
    }),
  );
  if (whole !== undefined) {
    yield judged(whole, collectedAt);
    return;
  }
  for await (const line of lines(createReadStream(file))) {
    const document = parsed(line.toString('utf8'));
    yield document === undefined ? { id: null, error: 'the line is no JSON' } : judged(document, collectedAt);
  }
}

function judged(document: unknown, collectedAt: string): Answer {
  const read = readEvidence(document);
  if ('error' in read) return { id: read.id, error: read.error };
  const found = evaluateExposure(read.evidence, { collectedAt, ...read.context });
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
    ...because.map((reason) => `  - ${reason}`),
    ...unknowns.map(({ call, reason, permission }) => `  ? ${call}: ${reason} (needs ${permission})`),
    ...fix.map((step) => `  fix: ${step}`),
  ];
  return `${rows.join('\n')}\n`;
}
