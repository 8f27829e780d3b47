import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../errors.ts';
import type { Config } from './load-config.ts';

const KEY_BYTES = 32;
const HOW = 'Make one with `openssl rand -base64 32` and give it to every worker of the fleet.';

export interface FingerprintKey {
  readonly key: Buffer;
  /** Names the key without telling it: results under different ids never merge. */
  readonly keyId: string;
}

/**
 * The key of all fingerprints: configured, or generated once in the state directory (mode 0600). With a database server
 * it must be configured: a key made here would be another one on every machine. Throws `AssayError` `fingerprint-key`.
 */
export function loadFingerprintKey(config: Pick<Config, 'fingerprintKey' | 'databaseUrl' | 'home'>): FingerprintKey {
  const { fingerprintKey: source } = config;
  if (source === null && config.databaseUrl !== null) {
    throw new AssayError(
      'fingerprint-key',
      `fingerprint key: required with ASSAY_DATABASE_URL; set ASSAY_FINGERPRINT_KEY or ASSAY_FINGERPRINT_KEY_FILE. ${HOW}`,
    );
  }
  if (source === null) return named(ownKey(config.home));
  if ('base64' in source) return named(decode(source.base64, 'ASSAY_FINGERPRINT_KEY'));
  return named(decode(read(source.file), source.file));
}

function named(key: Buffer): FingerprintKey {
  return { key, keyId: createHmac('sha256', key).update('assay fingerprint key id v1').digest('hex').slice(0, 16) };
}

function ownKey(home: string): Buffer {
  const file = join(home, 'fingerprint.key');
  try {
    return decode(readFileSync(file, 'latin1'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asKeyError(error, file);
  }
  // Written aside and linked: no process ever sees half a key, and of two at once the second takes the first one's.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new AssayError('state-unusable', `state directory: cannot write to ${home} (${code}); set ASSAY_HOME`, {
      cause,
    });
  }
  return decode(read(file), file);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    throw asKeyError(error, file);
  }
}

function asKeyError(error: unknown, file: string): AssayError {
  if (error instanceof AssayError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return new AssayError('fingerprint-key', `fingerprint key: cannot read ${file} (${code})`, { cause: error });
}

/** The message never repeats what was given: it may be the key with one slip in it. */
function decode(base64: string, where: string): Buffer {
  const text = base64.trim();
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || key.length !== KEY_BYTES) {
    throw new AssayError('fingerprint-key', `fingerprint key: ${where} must hold 32 bytes as base64. ${HOW}`);
  }
  return key;
}
