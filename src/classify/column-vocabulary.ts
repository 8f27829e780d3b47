/**
 * What columns are called, by entity: names in several languages, words joined by spaces, in the spelling that
 * `columnWords` gives (lower case, abbreviations written out). First come, first served: the more exact entity goes first.
 */
export const COLUMN_NAMES: Readonly<Record<string, readonly string[]>> = {
  EMAIL: names(
    'email, email address, email id, mail, mail address, mail id, correo, correo electronico, courriel, ' +
      'adresse email, adresse mail, email adresse, endereco email, indirizzo email, メール, 邮箱',
  ),
  PHONE: names(
    'phone, phone number, mobile, mobile number, mobile phone, telephone, telephone number, cell, ' +
      'cell phone, cell number, cellphone, fax, fax number, msisdn, whatsapp, contact number, telefon, ' +
      'telefonnummer, telefono, telefone, telefoonnummer, celular, movil, handy, handynummer, portable, ' +
      '电话, 手机, 電話',
  ),
  CREDIT_CARD: names(
    'credit card, credit card number, creditcard, creditcard number, card number, cardnumber, cc number, ' +
      'ccn, debit card, debit card number, payment card, payment card number, kreditkarte, ' +
      'kreditkartennummer, numero tarjeta, tarjeta credito, numero carte, carte bancaire, cartao credito, ' +
      'numero cartao, 信用卡',
  ),
  IBAN: names('iban, iban number, iban code, account iban, iban account'),
  BIC: names('bic, swift, swift code, bic code, bic swift, swift bic, bic8, bic11'),
  IP_ADDRESS: names(
    'ip, ip address, ipaddress, ipv4, ipv6, ipv4 address, ipv6 address, client ip, remote address, ' +
      'remote ip, source address, destination address, ip adresse, adresse ip, direccion ip',
  ),
  MAC_ADDRESS: names('mac, mac address, macaddress, bssid, hardware address, hwaddr, adresse mac, mac adresse'),
  US_SSN: names(
    'ssn, social security, social security number, soc sec, soc sec number, socialsecuritynumber, ' +
      'ssn number, us ssn',
  ),
  UK_NHS: names('nhs, nhs number, nhs id, uk nhs'),
  FR_NIR: names('nir, fr nir, numero securite sociale, securite sociale, numero secu, insee nir'),
  PL_PESEL: names('pesel, pl pesel, pesel number, numer pesel, number pesel'),
  BR_CPF: names('cpf, br cpf, cpf number, numero cpf, number cpf'),
  IN_AADHAAR: names('aadhaar, aadhar, in aadhaar, aadhaar number, aadhar number, aadhaar id, uidai number'),
  IN_PAN: names('in pan, pan card, pan card number, permanent account number'),
  US_ITIN: names('itin, us itin, individual taxpayer identification number'),
  US_NPI: names('npi, us npi, npi number, national provider identifier'),
  CA_SIN: names('ca sin, social insurance number, sin number'),
  UK_NINO: names('nino, uk nino, national insurance number, ni number'),
  DE_TAX_ID: names('de tax id, steuer id, steueridentifikationsnummer, idnr, steuerid'),
  ES_DNI: names('es dni, dni, numero dni, dni number'),
  ES_NIE: names('es nie, nie, numero nie'),
  IT_FISCAL_CODE: names('codice fiscale, it fiscal code, codicefiscale, fiscal code'),
  NL_BSN: names('bsn, nl bsn, burgerservicenummer, bsn number'),
  AU_TFN: names('tfn, au tfn, tax file number'),
  VIN: names('vin, vehicle identification number, vin number, chassis number, fahrgestellnummer'),
  IMEI: names('imei, imei number'),
  PASSPORT: names(
    'passport, passport number, passport id, reisepass, reisepassnummer, numero pasaporte, pasaporte, ' + 'passeport',
  ),
  US_DRIVER_LICENSE: names('us driver license'),
  DRIVER_LICENSE: names(
    'driver license, driver license number, drivers license, drivers license number, driving license, ' +
      'driving license number, driver licence, driving licence, driving licence number, dl number, ' +
      'dl license, driving lic, dln, fuhrerschein, permis conduire',
  ),
  US_ABA_ROUTING: names('aba, routing number, aba routing number, aba number, routing transit number'),
  BANK_ACCOUNT: names('bank account, bank account number, account number, kontonummer, numero cuenta, konto number'),
  MEDICAL_RECORD_NUMBER: names('mrn, medical record number, medical record, patient mrn'),
  PASSWORD: names('password, passwd, passwort, mot passe, contrasena, senha'),
  USERNAME: names('username, user name, login, login name, screen name, nickname'),
  DATE_OF_BIRTH: names(
    'dob, date birth, birth date, birthdate, birthday, birth day, geburtsdatum, geburtstag, ' +
      'fecha nacimiento, date naissance, data nascimento, data nascita, data urodzenia, geboortedatum, ' +
      '出生日期, 生年月日',
  ),
  GENDER: names('gender, sex, geschlecht, sexe, sexo, genere, plec, 性别, 性別'),
  AGE: names('age, current age, alter, edad, idade, eta, wiek, 年龄, 年齢'),
  STREET_ADDRESS: names(
    'address, street address, street, home address, mailing address, postal address, address line, add, ' +
      'street name number, anschrift, adresse, direccion, endereco, indirizzo, strasse, adres, 住所, 地址',
  ),
  PERSON: names(
    'full name, fullname, first name, firstname, last name, lastname, middle name, surname, given name, ' +
      'family name, forename, maiden name, person name, person, patient, patient name, employee name, ' +
      'athlete name, athlete, student name, customer name, client name, contact name, contact person, ' +
      'owner name, cardholder, cardholder name, account holder, author name, member name, player name, ' +
      'doctor name, vorname, nachname, prenom, nombre completo, apellido, apellidos, sobrenome, ' +
      'nome completo, cognome, imie, nazwisko, imie nazwisko, 姓名, 氏名, имя, фамилия',
  ),
};

