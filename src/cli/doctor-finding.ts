import { EXIT, type ExitCode } from '../errors.ts';

/**
 * `missing`: a scan would be incomplete, or will be soon. `broken`: it cannot run. `unsupported`: the store has no such
 * thing, which is no fault. `skipped`: nothing asks for it, or it could not be told.
 */
export type DoctorStatus = 'ok' | 'missing' | 'broken' | 'unsupported' | 'skipped';

/** One thing that was looked at. Holds no credentials: addresses are without user and password. */
export interface DoctorCheck {
  /** `versions`, `state`, … or the address of a target. */
  group: string;
  name: string;
  status: DoctorStatus;
  detail: string;
  /** What to do about it; only with `missing` and `broken`. */
  fix?: string;
}

export function exitOf(checks: readonly DoctorCheck[]): ExitCode {
  if (checks.some(({ status }) => status === 'broken')) return EXIT.runtime;
  return checks.some(({ status }) => status === 'missing') ? EXIT.incomplete : EXIT.ok;
}

export function showChecks(checks: readonly DoctorCheck[], targets: number): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines: string[] = [];
  let group = '';
  for (const check of checks) {
    if (check.group !== group) {
      if (lines.length > 0) lines.push('');
      lines.push(check.group);
      group = check.group;
    }
    lines.push(`  ${check.status.padEnd(11)}  ${check.name.padEnd(width)}  ${check.detail}`.trimEnd());
    if (check.fix !== undefined) lines.push(`               → ${check.fix}`);
  }
  const count = (status: DoctorStatus): number => checks.filter((check) => check.status === status).length;
  const [broken, missing] = [count('broken'), count('missing')];
  lines.push('');
  if (broken + missing === 0)
    lines.push(targets > 0 ? 'Ready to scan.' : 'Ready. Name targets to see the permissions on them.');
  else
    lines.push(
      [broken > 0 ? `${broken} broken` : '', missing > 0 ? `${missing} missing` : '']
        .filter((part) => part !== '')
        .join(', '),
    );
  return `${lines.join('\n')}\n`;
}

/** An address without user, password and parameters. */
export function bareAddress(address: string): string {
  const url = URL.parse(address);
  return url === null ? 'the given address' : `${url.protocol}//${url.host}${url.pathname}`;
}

/** The code of a system's or a library's error: its text may quote what it was given. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string' && /^[\w-]{1,40}$/.test(code)) return code;
  return error instanceof Error ? error.name : 'unknown';
}
