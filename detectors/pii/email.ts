import type { Detector, Verdict } from '../detector.ts';
import { findMailbox } from '../validators/mailbox.ts';
import { isTopLevelDomain, TOP_LEVEL_DOMAINS } from '../validators/top-level-domain.ts';
import { accept, documentationValue } from '../validators/verdict.ts';

/** RFC 2606 and RFC 6761, and the domain samples most often use beside them: last labels, and last two. */
const RESERVED: ReadonlySet<string> = new Set([
  'example.com',
  'example.net',
  'example.org',
  'example.edu',
  'example',
  'test',
  'invalid',
  'localhost',
]);
/** Accounts of services, not of people: `git@host:path`. */
const SERVICE_USERS = new Set(['git', 'hg', 'svn', 'ssh', 'npm']);
const DOT = 46;
const UNATTENDED = new Set(['noreply', 'no-reply', 'no_reply', 'donotreply', 'do-not-reply', 'mailer-daemon']);

/** Every row of a table may come here: nothing is made that is not needed. */
function validate(value: string): Verdict | null {
  const at = value.lastIndexOf('@');
  if (at > 64 || value.startsWith('.') || value.charCodeAt(at - 1) === DOT) return null;
  const dots = value.indexOf('..');
  if (dots >= 0 && dots < at && !value.startsWith('"')) return null;
  const lower = value.toLowerCase();
  let end = lower.length;
  let last = lower.lastIndexOf('.');
  if (!isTopLevelDomain(lower.slice(last + 1))) {
    // A sentence that goes on without a space: `bob@host.com.Then`.
    if (!startsSentence(value.slice(last + 1))) return null;
    end = last;
    last = lower.lastIndexOf('.', end - 1);
    if (last < at || !isTopLevelDomain(lower.slice(last + 1, end))) return null;
  }
  const normalized = end === lower.length ? lower : lower.slice(0, end);
  const user = lower.slice(0, at);
  if (SERVICE_USERS.has(user)) return null;
  const two = Math.max(at, lower.lastIndexOf('.', last - 1));
  if (RESERVED.has(normalized.slice(last + 1)) || RESERVED.has(normalized.slice(two + 1))) {
    return documentationValue(normalized);
  }
  if (UNATTENDED.has(user) || normalized.endsWith('@users.noreply.github.com')) {
    return { checks: [], normalized, suppressed: 'unattended-mailbox' };
  }
  return accept('top-level-domain', normalized);
}

function startsSentence(word: string): boolean {
  return (
    word.length > 1 && word.charAt(0) !== word.charAt(0).toLowerCase() && word.slice(1) === word.slice(1).toLowerCase()
  );
}

export default {
  id: 'email-address',
  name: 'E-mail address',
  entity: 'EMAIL',
  category: 'contact',
  severity: 'low',
  level: 'internal',
  fix: 'Remove or tokenise addresses of people before training; published contacts may stay.',
  source: 'RFC 5321 section 4.1.2; IANA root zone',
  triggers: [
    {
      literal: '@',
      at: 'inside',
      before: "A-Za-z0-9_.+%&'#~\\-",
      after: 'A-Za-z0-9',
      ahead: { through: 'A-Za-z0-9-', meets: '.', within: 64 },
    },
    { literal: '"@', at: 'inside', after: 'A-Za-z0-9', ahead: { through: 'A-Za-z0-9-', meets: '.', within: 64 } },
  ],
  pattern:
    '(?:[A-Za-z0-9_.+][A-Za-z0-9_.+%&\'#~-]{0,63}|"[^"\\\\\\r\\n]{1,62}")' +
    '@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,8}(?:xn--[0-9A-Za-z-]{2,59}|[A-Za-z]{2,18})',
  find: findMailbox,
  counter: {
    kind: 'mailbox',
    domains: TOP_LEVEL_DOMAINS,
    leftUsers: [...SERVICE_USERS, ...UNATTENDED],
    leftLabels: ['github', ...RESERVED].map((name) => name.replace(/\..*/, '')),
  },
  maxLength: 320,
  edges: { left: 'mailbox', right: 'word' },
  validate,
  bits: 6,
  context: {
    columns: [
      'email',
      'e_mail',
      'mail',
      'email_address',
      'e_mail_address',
      'emailaddress',
      'contact_email',
      'user_email',
      'correo',
    ],
    weak: ['email', 'e mail', 'mail', 'mailto', 'contact', 'correo', 'courriel', 'メール', '邮箱'],
  },
  examples: [
    (random) => `write to ${random.chars('lower', 6)}.${random.chars('lower', 5)}@${random.chars('lower', 7)}.de today`,
    (random) => `<${random.chars('lower', 3)}+list@mail.${random.chars('lower', 9)}.co.uk>`,
    (random) => `ask "${random.chars('lower', 4)} ${random.chars('lower', 5)}"@${random.chars('lower', 8)}.org`,
  ],
  counterExamples: {
    'no domain of the public root': "'icon@2x.png and pkg@1.2.3'",
    'two dots in a row': "'a..bc@wxyz.com'",
    'a service, not a person': "'git@github.com:org/repo.git'",
    'the password of a URL': "'https://user:pass@host.com/'",
    'domain of one label': "'root@com'",
    'mailbox nobody reads': "'noreply@github.com'",
    'reserved for documentation': "'jane@example.com'",
  },
} satisfies Detector;
