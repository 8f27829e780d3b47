import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import auTfn from '../../../detectors/pii/au/tfn.ts';
import deTaxId from '../../../detectors/pii/de/tax-id.ts';
import esIds from '../../../detectors/pii/es/dni-nie.ts';
import nlBsn from '../../../detectors/pii/nl/bsn.ts';
import usNpi from '../../../detectors/pii/us/npi.ts';
import { isFiscalCodeValid } from '../../../detectors/validators/fiscal-code.ts';
import { isMod1110Valid } from '../../../detectors/validators/mod11-10.ts';

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
const isValid = (
  detector: { validate?: (value: string, groups: Record<string, undefined>) => unknown },
  value: string,
) => detector.validate?.(value, {}) !== null;

test('ISO 7064 modulus 11,10 accepts exactly one ending of ten', () => {
  assert.equal(isMod1110Valid('0794'), false);
  fc.assert(
    fc.property(digits(10), (head) => {
      const endings = [...'0123456789'].filter((digit) => isMod1110Valid(head + digit));
      assert.equal(endings.length, 1);
      // Written as a fold over residues 1 to 10, the way the standard states it.
      const product = [...head].reduce((p, digit) => (((Number(digit) + p) % 10 || 10) * 2) % 11, 10);
      assert.equal(Number(endings[0]), (11 - product) % 10);
    }),
  );
});

test('the letter of a Spanish number is that of its remainder by 23', () => {
  const [dni, nie] = esIds;
  assert.ok(dni !== undefined && nie !== undefined);
  fc.assert(
    fc.property(digits(7), fc.nat(2), (number, kind) => {
      const letterOf = (n: number): string => 'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23] as string;
      assert.equal(isValid(nie, `${'XYZ'[kind]}${number}${letterOf(Number(`${kind}${number}`))}`), true);
      assert.equal(isValid(nie, `${'XYZ'[kind]}${number}${letterOf(Number(`${kind}${number}`) + 1)}`), false);
      assert.equal(isValid(dni, `9${number}${letterOf(Number(`9${number}`))}`), true);
      assert.equal(isValid(dni, `9${number}${letterOf(Number(`9${number}`) + 5)}`), false);
    }),
  );
});

test('changing one digit of a BSN or a tax file number breaks it', () => {
  fc.assert(
    fc.property(digits(8), fc.nat(8), fc.integer({ min: 1, max: 9 }), (head, at, by) => {
      for (const detector of [nlBsn, auTfn]) {
        const valid = [...'0123456789'].map((digit) => head + digit).find((value) => isValid(detector, value));
        if (valid === undefined) continue;
        const changed = valid.slice(0, at) + String((Number(valid[at]) + by) % 10) + valid.slice(at + 1);
        // Weight 10 of the last place of a tax file number is -1 modulo 11: still invertible.
        if (new Set(changed).size > 1) assert.equal(isValid(detector, changed), false);
      }
    }),
  );
});

test('an NPI is checked behind the prefix 80840 and starts with 1 or 2', () => {
  assert.equal(isValid(usNpi, '1234567893'), true, 'the example of the CMS');
  assert.equal(isValid(usNpi, '1234567890'), false);
  assert.equal(isValid(usNpi, '3234567891'), false);
});

test('a German tax number repeats exactly one of its first ten digits', () => {
  const withCheck = (head: string): string =>
    [...'0123456789'].map((digit) => head + digit).find(isMod1110Valid) as string;
  assert.equal(isValid(deTaxId, withCheck('1123456789')), true);
  assert.equal(isValid(deTaxId, withCheck('1234567890')), false, 'none repeats');
  assert.equal(isValid(deTaxId, withCheck('1122345678')), false, 'two repeat');
  assert.equal(isValid(deTaxId, withCheck('1112345678')), false, 'three in a row');
  assert.equal(isValid(deTaxId, withCheck('0123456788')), false, 'begins with 0');
});

test('the last letter of a fiscal code depends on every character before it', () => {
  const head = 'QXZWKY90M12H501';
  const endings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((letter) => isFiscalCodeValid(head + letter));
  assert.equal(endings.length, 1);
  for (let at = 0; at < head.length; at++) {
    const other = head[at] === '1' ? '2' : (head[at] as string) >= 'A' ? 'B' : '1';
    assert.equal(isFiscalCodeValid(head.slice(0, at) + other + head.slice(at + 1) + endings[0]), false, `place ${at}`);
  }
});
