import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isDate } from '../../../detectors/validators/calendar.ts';
import { callingCode } from '../../../detectors/validators/calling-code.ts';
import { cardBrand } from '../../../detectors/validators/card-brand.ts';
import { parseIpv4, parseIpv6 } from '../../../detectors/validators/ip-address.ts';
import { validateInternational, validateNanp, validateNational } from '../../../detectors/validators/phone-number.ts';
import { isTopLevelDomain } from '../../../detectors/validators/top-level-domain.ts';

test('addresses are parsed as the standard library does', () => {
  const part = fc.oneof(
    fc.constantFrom('', '0', '1', 'ffff', '10000', 'g', '12.1.2.3'),
    fc.stringMatching(/^[0-9a-f]{1,4}$/),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 10 }), (parts) => {
      const text = parts.join(':');
      assert.equal(parseIpv6(text) !== null, isIPv6(text), text);
    }),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.ipV6(), (text) => assert.notEqual(parseIpv6(text), null)));
  const octet = fc.constantFrom('0', '1', '255', '256', '01', '', '99');
  fc.assert(
    fc.property(fc.array(octet, { minLength: 3, maxLength: 5 }), (parts) => {
      const text = parts.join('.');
      assert.equal(parseIpv4(text) !== null, isIPv4(text), text);
    }),
  );
});

test('a compressed address is filled with zeros', () => {
  assert.deepEqual(parseIpv6('2a02::1:7'), [0x2a02, 0, 0, 0, 0, 0, 1, 7]);
  assert.deepEqual(parseIpv6('::ffff:1.2.3.4'), [0, 0, 0, 0, 0, 0xffff, 0x102, 0x304]);
});

test('days of the calendar exist exactly when the platform keeps them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1800, max: 2200 }), fc.nat(14), fc.nat(33), (year, month, day) => {
      const date = new Date(Date.UTC(year, month - 1, day));
      assert.equal(
        isDate(year, month, day),
        date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0,
      );
    }),
  );
});

test('card networks are known by prefix and length together', () => {
  const of = (prefix: string, length: number): string | null => cardBrand(prefix.padEnd(length, '0'));
  assert.equal(of('4', 16), 'visa');
  assert.equal(of('4', 15), null);
  assert.equal(of('37', 15), 'amex');
  assert.equal(of('2221', 16), 'mastercard');
  assert.equal(of('2220', 16), null);
  assert.equal(of('2720', 16), 'mastercard');
  assert.equal(of('2721', 16), null);
  assert.equal(of('17', 16), null, 'microseconds since 1970');
});

test('a calling code needs as many digits after it as its country has', () => {
  assert.equal(callingCode('33612345678'), '33');
  assert.equal(callingCode('3361234567'), null);
  assert.equal(callingCode('12125550000'), '1');
  assert.equal(callingCode('999123456789'), null);
});

test('a trunk zero in parentheses is not part of the number', () => {
  assert.equal(validateInternational('+44 (0)20 7123 4567')?.normalized, '+442071234567');
  assert.equal(validateInternational('+41 71 526 99 04')?.normalized, '+41715269904');
  assert.equal(validateInternational('+41 71 526 99'), null);
});

test('numbers outside the North American plan weigh less, fiction is suppressed', () => {
  const inPlan = validateNanp('(212) 736-5000');
  const outside = validateNanp('(112) 036-5000');
  assert.ok((inPlan?.bits ?? 0) > (outside?.bits ?? 0));
  assert.equal(outside?.checks[0]?.passed, false);
  assert.equal(validateNanp('212-555-0123')?.suppressed, 'documentation-value');
});

test('dates, decimals and ISBNs are no telephone numbers', () => {
  for (const text of ['2024-01-31 12', '31.01.2024', '2009/2010', '200.38294427', '9783161484100', '123456']) {
    assert.equal(validateNational(text), null, text);
  }
  assert.notEqual(validateNational('0161 496 123'), null);
});

test('domains of the public root are told from file names', () => {
  for (const label of ['com', 'de', 'museum', 'xn--p1ai']) assert.equal(isTopLevelDomain(label), true, label);
  for (const label of ['png', 'local', 'js', 'cob', 'test']) assert.equal(isTopLevelDomain(label), false, label);
});
