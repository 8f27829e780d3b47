import { base36Crc32 } from './base36-crc32.ts';
import { base62Crc32 } from './base62-crc32.ts';
import { digitsOf, isDigits } from './digits.ts';
import { hexCrc32, upperHexCrc32 } from './hex-crc32.ts';
import { hasIbanStructure } from './iban-country.ts';
import { isLuhnValid } from './luhn.ts';
import { isMod1110Valid } from './mod11-10.ts';
import { isIbanChecksumValid, remainder97 } from './mod97.ts';
import { isVerhoeffValid } from './verhoeff.ts';

/** A check that a detector written as data asks for by its name. Pure. */
export interface NamedCheck {
  passes(value: string, groups: Readonly<Record<string, string | undefined>>): boolean;
  /** Chance that a random value of the right shape passes. */
  randomPass: number;
  /** Canonical form of the value, for fingerprints; absent: the value itself. */
  normalize?(value: string): string;
  /** Groups that the pattern must name. */
  groups?: readonly string[];
}

/** Digit checks look at the digits alone: separators do not count, in the fingerprint neither. */
function overDigits(isValid: (digits: string) => boolean, randomPass: number): NamedCheck {
  return { passes: (value) => isValid(digitsOf(value)), randomPass, normalize: digitsOf };
}

/** The group `checksum` is that of the group `body`. */
function overBody(checksum: (body: string) => string, randomPass: number): NamedCheck {
  return {
    passes: (_value, { body, checksum: given }) => body !== undefined && checksum(body) === given,
    randomPass,
    groups: ['body', 'checksum'],
  };
}

function isMod9710Valid(value: string): boolean {
  return remainder97(compact(value)) === 1;
}

function compact(value: string): string {
  return value.replaceAll(' ', '').replaceAll('-', '').toUpperCase();
}

const CHECKS: ReadonlyMap<string, NamedCheck> = new Map<string, NamedCheck>([
  ['luhn', overDigits(isLuhnValid, 0.1)],
  ['verhoeff', overDigits(isVerhoeffValid, 0.1)],
  ['mod11-10', overDigits((digits) => isDigits(digits) && isMod1110Valid(digits), 0.1)],
  ['mod97-10', { passes: isMod9710Valid, randomPass: 0.0103, normalize: compact }],
  [
    'iban',
    {
      passes: (value) => hasIbanStructure(compact(value)) && isIbanChecksumValid(compact(value)),
      randomPass: 0.0103,
      normalize: compact,
    },
  ],
  ['crc32-base62', overBody(base62Crc32, 2 ** -32)],
  ['crc32-base36', overBody(base36Crc32, 2 ** -32)],
  ['crc32-hex', overBody((body) => hexCrc32(body, false), 2 ** -32)],
  ['crc32-hex-upper', overBody(upperHexCrc32, 2 ** -32)],
]);

export const CHECK_NAMES: readonly string[] = [...CHECKS.keys()];

export function namedCheck(name: string): NamedCheck | undefined {
  return CHECKS.get(name);
}
