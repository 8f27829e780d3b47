import { AssayError, type ErrorCode } from '../errors.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  ELOOP: 'not-found',
  ENAMETOOLONG: 'unaddressable-key',
};

export function systemCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'Error';
}

/** Gone in the meantime, or a link to nothing or to itself. */
export function isVanished(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error));
}

/** `root` is the target's folder. Names below it are data and stay out of the message, hence no `cause`: it holds the path. */
export function fileError(error: unknown, operation: string, root: string, what: string): AssayError {
  const system = systemCode(error);
  const code = CODES[system] ?? 'internal';
  const need = code === 'access-denied' ? '; it needs read permission, and search permission on its folders' : '';
  const reason = code === 'not-found' ? `there is no such file or folder (${system})` : system;
  return new AssayError(code, `${operation} ${what} ${root}: ${reason}${need}`, { operation });
}
