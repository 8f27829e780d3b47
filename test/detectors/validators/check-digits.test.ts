import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCpfChecksumValid } from '../../../detectors/validators/cpf-mod11.ts';
import { hasIbanStructure } from '../../../detectors/validators/iban-country.ts';
import { isLuhnValid } from '../../../detectors/validators/luhn.ts';
import { isIbanChecksumValid, remainder97 } from '../../../detectors/validators/mod97.ts';
import { isNhsChecksumValid } from '../../../detectors/validators/nhs-mod11.ts';
import { hasNirStructure, isNirKeyValid } from '../../../detectors/validators/nir.ts';
import { hasPeselDate, isPeselChecksumValid } from '../../../detectors/validators/pesel.ts';
import { isVerhoeffValid } from '../../../detectors/validators/verhoeff.ts';

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
/** How many of the ten last digits make the number valid. */
const validEndings = (head: string, isValid: (text: string) => boolean) =>
  [...'0123456789'].filter((digit) => isValid(head + digit)).length;

test('Luhn agrees with doubling by hand and accepts one ending of ten', () => {
  assert.equal(isLuhnValid('79927398713'), true);
  assert.equal(isLuhnValid('79927398710'), false);
  fc.assert(
    fc.property(digits(15), (head) => {
      assert.equal(validEndings(head, isLuhnValid), 1);
      const byHand = [...head].reverse().reduce((sum, char, i) => {
        const doubled = Number(char) * (i % 2 === 0 ? 2 : 1);
        return sum + Math.floor(doubled / 10) + (doubled % 10);
      }, 0);
      assert.equal(isLuhnValid(head + String((10 - (byHand % 10)) % 10)), true);
    }),
  );
});

test('Luhn refuses letters and the empty text', () => {
  assert.equal(isLuhnValid(''), false);
  assert.equal(isLuhnValid('7992739871a'), false);
});

test('the remainder by 97 is that of the whole number', () => {
  fc.assert(
    fc.property(digits(30), (text) => {
      assert.equal(remainder97(text), Number(BigInt(text) % 97n));
    }),
  );
  assert.equal(remainder97('A1'), Number(101n % 97n));
  assert.ok(Number.isNaN(remainder97('a1')));
});

test('an IBAN with check digits computed by big integers is valid, and with any other ones it is not', () => {
  fc.assert(
    fc.property(digits(18), fc.integer({ min: 1, max: 96 }), (account, error) => {
      const check = 98n - (BigInt(`${account}131400`) % 97n);
      const iban = (n: bigint): string => `DE${String(n).padStart(2, '0')}${account}`;
      assert.equal(isIbanChecksumValid(iban(check)), true);
      const wrong = ((check - 2n + BigInt(error)) % 97n) + 2n;
      assert.equal(isIbanChecksumValid(iban(wrong)), false);
    }),
  );
});

test('an IBAN has the length and the kinds of characters of its country', () => {
  assert.equal(hasIbanStructure(`DE00${'1'.repeat(18)}`), true);
  assert.equal(hasIbanStructure(`DE00${'1'.repeat(17)}`), false);
  assert.equal(hasIbanStructure(`DE00${'1'.repeat(17)}A`), false);
  assert.equal(hasIbanStructure(`GB00ABCD${'1'.repeat(14)}`), true);
  assert.equal(hasIbanStructure(`GB00AB1D${'1'.repeat(14)}`), false);
  assert.equal(hasIbanStructure(`ZZ00${'1'.repeat(18)}`), false);
});

