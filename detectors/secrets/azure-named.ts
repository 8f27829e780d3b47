import type { Detector } from '../detector.ts';
import { judgeAzureKey } from '../validators/azure-key.ts';
import { countLetters } from '../validators/entropy.ts';

const FIX = 'Regenerate the key in the Azure portal; use the second key of the resource while clients change over.';
const shared = { issuer: 'azure', category: 'secret', level: 'restricted', severity: 'high' } as const;
/** Services whose keys have no mark of their own: older ones are 32 hex digits, newer ones 52 or 84 letters and digits. */
const SERVICES = [
  'azure',
  'apim',
  'cognitive',
  'form_recognizer',
  'formrecognizer',
  'spatial_anchors',
  'speech_key',
  'subscription-key',
  'subscription_key',
  'text_analytics',
  'textanalytics',
  'translator_key',
];
/** What may stand between a name and its value. */
const BETWEEN = '["\'\\]]{0,2}[ \\t]{0,8}(?::=|=>|[:=,])[ \\t]{0,8}["\'\\x60]?';
const OPERATOR_AHEAD = { through: 'A-Za-z0-9_ .\\-', meets: ':="\'\\]', within: 60 };
const TOKEN_NAMES = ['ado_pat', 'ado_token', 'azdo', 'azure_pat', 'azurepat', 'devops', 'vsts'];

