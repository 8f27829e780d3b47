/**
 * Length of the whole IBAN and structure of the part after the check digits, by country: `4a14n` is four letters and
 * fourteen digits, `c` any upper-case letter or digit (SWIFT IBAN registry; countries that use the format without being
 * registered have a length only).
 */
const REGISTRY = `
AD24:8n12c AE23:19n AL28:8n16c AT20:16n AZ28:4a20c BA20:16n BE16:12n BG22:4a6n8c BH22:4a14c BI27:23n BR29:23n1a1c
BY28:4c4n16c CH21:5n12c CR22:18n CY28:8n16c CZ24:20n DE22:18n DJ27:23n DK18:14n DO28:4c20n EE20:16n EG29:25n ES24:20n
FI18:14n FK18:2a12n FO18:14n FR27:10n11c2n GB22:4a14n GE22:2a16n GI23:4a15c GL18:14n GR27:7n16c GT28:24c HN28:4a20n
HR21:17n HU28:24n IE22:4a14n IL23:19n IQ23:4a15n IS26:22n IT27:1a10n12c JO30:4a4n18c KW30:4a22c KZ20:3n13c LB28:4n20c
LC32:4a24c LI21:5n12c LT20:16n LU20:3n13c LV21:4a13c LY25:21n MC27:10n11c2n MD24:20c ME22:18n MK19:3n10c2n MN20:16n
MR27:23n MT31:4a5n18c MU30:4a19n3a NI28:4a20n NL18:4a10n NO15:11n OM23:3n16c PK24:4a16c PL28:24n PS29:4a21c PT25:21n
QA29:4a21c RO24:4a16c RS22:18n RU33:14n15c SA24:2n18c SC31:4a20n3a SD18:14n SE24:20n SI19:15n SK24:20n SM27:1a10n12c
SO23:19n ST25:21n SV28:4a20n TL23:19n TN24:20n TR26:5n1n16c UA29:6n19c VA22:18n VG24:4a16n XK20:16n YE30:4a4n18c
AO25: BF28: BJ28: CF27: CG27: CI28: CM27: CV25: DZ26: GA27: GQ27: GW25: IR26: KM27: MA28: MG27: ML28: MZ25: NE28:
SN28: TD27: TG28:`;

interface Country {
  length: number;
  parts: { length: number; kind: string }[];
}

const COUNTRIES = new Map<string, Country>(
  REGISTRY.trim()
    .split(/\s+/)
    .map((entry) => {
      const [head = '', structure = ''] = entry.split(':');
      const parts = (structure.match(/\d+[anc]/g) ?? []).map((part) => ({
        length: Number(part.slice(0, -1)),
        kind: part.slice(-1),
      }));
      return [head.slice(0, 2), { length: Number(head.slice(2)), parts }];
    }),
);

/** Country codes by length of their IBAN. */
export function ibanCountriesByLength(): Map<number, string[]> {
  const lengths = new Map<number, string[]>();
  for (const [country, { length }] of COUNTRIES) lengths.set(length, [...(lengths.get(length) ?? []), country]);
  return lengths;
}

/** Whether length and characters are those of the country's IBANs. `iban` has no separators. */
export function hasIbanStructure(iban: string): boolean {
  const country = COUNTRIES.get(iban.slice(0, 2));
  if (country === undefined || iban.length !== country.length) return false;
  let at = 4;
  for (const { length, kind } of country.parts) {
    for (const end = at + length; at < end; at++) if (!isOfKind(iban.charCodeAt(at), kind)) return false;
  }
  return true;
}

function isOfKind(code: number, kind: string): boolean {
  const isDigit = code >= 48 && code <= 57;
  const isLetter = code >= 65 && code <= 90;
  return kind === 'n' ? isDigit : kind === 'a' ? isLetter : isDigit || isLetter;
}