test('Verhoeff agrees with the published tables and detects swapped neighbours', () => {
  const times = [
    '0123456789',
    '1234067895',
    '2340178956',
    '3401289567',
    '4012395678',
    '5987604321',
    '6598710432',
    '7659821043',
    '8765932104',
    '9876543210',
  ];
  const permute = [
    '0123456789',
    '1576283094',
    '5803796142',
    '8916043527',
    '9453126870',
    '4286573901',
    '2793806415',
    '7046913258',
  ];
  const byTables = (text: string): boolean =>
    [...text].reverse().reduce((c, digit, i) => Number(times[c]?.[Number(permute[i % 8]?.[Number(digit)])]), 0) === 0;
  assert.equal(isVerhoeffValid('2363'), true);
  fc.assert(fc.property(digits(12), (text) => assert.equal(isVerhoeffValid(text), byTables(text))));
  fc.assert(
    fc.property(digits(11), fc.nat(10), (head, at) => {
      const valid = [...'0123456789'].map((digit) => head + digit).find(isVerhoeffValid) as string;
      const [a, b] = [valid.charAt(at), valid.charAt(at + 1)];
      if (a !== b) assert.equal(isVerhoeffValid(valid.slice(0, at) + b + a + valid.slice(at + 2)), false);
    }),
  );
});

test('the NHS check digit is eleven less the remainder, and ten is never one', () => {
  fc.assert(
    fc.property(digits(9), (head) => {
      const sum = [...head].reduce((total, digit, i) => total + Number(digit) * (10 - i), 0);
      const check = (11 - (sum % 11)) % 11;
      assert.equal(validEndings(head, isNhsChecksumValid), check === 10 ? 0 : 1);
      if (check < 10) assert.equal(isNhsChecksumValid(head + String(check)), true);
    }),
  );
});

test('both check digits of a CPF follow from the digits before them', () => {
  fc.assert(
    fc.property(digits(9), (head) => {
      let number = head;
      for (const first of [10, 11]) {
        const sum = [...number].reduce((total, digit, i) => total + Number(digit) * (first - i), 0);
        number += sum % 11 < 2 ? '0' : String(11 - (sum % 11));
      }
      assert.equal(isCpfChecksumValid(number), true);
      const last = (Number(number.at(-1)) + 1) % 10;
      assert.equal(isCpfChecksumValid(number.slice(0, -1) + String(last)), false);
    }),
  );
});

test('a PESEL checks its digits and the century in its month', () => {
  fc.assert(fc.property(digits(10), (head) => assert.equal(validEndings(head, isPeselChecksumValid), 1)));
  assert.equal(hasPeselDate(`901231${'0'.repeat(5)}`), true);
  assert.equal(hasPeselDate('00222900000'), true, '29 February 2000');
  assert.equal(hasPeselDate('00022900000'), false, '29 February 1900');
  assert.equal(hasPeselDate('90130100000'), false);
  assert.equal(hasPeselDate('90923100000'), true, '31 December 1890');
});

test('the key of a NIR is that of the big integer, with the departments of Corsica as numbers', () => {
  fc.assert(
    fc.property(digits(6), (rest) => {
      for (const [department, code] of [
        ['75', '75'],
        ['2A', '19'],
        ['2B', '18'],
      ] as const) {
        const key = 97n - (BigInt(`28501${code}${rest}`) % 97n);
        assert.equal(isNirKeyValid(`28501${department}${rest}${String(key).padStart(2, '0')}`), true);
        assert.equal(isNirKeyValid(`28501${department}${rest}${String((key % 97n) + 1n).padStart(2, '0')}`), false);
      }
    }),
  );
});

test('a NIR needs a sex, a month and a department that exist', () => {
  const nir = (sex: string, month: string, department: string): string => `${sex}85${month}${department}11511100`;
  assert.equal(hasNirStructure(nir('2', '07', '75')), true);
  assert.equal(hasNirStructure(nir('2', '07', '2A')), true);
  assert.equal(hasNirStructure(nir('2', '31', '99')), true);
  assert.equal(hasNirStructure(nir('5', '07', '75')), false);
  assert.equal(hasNirStructure(nir('2', '13', '75')), false);
  assert.equal(hasNirStructure(nir('2', '07', '00')), false);
  assert.equal(hasNirStructure(nir('2', '07', '96')), false);
});