export default [
  {
    ...shared,
    id: 'azure-service-key',
    name: 'Azure service key by its name',
    fix: FIX,
    source: 'https://learn.microsoft.com/azure/ai-services/authentication',
    triggers: [
      ...SERVICES.map((literal) => ({ literal, fold: true, ahead: OPERATOR_AHEAD })),
      { literal: 'ubscriptionKey', at: 'inside', ahead: OPERATOR_AHEAD },
    ],
    pattern: `(?P<name>[A-Za-z][0-9A-Za-z_ .-]{3,64}?)${BETWEEN}(?P<value>[0-9A-Za-z]{84}|[0-9A-Za-z]{52}|[0-9A-Fa-f]{32})`,
    maxLength: 180,
    edges: { left: 'none', right: 'base64' },
    validate: (value, groups) => {
      const name = (groups.name ?? '').toLowerCase().replaceAll('-', '_');
      if (!['key', 'secret', 'token', 'key1', 'key2'].some((word) => name.endsWith(word))) return null;
      const { lower, upper, digit } = countLetters(value);
      if (lower + upper === 0 || digit === 0) return null;
      // A key is seldom as regular as digits that count up, and keys of documentation mostly are.
      return judgeAzureKey(value);
    },
    bits: 4,
    context: { against: ['partition', 'public', 'hash', 'md5', 'checksum'] },
    examples: [
      "'AZURE_VISION_KEY=' hex:32 '\\n'",
      "'Ocp-Apim-Subscription-Key: ' hex:32 '\\n'",
      "'visionSubscriptionKey: \\'' hex:32 '\\''",
      '\'{"azureSearchKey": "\' alnum:52 \'"}\'',
      "'speech_key = \"' alnum:84 '\"'",
    ],
    counterExamples: {
      'an id': "'AZURE_CLIENT_ID=' hex:32",
      'a digest': "'azure_storage_key md5: ' hex:32",
      'one character short': "'AZURE_VISION_KEY=' hex:31",
      'a variable': '\'azure_openai_key = os.environ["AZURE_OPENAI_KEY"]\'',
      'one character over and over': `'AZURE_VISION_KEY=${'0'.repeat(32)}'`,
    },
  },
  {
    ...shared,
    id: 'azure-devops-token-old',
    name: 'Azure DevOps personal access token (without mark)',
    fix: 'Revoke the token under User settings > Personal access tokens.',
    source:
      'https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
    triggers: [
      ...TOKEN_NAMES.map((literal) => ({
        literal,
        fold: true,
        ahead: { through: '^\\x0a\\x0d', meets: ':="\'', within: 40 },
      })),
      { literal: 'dev.azure.com' },
      { literal: 'visualstudio' },
    ],
    pattern: '[A-Za-z_.]{4,16}[^\\x00\\n]{0,90}?[^0-9A-Za-z](?P<value>[a-z2-7]{52})',
    maxLength: 170,
    edges: { left: 'none', right: 'word' },
    validate: (value) => (countLetters(value).digit < 2 ? null : judgeAzureKey(value)),
    bits: 6,
    examples: [
      "'AZDO_PERSONAL_ACCESS_TOKEN=' lbase32:50 '27\\n'",
      '\'devops: {"pat": "\' lbase32:50 \'27"}\'',
      "'https://dev.azure.com/shop -u :' lbase32:50 '27\\n'",
    ],
    counterExamples: {
      'one character short': "'AZDO_TOKEN=' lbase32:49 '27'",
      'letters only': "'AZDO_TOKEN=' lower:52",
      'other digits': "'AZDO_TOKEN=' lbase32:50 '19'",
      'one character over and over': `'AZDO_TOKEN=${'a'.repeat(50)}22'`,
    },
  },
  {
    ...shared,
    id: 'azure-devops-url-token',
    name: 'Azure DevOps personal access token in a URL',
    fix: 'Revoke the token under User settings > Personal access tokens.',
    triggers: [
      { literal: '@dev.azure.com', at: 'inside' },
      { literal: '.visualstudio', at: 'inside' },
    ],
    pattern:
      '://(?:[^\\x00-\\x20:/@"\']{0,60}:)?(?P<value>[a-z2-7]{52}|[0-9A-Za-z]{84})@(?:dev\\.azure\\.com|[0-9A-Za-z-]{1,50}\\.visualstudio\\.com)',
    maxLength: 230,
    edges: 'none',
    validate: (value) => judgeAzureKey(value),
    bits: 8,
    examples: [
      "'https://robot:' lbase32:52 '@dev.azure.com/shop/_git/site'",
      "'https://' lbase32:52 '@shop.visualstudio.com/_git/site'",
    ],
    counterExamples: {
      'a name for a user': "'https://robot@dev.azure.com/shop/_git/site'",
      'a variable': "'https://$' '{TOKEN}@dev.azure.com/shop'",
      'one character over and over': `'https://x:${'a'.repeat(52)}@dev.azure.com/shop'`,
    },
  },
  {
    ...shared,
    id: 'azure-app-url-key',
    name: 'Azure Functions or Logic Apps URL with its key',
    fix: 'Renew the key of the function or the access keys of the workflow.',
    source: 'https://learn.microsoft.com/azure/azure-functions/function-keys-how-to',
    triggers: [
      { literal: '.azurewebsites.net/api/', at: 'inside' },
      { literal: '.logic.azure.com', at: 'inside' },
    ],
    pattern:
      'https://[0-9A-Za-z.-]{1,120}(?:\\.azurewebsites\\.net/api/[^\\x00-\\x20?"\'<>]{1,100}\\?(?:[^\\x00-\\x20"\'<>]{0,60}&)?code=|\\.logic\\.azure\\.com(?::443)?/workflows/[^\\x00-\\x20"\'<>]{30,250}sig=)(?P<value>[0-9A-Za-z_%/+-]{20,100}={0,2})',
    maxLength: 510,
    edges: { left: 'none', right: 'token' },
    validate: (value) => judgeAzureKey(value),
    bits: 7,
    examples: [
      "'https://shop.azurewebsites.net/api/orders?code=' alnum:52 '=='",
      "'https://prod-17.westus.logic.azure.com:443/workflows/' hex:32 '/triggers/manual/paths/invoke?api-version=2016-10-01&sp=x&sig=' alnum:43",
    ],
    counterExamples: {
      'no key': "'https://shop.azurewebsites.net/api/orders?page=' alnum:52",
      'a placeholder': `'https://shop.azurewebsites.net/api/orders?code=${'x'.repeat(52)}=='`,
      'too short': "'https://shop.azurewebsites.net/api/orders?code=' alnum:12",
    },
  },
] satisfies Detector[];
