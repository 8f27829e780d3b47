import type { Detector } from '../detector.ts';
import { judgeAzureKey as judge } from '../validators/azure-key.ts';
import { countLetters } from '../validators/entropy.ts';

const FIX = 'Regenerate the key in the Azure portal; use the second key of the resource while clients change over.';
const MARKS_SOURCE = 'https://github.com/microsoft/security-utilities';
const shared = { issuer: 'azure', category: 'secret', level: 'restricted', fix: FIX } as const;

export default [
  {
    ...shared,
    id: 'azure-storage-key',
    name: 'Azure Storage or Cosmos DB account key',
    severity: 'critical',
    source: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
    triggers: [
      { literal: 'accountkey', fold: true },
      { literal: 'account_key', fold: true },
      { literal: 'account-key', fold: true },
      { literal: 'storagekey', fold: true },
      { literal: 'storage_key', fold: true },
      { literal: 'access_key', fold: true },
      { literal: 'accesskey', fold: true },
      { literal: 'SharedKeyCredential(' },
    ],
    // The names alone say enough: keys that were cut or padded in another way are keys still.
    pattern:
      '[A-Za-z_ -]{9,11}(?:[Cc]redential\\([^\\x00\\n)]{1,80}?[^0-9A-Za-z+/]|[^0-9A-Za-z+/]{1,8})(?P<value>[0-9A-Za-z+/]{84,90}={1,2})',
    maxLength: 220,
    edges: { left: 'none', right: 'none' },
    validate: (value) => judge(value),
    bits: 7,
    examples: [
      "'DefaultEndpointsProtocol=https;AccountName=data;AccountKey=' base64:85 [AQgw]:1 '==;EndpointSuffix=core.windows.net'",
      '\'{"accountKey": "\' base64:85 [AQgw]:1 \'=="}\'',
      '\'new StorageSharedKeyCredential("data", "\' base64:85 [AQgw]:1 \'==")\'',
    ],
    counterExamples: {
      'the key of the emulator': "'AccountKey=Eby8vdM0' base64:77 [AQgw]:1 '=='",
      'a placeholder': "'AccountName=data;AccountKey=<your-account-key>;'",
      'much too short': "'AccountKey=' alnum:70 '=='",
      'one character over and over': `'AccountKey=${'A'.repeat(86)}=='`,
    },
  },
  {
    ...shared,
    id: 'azure-storage-key-nearby',
    name: 'Azure Storage or Cosmos DB key near its name',
    severity: 'critical',
    source: 'https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage',
    // 64 bytes in base64: the last character before the padding holds two bits.
    triggers: ['A==', 'Q==', 'g==', 'w=='].map((literal) => ({ literal, at: 'inside', after: '^=0-9A-Za-z ' })),
    pattern: '[0-9A-Za-z+/]{85}[AQgw]==',
    maxLength: 88,
    edges: { left: 'base64', right: 'none' },
    validate: (value) => judge(value),
    bits: 0,
    context: {
      strong: ['azure', 'cosmos', 'cosmosdb', 'documentdb', 'documents', 'storageaccount', 'azurerm', 'azureblob'],
      weak: ['storage', 'blob'],
      required: true,
    },
    examples: ["'COSMOS_PRIMARY: \"' base64:85 [AQgw]:1 '==\"\\n'", "'azure --key ' base64:85 [AQgw]:1 '==\\n'"],
    counterExamples: {
      'a digest in a lock file': '\'"integrity": "sha512-\' base64:85 [AQgw]:1 \'==", azure storage\'',
      'no name near': "'value: \"' base64:85 [AQgw]:1 '==\"\\n'",
      'one character short': "'azure: \"' base64:84 [AQgw]:1 '==\"\\n'",
    },
  },
  {
    ...shared,
    id: 'azure-client-secret',
    name: 'Microsoft Entra client secret',
    severity: 'critical',
    fix: 'Remove the secret from the app registration, add a new one, and look through its sign-in log.',
    source: MARKS_SOURCE,
    triggers: [{ sequence: '9Q~', at: 'inside' }],
    pattern: '[0-9A-Za-z_~.-]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}',
    maxLength: 42,
    edges: 'token',
    validate: (value) => {
      const { lower, upper, digit } = countLetters(value.slice(6));
      if (lower === 0 || upper === 0 || digit === 0)
        return lower === 0 ? { checks: [], suppressed: 'low-entropy' } : null;
      return judge(value.slice(6), [{ name: 'mark', passed: true }]);
    },
    bits: 6,
    examples: [
      "alnum:3 '8Q~' [abcdefgXYZ0123456789]:34",
      "'client_secret=\"' alnum:3 '7Q~' [abcdefgXYZ0123456789]:31 '\"'",
    ],
    counterExamples: {
      'one character short': "alnum:3 '8Q~' alnum:30",
      'a placeholder': `alnum:3 '8Q~${'x'.repeat(34)}'`,
      'names in a style sheet': "'.side1Q~.ui.visible.left.sidebar.pusher.abcd'",
    },
  },
  {
    ...shared,
    id: 'azure-shared-access-key',
    name: 'Azure shared access key in a connection string',
    severity: 'critical',
    source: 'https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas',
    triggers: [
      { literal: 'SharedAccessKey=' },
      { literal: '"SharedAccessKey"' },
      { literal: ';AccessKey=' },
      { literal: ';Secret=' },
    ],
    pattern:
      '(?:SharedAccessKey=|"SharedAccessKey"[ ]{0,4}:[ ]{0,4}"|;AccessKey=|;Secret=)(?P<value>[0-9A-Za-z+/]{40,100}={1,2})',
    maxLength: 140,
    edges: { left: 'none', right: 'none' },
    validate: (value) => judge(value),
    bits: 6,
    examples: [
      "'Endpoint=sb://bus.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=' base64:43 '='",
      "'Endpoint=https://conf.azconfig.io;Id=' alnum:4 '-s0:' alnum:20 ';Secret=' base64:43 '='",
      "'Endpoint=https://hub.service.signalr.net;AccessKey=' base64:43 '=;Version=1.0;'",
    ],
    counterExamples: {
      'words for a key': "'SharedAccessKeyName=[name goes here];SharedAccessKey=[key goes here];'",
      'too short': "'SharedAccessKey=' base64:30 '='",
      'one character over and over': `'SharedAccessKey=${'A'.repeat(43)}='`,
    },
  },
  {
    ...shared,
    id: 'azure-app-configuration',
    name: 'Azure App Configuration connection string',
    severity: 'high',
    source: 'https://learn.microsoft.com/azure/azure-app-configuration/',
    triggers: [{ literal: '.azconfig.io', at: 'inside' }],
    pattern:
      'Endpoint=https://[0-9A-Za-z-]{3,60}\\.azconfig\\.io;Id=[^;\\x00-\\x20]{4,60};Secret=[0-9A-Za-z+/]{36,100}={0,2}',
    maxLength: 300,
    edges: { left: 'word', right: 'base64' },
    validate: (value) => judge(value.slice(value.lastIndexOf(';Secret=') + 8)),
    bits: 8,
    examples: ["'Endpoint=https://shop-conf.azconfig.io;Id=' alnum:4 '-s0:' alnum:20 ';Secret=' base64:43 '='"],
    counterExamples: {
      'the address alone': "'Endpoint=https://shop-conf.azconfig.io'",
      'a placeholder': `'Endpoint=https://shop-conf.azconfig.io;Id=abcd;Secret=${'x'.repeat(43)}='`,
    },
  },
  {
    ...shared,
    id: 'azure-sas-signature',
    name: 'Azure shared access signature',
    severity: 'high',
    fix: 'Rotate the account key that signed it, or delete the stored access policy it names.',
    source: 'https://learn.microsoft.com/rest/api/storageservices/create-service-sas',
    triggers: [{ literal: 'sig=' }],
    pattern: 'sig=(?P<value>(?:[0-9A-Za-z]|%2[BbFf]|[+/]){40,46}(?:%3[Dd]|=))',
    maxLength: 130,
    edges: { left: 'none', right: 'word' },
    validate: (value) => judge(value),
    bits: -1,
    context: { strong: ['sv', 'se', 'sp', 'azure'] },
    examples: ["'https://data.blob.core.windows.net/c/b?sv=2021-06-08&se=2031-01-01&sr=b&sp=r&sig=' alnum:43 '%3D'"],
    counterExamples: {
      'a signature of something else': "'?sig=' alnum:43 '%3D'",
      'too short': "'?sv=2021-06-08&se=2031-01-01&sig=' alnum:20 '%3D'",
      'one character over and over': `'?sv=2021-06-08&se=2031-01-01&sig=${'A'.repeat(43)}%3D'`,
    },
  },
] satisfies Detector[];
