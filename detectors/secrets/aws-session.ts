import type { Detector } from '../detector.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';

export default {
  id: 'aws-session-token',
  name: 'AWS session token',
  issuer: 'aws',
  category: 'secret',
  severity: 'medium',
  level: 'restricted',
  fix: 'Revoke the active sessions of the role; the token ends by itself within 36 hours.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html',
  triggers: [
    ...['aws_session_token', 'aws_security_token', 'awssessiontoken', 'x-amz-security-token'].map((literal) => ({
      literal,
      fold: true,
    })),
    { literal: 'SessionToken' },
    // Base64 of how tokens of the token service begin.
    { literal: 'IQoJb3JpZ2lu' },
    { literal: 'FwoGZXIvYXdz' },
  ],
  pattern:
    '(?:[A-Za-z_-]{12,20}(?:\\\\{0,2}["\'])?[ \\t]{0,4}[:=>][ \\t]{0,4}(?:\\\\{0,2}["\'])?)?(?P<value>[0-9A-Za-z/+%=._-]{100,1000}[0-9A-Za-z/+%=._-]*)',
  maxLength: 3000,
  edges: { left: 'none', right: 'base64' },
  validate: (value) => {
    const { lower, upper, digit } = countLetters(value);
    // Lists of words and addresses are long as well.
    if (upper * 6 < value.length || lower * 6 < value.length || digit * 30 < value.length) return null;
    const suppressed = placeholderReason(value.slice(0, 60));
    return suppressed === null ? { checks: [] } : { checks: [], suppressed };
  },
  bits: 5,
  examples: [
    "'AWS_SESSION_TOKEN=\"' base64:400 '=\"\\n'",
    "'\"SessionToken\": \"' 'IQoJb3JpZ2lu' base64:600 '=\"'",
    "'&X-Amz-Security-Token=FwoGZXIvYXdz' alnum:300 '%2F' alnum:100 '%3D&X-Amz-Signature=1'",
  ],
  counterExamples: {
    'too short': "'AWS_SESSION_TOKEN=' alnum:40",
    'a variable': "'aws_session_token = credentials.session_token_of_the_role_that_was_assumed_before'",
    'one character over and over': `'AWS_SESSION_TOKEN=${'x'.repeat(300)}'`,
    'words joined by dashes': `'SessionToken=${'a-name-of-a-page-'.repeat(12)}'`,
  },
} satisfies Detector;
