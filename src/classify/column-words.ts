const WRITTEN_OUT: Readonly<Record<string, string>> = {
  addr: 'address',
  addrs: 'address',
  num: 'number',
  nbr: 'number',
  nr: 'number',
  no: 'number',
  '#': 'number',
  ph: 'phone',
  tel: 'telephone',
  phones: 'phone',
  emails: 'email',
  mob: 'mobile',
  fname: 'firstname',
  lname: 'lastname',
  lic: 'license',
  acct: 'account',
  acc: 'account',
  src: 'source',
  dst: 'destination',
  dest: 'destination',
  srcaddr: 'source address',
  dstaddr: 'destination address',
  phonenumber: 'phone number',
  phoneno: 'phone number',
  mobileno: 'mobile number',
  emailaddress: 'email address',
};
/** Small words that carry no meaning in a name. */
const DROPPED = new Set(['of', 'de', 'la', 'di', 'da', 'do', 'du', 'und', 'and', 'et', 'y', 'the']);

/**
 * The words of a column name: camelCase, snake_case, spaces and punctuation taken apart, lower case, accents dropped,
 * abbreviations written out, `e-mail` joined. `Cust_E-MailAddr2` gives `cust email address 2`.
 */
export function columnWords(name: string): string[] {
  const words: string[] = [];
  let word = '';
  let previous = '';
  const text = name.normalize('NFD');
  const close = (): void => {
    if (word !== '') words.push(word.toLowerCase());
    word = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const kind = kindOf(text.charCodeAt(i));
    if (kind === 'mark') continue;
    const startsWord =
      kind === 'upper'
        ? previous === 'lower' || (previous === 'upper' && kindOf(text.charCodeAt(i + 1)) === 'lower')
        : kind === 'digit' && previous !== 'digit' && word.length > 3;
    if (kind === 'other' || startsWord) close();
    if (char === '#') words.push('#');
    else if (kind !== 'other') word += char;
    previous = kind;
  }
  close();
  return joinEmail(words).flatMap((each) => (DROPPED.has(each) ? [] : (WRITTEN_OUT[each] ?? each).split(' ')));
}

function joinEmail(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 'e' && words[i + 1] === 'mail') {
      joined.push('email');
      i++;
    } else joined.push(words[i] as string);
  }
  return joined;
}

function kindOf(code: number): 'upper' | 'lower' | 'digit' | 'mark' | 'other' {
  if (code >= 48 && code <= 57) return 'digit';
  if (code >= 65 && code <= 90) return 'upper';
  if (code >= 97 && code <= 122) return 'lower';
  if (code >= 0x300 && code <= 0x36f) return 'mark';
  return code > 127 ? 'lower' : 'other';
}
