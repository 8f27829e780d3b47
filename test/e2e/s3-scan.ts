import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { expand } from '../../detectors/sample.ts';
import type { Report } from '../../src/model/report.ts';
import { type CliResult, runCli } from '../cli/run-cli.ts';

/** A well-formed AWS access key id, made here so that none is committed. */
export const KEY_ID = expand("'AKIA' base32:16", 's3-scan');

/** A chat of two records, the second with the key id in its text. */
export const CHAT = [
  { messages: [{ role: 'user', content: 'which key do I use?' }] },
  {
    messages: [
      { role: 'user', content: 'again?' },
      { role: 'assistant', content: `use ${KEY_ID} for now` },
    ],
  },
]
  .map((record) => JSON.stringify(record))
  .join('\n');

export interface S3Scan {
  /** `assay scan` as a user starts it: everything comes from the environment. */
  run(args: string[], env?: Record<string, string>): Promise<CliResult>;
  /** The same; text on standard output and the JSON report beside it. */
  report(args: string[], env?: Record<string, string>): Promise<CliResult & { report: Report }>;
}

/** One state directory for the scans of a test file, removed after it. */
export function s3Scan(serverEnv: Record<string, string>): S3Scan {
  const folder = mkdtempSync(join(tmpdir(), 'assay-s3-scan-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'report.json');
  const run: S3Scan['run'] = (args, env = {}) =>
    runCli(['scan', ...args], {
      cwd: folder,
      // No home: profiles of the person who runs the test must not matter.
      env: { ...serverEnv, HOME: folder, ASSAY_HOME: join(folder, 'home'), ...env },
    });
  return {
    run,
    async report(args, env) {
      const result = await run([...args, '-f', 'text', '-o', `json=${file}`], env);
      assert.notEqual(result.stdout, '', result.stderr);
      return { ...result, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
    },
  };
}
