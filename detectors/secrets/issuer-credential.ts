import type { Detector } from '../detector.ts';
import { type IssuerEvidence, judgeIssuerValue } from '../validators/issuer-value.ts';

/** One detector for all rows of `issuers.tsv`: credentials that differ from others only by issuer and shape. */
export default {
  id: 'issuer-credential',
  name: 'Credential of a known issuer',
  issuer: 'generic',
  category: 'secret',
  severity: 'medium',
  level: 'restricted',
  fix: 'Revoke the credential at its issuer, issue a new one and keep it in a secret store.',
  triggers: [{ table: 'issuers' }],
  maxLength: 1152,
  edges: 'none',
  validate: (value, groups) => judgeIssuerValue(value, groups as unknown as IssuerEvidence),
  bits: 0,
  examples: [
    "'ACCUWEATHER_API_KEY=\"' alnum:28 '27b1\"'",
    "'new-york-times: ' lalnum:28 '27b1'",
    "'openweatherApiKey = ' hex:28 '27b1'",
    "'curl -H \"Authorization: Token ' hex:36 '27b1\" https://api.particle.io/v1/devices'",
    "'x = alcht_' alnum:27 'q3Z'",
  ],
  counterExamples: {
    'no word of an issuer': "'checksum = \"' alnum:28 '27b1\"'",
    'a word of the language as the issuer': "'the linear layer ' hex:28 '27b1'",
    'a name that holds no secret': "'ACCUWEATHER_COMMIT_SHA=' hex:28 '27b1'",
    'an identifier': "'accuweather_user_id = \"' lalnum:28 '27b1\"'",
    'words with a number': "'ACCUWEATHER_KEY=forecast_of_the_day_in_2024_v12'",
    'another length': "'ACCUWEATHER_API_KEY=\"' alnum:20 '27b1\"'",
    'letters over and over': '\'ACCUWEATHER_API_KEY="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa12"\'',
  },
} satisfies Detector;
