import type { Detector } from '../detector.ts';
import { judgeAssignment } from '../validators/assigned-secret.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';
import { isCommonPassword, isTemplate } from '../validators/uri.ts';

const shared = {
  issuer: 'generic',
  category: 'secret',
  severity: 'high',
  level: 'restricted',
  fix: 'Replace the value wherever it is used and keep it in a secret store.',
  edges: 'none',
  bits: 0.5,
} as const;

export default [
  {
    ...shared,
    id: 'dockerfile-env-secret',
    name: 'Password or token in a Dockerfile',
    triggers: [{ literal: 'ENV ', after: 'A-Z', ahead: { through: 'A-Z0-9_', meets: ' ', within: 60 } }],
    pattern:
      'ENV [A-Z0-9_]{0,50}?(?P<name>PASSWORD|PASSWD|PASS|TOKEN|SECRET|[A-Z]{2,12}_KEY) (?P<value>[^\\x00-\\x20"\'<>\\x60]{6,200})',
    maxLength: 280,
    edges: { left: 'word', right: 'none' },
    validate: (value, { name = '' }) => judgeAssignment({ name, value, isQuoted: false }),
    examples: ["'ENV DB_PASSWORD ' upper:2 lower:6 digit:4 '\\n'", "'ENV API_KEY ' alnum:30 '27\\n'"],
    counterExamples: {
      'a variable': "'ENV DB_PASSWORD $' '{PASSWORD}'",
      'another thing': "'ENV KEY_FILE /run/keys/2021/site17.pem'",
      'letters over and over': "'ENV DB_PASSWORD xxxxxxxx'",
    },
  },
  {
    ...shared,
    id: 'powershell-plain-password',
    name: 'Password in plain text in PowerShell',
    source: 'https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring',
    triggers: [{ literal: 'ConvertTo-SecureString' }],
    pattern:
      'ConvertTo-SecureString(?: -String| -AsPlainText| -Force){0,3} ["\'](?P<value>[^\\x00-\\x20"\'<>]{6,120})["\']',
    maxLength: 200,
    validate: (value) => (value.startsWith('$') ? null : judgeAssignment({ name: 'password', value, isQuoted: true })),
    examples: ["'ConvertTo-SecureString \"' upper:2 lower:6 digit:4 '\" -AsPlainText -Force'"],
    counterExamples: {
      'a variable': '\'ConvertTo-SecureString "$Env:DB_PASSWORD_2" -AsPlainText\'',
      'a word of documentation': '\'ConvertTo-SecureString "password" -AsPlainText\'',
      'no literal': "'ConvertTo-SecureString $password -AsPlainText -Force'",
    },
  },
  {
    ...shared,
    id: 'wifi-password',
    name: 'Password of a wireless network (text of a QR code)',
    triggers: [{ literal: 'WIFI:' }],
    pattern: 'WIFI:(?:[STH]:[^\\x00-\\x1f;]{0,40};){0,3}P:(?P<value>[^\\x00-\\x1f;]{8,63});',
    maxLength: 220,
    validate: (value) => judgeAssignment({ name: 'password', value, isQuoted: true }),
    bits: 3,
    examples: ["'WIFI:' 'T:WPA;S:shop;P:' lower:6 digit:3 ';;'"],
    counterExamples: {
      'an open network': "'WIFI:T:nopass;S:shop;;'",
      'a word of documentation': "'WIFI:T:WPA;S:shop;P:password;;'",
      'letters over and over': "'WIFI:T:WPA;S:shop;P:xxxxxxxx;;'",
    },
  },
  {
    ...shared,
    id: 'command-line-password',
    name: 'Password or token on a command line',
    severity: 'high',
    triggers: ['--password ', '--passphrase ', '--token ', '--secret ', '--api-key ', '--pass '].map((literal) => ({
      literal,
    })),
    pattern: '--(?P<name>[a-z-]{4,12}) {1,3}["\']?(?P<value>[^\\x00-\\x20"\'<>\\x60]{6,200})',
    maxLength: 230,
    validate: (value, groups) =>
      value.startsWith('-') ? null : judgeAssignment({ name: groups.name ?? '', value, isQuoted: false }),
    bits: 0.5,
    examples: ["'mysql --user shop --password ' upper:2 lower:6 digit:4 ' db'", "'deploy --token ' alnum:24 '77'"],
    counterExamples: {
      'a variable': "'deploy --token $DEPLOY_TOKEN'",
      'the next option': "'mysql --password --host=db1.internal.host'",
      'a word': "'mysql --password swordfish'",
    },
  },
  {
    ...shared,
    id: 'curl-user-password',
    name: 'User and password of a curl command',
    severity: 'high',
    triggers: [{ literal: 'curl ' }],
    pattern:
      'curl (?:[^\\x00\\n\\\\]|\\\\[^\\x00]){0,300}?(?:-u|--user)[ =]{0,3}["\']?(?P<user>[^\\x00-\\x20:"\'<>]{0,60}):["\']?(?P<value>[^\\x00-\\x20"\'<>\\x60]{6,120})',
    maxLength: 512,
    validate: (value, groups) => {
      if (isTemplate(value) || isTemplate(groups.user ?? '') || value.includes('$(') || value.includes('${'))
        return null;
      const suppressed = isCommonPassword(value) ? 'placeholder' : placeholderReason(value);
      const { lower, upper, digit, other } = countLetters(value);
      const kinds = Number(lower > 0) + Number(upper > 0) + Number(digit > 0) + Number(other > 0);
      if (kinds < 2) return null;
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    bits: 3,
    examples: [
      "'curl -u robot:' alnum:14 '7 https://files.shop.internal/'",
      "'curl -X POST --user \"robot:' alnum:14 '7\" -d x'",
    ],
    counterExamples: {
      'a variable': '\'curl -u "robot:$ROBOT_PASSWORD" https://files.shop.internal/\'',
      'words of documentation': "'curl -u username:password https://files.shop.internal/'",
      'no password': "'curl -u robot https://files.shop.internal/a:b'",
    },
  },
] satisfies Detector[];
