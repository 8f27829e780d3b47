import { CorpusSet } from '../corpus-set.ts';
import { type Kind, PEOPLE, phrase, SECRETS } from '../kinds.ts';
import { paragraph, sentence } from '../prose.ts';

const PAGES: [name: string, encoding: BufferEncoding, kinds: Kind[]][] = [
  ['imprint.html', 'utf8', [PEOPLE.email, PEOPLE.phone, PEOPLE.iban]],
  ['forum-thread.txt', 'utf8', [SECRETS.openai, PEOPLE.email, SECRETS.urlPassword, PEOPLE.ip]],
  ['how-to-deploy.md', 'utf8', [SECRETS.awsId, SECRETS.slackHook, SECRETS.google]],
  ['patient-story.txt', 'utf8', [PEOPLE.nhs, PEOPLE.phone]],
  ['annonce.txt', 'latin1', [PEOPLE.nir, PEOPLE.email]],
  ['leaked-paste.txt', 'utf16le', [SECRETS.stripe, PEOPLE.card, PEOPLE.ssn, SECRETS.github]],
  ['ogloszenie.txt', 'utf8', [PEOPLE.pesel, PEOPLE.cpf, PEOPLE.aadhaar]],
];

/** Crawled pages as text, in three encodings. */
export function web(): CorpusSet {
  const set = new CorpusSet('web');
  const { random } = set;
  for (const [name, encoding, kinds] of PAGES) {
    const lines = name.endsWith('.html') ? ['<!doctype html>', '<title>About this page</title>'] : [];
    for (const kind of kinds) {
      lines.push(paragraph(random, 3), '', `${sentence(random)}`);
      const item = set.make(kind);
      const text = phrase(kind, item.value);
      lines.push(name.endsWith('.html') ? `<p>${text}</p>` : `Note: ${text}`);
      set.plant(name, item, { line: lines.length });
    }
    lines.push(encoding === 'latin1' ? 'Écrit à la plage, près du café.' : sentence(random), '');
    const text = lines.join('\n');
    set.write(name, Buffer.from(encoding === 'utf16le' ? `\ufeff${text}` : text, encoding));
  }
  set.write('plain.txt', `${Array.from({ length: 200 }, () => paragraph(random, 5)).join('\n\n')}\n`);
  return set;
}