/** `name` alone says nothing without its neighbours. */
export const BARE_NAMES: ReadonlySet<string> = new Set(names('name, names, nom, nombre, nome'));
/** Offices that stand for the person who holds them, where the neighbours are ways to reach that person. */
export const OFFICES: ReadonlySet<string> = new Set(
  names(
    'ceo, ceo md, chairman, managing director, ceo managing director, general manager, manager, president, ' +
      'secretary, principal, director',
  ),
);
/** Neighbours that make a table one of people. */
export const PERSONAL_WORDS: ReadonlySet<string> = new Set(
  names(
    'email, phone, mobile, ssn, gender, sex, age, birth, birthdate, dob, surname, nationality, person, ' +
      'alias, salary, occupation, passport, patient, student, employee, athlete, fax, telephone, firstname, ' +
      'lastname',
  ),
);
/** Neighbours that make it one of things. */
export const THING_WORDS: ReadonlySet<string> = new Set(
  names(
    'price, latitude, lat, longitude, host, product, sku, brand, manufacturer, model, species, ' +
      'neighbourhood, room, calories, genre, album, version, population',
  ),
);
/** Words that say whose or which one, not what. */
export const FILLER_WORDS: ReadonlySet<string> = new Set(
  names(
    'customer, client, user, usr, cust, emp, employee, person, personal, patient, member, primary, ' +
      'secondary, home, work, business, office, contact, billing, shipping, main, alt, alternate, other, my, ' +
      'your, the, of, de, di, da, do, du, la, source, destination, src, dst, sender, recipient, owner, ' +
      'account, admin, guest, holder, applicant, student, last, first, branch',
  ),
);
/** Words that make it a property of the thing instead of the thing. */
export const ABOUT_WORDS: ReadonlySet<string> = new Set(
  names(
    'type, flag, is, has, count, verified, valid, status, length, domain, provider, format, score, limit, ' +
      'brand, income, expires, expiry, expiration, issued, sent, opened, total, amount, rate, opt, consent, ' +
      'hash, url, template, subject, body, size, enabled, version, group, range, band, bucket, frequency, use, ' +
      'month, year, index, title, category, balance, model, carrier, os, plan, suffix, reputation, updated, ' +
      'created, time, default, education, housing, family status, country, code',
  ),
);
/** Words of the states of the US, for columns that hold the identifiers of one. */
export const US_STATES: ReadonlySet<string> = new Set(
  names(
    'alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, ' +
      'hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, ' +
      'michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, hampshire, jersey, mexico, york, ' +
      'carolina, dakota, ohio, oklahoma, oregon, pennsylvania, rhode, tennessee, texas, utah, vermont, ' +
      'virginia, washington, wisconsin, wyoming',
  ),
);

function names(list: string): string[] {
  return list.split(', ');
}
