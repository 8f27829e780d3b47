import { readFileSync } from 'node:fs';

/** Version of the program, from the package beside it. */
export function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
