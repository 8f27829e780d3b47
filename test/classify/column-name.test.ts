import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeColumn } from '../../src/classify/column-name.ts';
import { columnWords } from '../../src/classify/column-words.ts';

const entityOf = (name: string, siblings: string[] = [], values?: string[]): string | null =>
  judgeColumn({ name, siblings, ...(values === undefined ? {} : { values }) })?.entity ?? null;

test('names are taken apart into words of one spelling', () => {
  assert.deepEqual(columnWords('customerEmailAddr'), ['customer', 'email', 'address']);
  assert.deepEqual(columnWords('E-Mail'), ['email']);
  assert.deepEqual(columnWords('PHONE_NO.'), ['phone', 'number']);
  assert.deepEqual(columnWords('SSNNumber'), ['ssn', 'number']);
  assert.deepEqual(columnWords('Téléphone'), ['telephone']);
  assert.deepEqual(columnWords(''), []);
});

describe('names that say what a column holds', () => {
  const names: Record<string, string[]> = {
    EMAIL: ['email', 'E-Mail Address', 'userEmail', 'contact_email_2', 'correo electrónico'],
    PHONE: ['phone', 'Mobile No', 'home_phone', 'fax', 'Téléfono', 'customerPhoneNumber'],
    CREDIT_CARD: ['Card Number', 'cc_num', 'creditCardNumber', 'Numéro carte'],
    IBAN: ['IBAN', 'customer_iban'],
    BIC: ['swift_code', 'BIC'],
    IP_ADDRESS: ['ip', 'client_ip', 'Source.IP', 'SrcAddr', 'remote_addr', 'IPv6'],
    MAC_ADDRESS: ['mac_address', 'BSSID'],
    US_SSN: ['ssn', 'SocialSecurityNumber', 'social_security_no', 'employee_ssn'],
    UK_NHS: ['nhs_number', 'NHS No'],
    PL_PESEL: ['pesel', 'nr_pesel'],
    BR_CPF: ['cpf', 'CPF_cliente'],
    IN_AADHAAR: ['aadhaar_no'],
    VIN: ['VIN'],
    US_DRIVER_LICENSE: ['DL num Ohio'],
    DRIVER_LICENSE: ['driver_license_number'],
    DATE_OF_BIRTH: ['dob', 'BirthDate', 'Geburtsdatum', 'patient_dob'],
    GENDER: ['sex', 'Gender'],
    PERSON: ['first_name', 'lastName', 'Full Name', 'Nachname'],
    STREET_ADDRESS: ['street', 'home_address', 'Address Line 1'],
  };
  for (const [entity, spellings] of Object.entries(names)) {
    test(entity, () => {
      for (const name of spellings) assert.equal(entityOf(name), entity, name);
    });
  }
});

test('a property of the thing is not the thing', () => {
  for (const name of [
    'email_verified',
    'phone_type',
    'FLAG_PHONE',
    'num_credit_card',
    'card_brand',
    'Credit_Limit',
    'email_domain',
    'image_url',
    'id',
    'description',
    'ip_count',
  ]) {
    assert.equal(entityOf(name), null, name);
  }
});

test('a name is a person only among the data of people', () => {
  assert.equal(entityOf('name', ['email', 'age']), 'PERSON');
  assert.equal(entityOf('name', ['price', 'latitude', 'email']), null);
  assert.equal(entityOf('name', []), null);
});

test('values that look like something else overrule the name', () => {
  assert.equal(entityOf('card_number', [], ['1', '2', '3']), null);
  assert.equal(entityOf('email', [], ['weekly', 'daily', 'never']), null);
  assert.equal(entityOf('email', [], ['', 'a@b.example', 'c@d.example']), 'EMAIL');
});
