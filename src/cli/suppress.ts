import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import { loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import type { Suppression } from '../model/suppression.ts';
import { shown } from '../report/shown.ts';
import { type RemovedSuppression, Suppressions } from '../store/suppressions.ts';
import { parseExpiry } from './expiry.ts';
import { openLedgerToRead } from './open-ledger.ts';

interface ConfigOption {
  config?: string;
}
export interface AddOptions extends ConfigOption {
  reason: string;
  owner: string;
  expires: string;
  scope?: string;
}
export interface ListOptions extends ConfigOption {
  format: 'text' | 'json';
  all?: true;
}
export interface RemoveOptions extends ConfigOption {
  scope?: string;
}

/** `assay suppress add`. Throws `AssayError` `usage`. */
export async function addSuppressions(fingerprints: string[], options: AddOptions): Promise<ExitCode> {
  const now = new Date();
  const common = {
    scope: scopeOf(options.scope),
    reason: filled('--reason', options.reason),
    owner: filled('--owner', options.owner),
    addedBy: caller(),
    addedAt: now.toISOString(),
    expiresAt: parseExpiry(options.expires, now),
  };
  for (const fingerprint of fingerprints) checkFingerprint(fingerprint);
  await withSuppressions(options, async (suppressions) => {
    for (const fingerprint of new Set(fingerprints)) await suppressions.add({ fingerprint, ...common });
  });
  const what = fingerprints.length === 1 ? 'accepted' : `${fingerprints.length} accepted`;
  const where = common.scope === '' ? '' : ` in ${shown(common.scope)}`;
  process.stdout.write(`${what}${where} until ${common.expiresAt}\n`);
  return EXIT.ok;
}

/** `assay suppress list`. */
export async function listSuppressions(options: ListOptions): Promise<ExitCode> {
  const { kept, removed } = await withSuppressions(options, async (suppressions) => ({
    kept: await suppressions.list(),
    removed: options.all ? await suppressions.removed() : [],
  }));
  const rows = [...removed.map((one) => ({ ...one, state: 'removed' })), ...kept.map(withState)];
  if (options.format === 'json') process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    process.stdout.write(
      rows.length === 0 ? 'nothing is accepted\n' : rows.map((row) => `${describe(row)}\n`).join(''),
    );
  return EXIT.ok;
}

/** `assay suppress rm`. Throws `AssayError` `usage` when there is nothing to take back. */
export async function removeSuppressions(fingerprint: string, options: RemoveOptions): Promise<ExitCode> {
  checkFingerprint(fingerprint);
  const scope = options.scope === undefined ? null : scopeOf(options.scope);
  const count = await withSuppressions(options, (suppressions) =>
    suppressions.remove(fingerprint, scope, caller(), new Date().toISOString()),
  );
  if (count === 0) throw new AssayError('usage', `suppress rm ${fingerprint}: nothing is accepted under it`);
  process.stdout.write(count === 1 ? 'taken back\n' : `${count} taken back\n`);
  return EXIT.ok;
}

async function withSuppressions<T>(
  { config: file }: ConfigOption,
  work: (suppressions: Suppressions) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ flags: {}, env: process.env, cwd: process.cwd(), file });
  const { keyId } = loadFingerprintKey(config);
  const ledger = await openLedgerToRead(config);
  try {
    return await work(new Suppressions(ledger.db, keyId));
  } finally {
    await ledger.close();
  }
}

/** HMAC-SHA-256 in base64url: 43 characters. */
function checkFingerprint(given: string): void {
  if (/^v1:[A-Za-z0-9_-]{43}$/.test(given)) return;
  throw new AssayError(
    'usage',
    `suppress: ${JSON.stringify(given)} is no fingerprint; it is v1: and 43 characters, whole, as a JSON, HTML, CSV or SARIF report has it`,
  );
}

function filled(flag: string, text: string): string {
  if (text.trim() === '') throw new AssayError('usage', `suppress: ${flag} is empty`);
  return text.trim();
}

/** As reports write it: a path is `file:///absolute/path`. */
function scopeOf(given: string | undefined): string {
  if (given === undefined) return '';
  if (given === '') throw new AssayError('usage', 'suppress: --scope is empty');
  return given.includes('://') ? given : `file://${resolve(given)}`;
}

function caller(): string {
  let user = String(process.getuid?.() ?? 'unknown');
  try {
    user = userInfo().username;
  } catch {
    // In a container the user may have a number and no name.
  }
  return `${user}@${hostname()}`;
}

function withState(suppression: Suppression): Suppression & { state: string } {
  return { ...suppression, state: Date.parse(suppression.expiresAt) > Date.now() ? 'active' : 'expired' };
}

function describe(row: (Suppression | RemovedSuppression) & { state: string }): string {
  const { fingerprint, scope, reason, owner, addedBy, addedAt, expiresAt, state } = row;
  const removed = 'removedBy' in row ? `, taken back by ${shown(row.removedBy)} on ${row.removedAt.slice(0, 10)}` : '';
  return [
    `${state.padEnd(7)} ${fingerprint}`,
    `        ${shown(reason)}`,
    `        ${scope === '' ? 'everywhere' : `in ${shown(scope)}`}, owner ${shown(owner)}, until ${expiresAt}`,
    `        added by ${shown(addedBy)} on ${addedAt.slice(0, 10)}${removed}`,
  ].join('\n');
}
