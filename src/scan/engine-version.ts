import { createRequire } from 'node:module';
import type RE2Type from 're2';

/** Version of the pattern engine, after it has matched something. Throws when it was not built for this Node. */
export function engineVersion(): string {
  const require = createRequire(import.meta.url);
  const RE2 = require('re2') as typeof RE2Type;
  if (!new RE2('a+b', 'u').test('aab')) throw new Error('re2 does not match');
  return (require('re2/package.json') as { version: string }).version;
}
