import type { Verdict } from '../../detector.ts';
import { nationalId } from '../../national-id.ts';
import { isRepeated } from '../../validators/digits.ts';
import { accept, documentationValue, placeholder } from '../../validators/verdict.ts';

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

function letterOf(number: number): string {
  return LETTERS.charAt(number % 23);
}

function validateDni(value: string): Verdict | null {
  const dni = value.replace('-', '').replaceAll('.', '');
  const number = dni.slice(0, 8);
  if (letterOf(Number(number)) !== dni.charAt(8)) return null;
  if (number === '12345678') return documentationValue(dni);
  return isRepeated(number) ? placeholder(dni) : accept('mod23', dni);
}

function validateNie(value: string): Verdict | null {
  const nie = value.replaceAll('-', '');
  const number = String('XYZ'.indexOf(nie.charAt(0))) + nie.slice(1, 8);
  return letterOf(Number(number)) === nie.charAt(8) ? accept('mod23', nie) : null;
}

export default [
  nationalId({
    id: 'es-dni',
    name: 'Spanish identity number (DNI)',
    entity: 'ES_DNI',
    source: 'Real Decreto 1553/2005; Orden INT/2058/2008',
    shapes: ['99999999A', '99999999-A'],
    validate: validateDni,
    randomPass: 0.038,
    bits: -3,
    context: {
      strong: ['dni', 'nif', 'documento nacional de identidad', 'documento de identidad'],
      weak: ['identidad', 'titular', 'españa'],
      against: ['pedido', 'serial', 'part number', 'passport'],
      columns: ['dni', 'es_dni', 'nif', 'es_nif', 'dni_number', 'numero_dni'],
      columnsAgainst: ['sku', 'part_number', 'serial'],
    },
    counterExamples: { 'in every form that explains it': "'DNI 12345678Z'" },
  }),
  nationalId({
    id: 'es-nie',
    name: 'Spanish foreigner identity number (NIE)',
    entity: 'ES_NIE',
    source: 'Real Decreto 557/2011, article 206',
    shapes: [
      'X9999999A',
      'Y9999999A',
      'Z9999999A',
      'X-9999999-A',
      'Y-9999999-A',
      'Z-9999999-A',
      'X9999999-A',
      'Y9999999-A',
      'Z9999999-A',
    ],
    validate: validateNie,
    randomPass: 0.038,
    bits: -1,
    context: {
      strong: ['nie', 'número de identidad de extranjero', 'extranjero', 'extranjería'],
      weak: ['identidad', 'titular', 'españa', 'dni', 'nif'],
      against: ['pedido', 'serial', 'part number'],
      columns: ['nie', 'es_nie', 'nie_number', 'numero_nie', 'dni', 'nif'],
      columnsAgainst: ['sku', 'part_number', 'serial'],
    },
  }),
];
