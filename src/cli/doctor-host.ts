import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { loadDetectorSet } from '../../workers/detector-set.ts';
import type { Config } from '../config/load-config.ts';
import { isAssayError } from '../errors.ts';
import { engineVersion } from '../scan/engine-version.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import { probeDatabase } from '../store/probe-database.ts';
import { lockState } from '../store/state-lock.ts';
import { bareAddress, codeOf, type DoctorCheck } from './doctor-finding.ts';
import { probeRedis } from './doctor-redis.ts';
import { loadOwnDetectors } from './own-detectors.ts';
import { readVersion } from './version.ts';

const MIN_NODE: readonly [number, number] = [24, 15];
/** A ledger of a million objects has some 50 MB; below this the next one may not fit. */
const MIN_FREE_BYTES = 512 * 1024 ** 2;

/** Versions of the program and of what it stands on. */
export async function versionChecks(config: Config): Promise<DoctorCheck[]> {
  const group = 'versions';
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  const cores = `${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB`;
  const checks: DoctorCheck[] = [
    { group, name: 'assay', status: 'ok', detail: readVersion() },
    isNew
      ? { group, name: 'node', status: 'ok', detail: `${process.versions.node} (${cores})` }
      : {
          group,
          name: 'node',
          status: 'broken',
          detail: process.versions.node,
          fix: `Install Node ${MIN_NODE.join('.')} or later.`,
        },
  ];
  try {
    checks.push({ group, name: 're2', status: 'ok', detail: engineVersion() });
  } catch (error) {
    const fix = 'Run script/bootstrap (a checkout) or `npm rebuild re2`.';
    checks.push({ group, name: 're2', status: 'broken', detail: `does not load (${codeOf(error)})`, fix });
  }
  checks.push({ group, name: 'ledger schema', status: 'ok', detail: String(MIGRATIONS.length) });
  try {
    const own = await loadOwnDetectors(config.detectors, process.cwd());
    const { digest, detectors } = await loadDetectorSet(own);
    const count =
      own.length === 0 ? `${detectors.length} detectors` : `${detectors.length} detectors, ${own.length} of your own`;
    checks.push({ group, name: 'detector set', status: 'ok', detail: `${digest.slice(0, 19)}… (${count})` });
  } catch (error) {
    const detail = isAssayError(error) ? (error.message.split('\n')[0] ?? '') : codeOf(error);
    const fix = '`assay detectors check --detectors DIR` shows every problem.';
    checks.push({ group, name: 'detector set', status: 'broken', detail, fix });
  }
  return checks;
}

/** The state directory; with a database server it is not used. */
export function stateChecks({ home, databaseUrl, fingerprintKey }: Config): DoctorCheck[] {
  const group = 'state';
  const checks: DoctorCheck[] = [];
  const place = existing(home);
  const fix = 'Set ASSAY_HOME to a directory that can be written.';
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    const detail = place === home ? home : `${home} (will be created)`;
    checks.push({ group, name: 'directory', status: 'ok', detail });
  } catch (error) {
    const status = databaseUrl === null ? 'broken' : 'skipped';
    checks.push({
      group,
      name: 'directory',
      status,
      detail: `${home} cannot be written (${codeOf(error)})`,
      ...(status === 'broken' ? { fix } : {}),
    });
    return checks;
  }
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  checks.push(
    free >= MIN_FREE_BYTES
      ? { group, name: 'space', status: 'ok', detail }
      : { group, name: 'space', status: 'missing', detail, fix: 'Make room, or set ASSAY_HOME to a larger disk.' },
  );
  if (databaseUrl === null && place === home) checks.push(lockCheck(home));
  const hasKey = fingerprintKey !== null || existsSync(join(home, 'fingerprint.key'));
  if (hasKey)
    checks.push({
      group,
      name: 'fingerprint key',
      status: 'ok',
      detail: fingerprintKey === null ? 'in the state directory' : 'configured',
    });
  else if (databaseUrl === null)
    checks.push({ group, name: 'fingerprint key', status: 'ok', detail: 'will be generated' });
  else {
    const fix = 'Make one with `openssl rand -base64 32` and set ASSAY_FINGERPRINT_KEY on every machine.';
    checks.push({ group, name: 'fingerprint key', status: 'broken', detail: 'required with a database server', fix });
  }
  return checks;
}

function lockCheck(home: string): DoctorCheck {
  const check = { group: 'state', name: 'lock' };
  try {
    lockState(home).release();
    return { ...check, status: 'ok', detail: 'nobody holds it' };
  } catch (error) {
    if (!isAssayError(error)) throw error;
    const [, holder = 'another process'] = / is in use by (.*?)\. /.exec(error.message) ?? [];
    if (error.code === 'state-locked') return { ...check, status: 'ok', detail: `held by ${holder}` };
    return {
      ...check,
      status: 'broken',
      detail: 'the lock file cannot be used',
      fix: 'Give the directory to this user.',
    };
  }
}

/** The directory itself, or the nearest one above it that is there. */
function existing(path: string): string {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}

/** Servers that were named by URL; the embedded ones need nothing. */
export async function backendChecks(databaseUrl: string | null, queueUrl: string | null): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  if (databaseUrl === null) checks.push({ group: 'backends', name: 'database', status: 'ok', detail: 'embedded' });
  else checks.push(await postgresCheck('database', databaseUrl));
  if (queueUrl === null)
    checks.push({
      group: 'backends',
      name: 'queue',
      status: 'ok',
      detail: databaseUrl === null ? 'embedded' : 'in the database',
    });
  else if (queueUrl.startsWith('redis')) checks.push(await redisCheck(queueUrl));
  else checks.push(await postgresCheck('queue', queueUrl));
  return checks;
}

async function postgresCheck(name: 'database' | 'queue', address: string): Promise<DoctorCheck> {
  const check = { group: 'backends', name };
  const where = bareAddress(address);
  try {
    const { server, schema, latest } = await probeDatabase(address);
    const detail = `PostgreSQL ${server} at ${where}`;
    if (name === 'queue') return { ...check, status: 'ok', detail };
    if (schema <= latest) {
      const ledger =
        schema === 0
          ? 'no ledger yet'
          : schema < latest
            ? `schema ${schema}, will become ${latest}`
            : `schema ${schema}`;
      return { ...check, status: 'ok', detail: `${detail}, ${ledger}` };
    }
    const fix = 'Use the newer program that wrote it.';
    return { ...check, status: 'broken', detail: `${detail}, schema ${schema} is newer than ${latest}`, fix };
  } catch (error) {
    const fix = `Start the server, or correct ASSAY_${name === 'queue' ? 'QUEUE' : 'DATABASE'}_URL.`;
    return { ...check, status: 'broken', detail: `${where} (${codeOf(error)})`, fix };
  }
}

async function redisCheck(address: string): Promise<DoctorCheck> {
  const check = { group: 'backends', name: 'queue' };
  const where = bareAddress(address);
  try {
    const { server, policy } = await probeRedis(address);
    const detail = `${server} at ${where}`;
    if (policy === null) return { ...check, status: 'ok', detail: `${detail}, maxmemory-policy is not told` };
    if (policy === 'noeviction') return { ...check, status: 'ok', detail: `${detail}, ${policy}` };
    const fix = 'Set maxmemory-policy noeviction: any other throws jobs away when memory is short.';
    return { ...check, status: 'missing', detail: `${detail}, maxmemory-policy ${policy}`, fix };
  } catch (error) {
    return {
      ...check,
      status: 'broken',
      detail: `${where} (${codeOf(error)})`,
      fix: 'Start the server, or correct ASSAY_QUEUE_URL.',
    };
  }
}
