import type { Detector } from '../detector.ts';
import { judgeAzureKey } from '../validators/azure-key.ts';

const FIX = 'Regenerate the key in the Azure portal; use the second key of the resource while clients change over.';
const MARKS_SOURCE = 'https://github.com/microsoft/security-utilities';
const STORAGE = "base64:76 '+ASt' base64:5 [AQgw]:1 '=='";
/** Keys that carry a fixed mark at a fixed place, so that they can be told without their name. */
function marked(
  id: string,
  name: string,
  severity: Detector['severity'],
  marks: string[],
  pattern: string,
  length: number,
  example: string,
): Detector {
  return {
    issuer: 'azure',
    category: 'secret',
    level: 'restricted',
    fix: FIX,
    id,
    name,
    severity,
    source: MARKS_SOURCE,
    triggers: marks.map((literal) => ({ literal, at: 'inside' })),
    pattern,
    maxLength: length,
    edges: { left: 'word', right: pattern.endsWith('=') ? 'none' : 'word' },
    validate: (value) => judgeAzureKey(value, [{ name: 'mark', passed: true }]),
    bits: 7,
    examples: [example, `'key: "' ${example} '"'`],
    counterExamples: {
      'the mark at another place': `alnum:9 '${marks[0]}' alnum:6`,
      'nothing but one character around the mark': example.replaceAll(
        /[a-zA-Z0-9]+:(\d+)/g,
        (_, count: string) => `'${'A'.repeat(Number(count))}'`,
      ),
    },
  };
}

export default [
  marked(
    'azure-marked-key',
    'Azure Storage, Cosmos DB, Batch or API Management key',
    'critical',
    ['+ASt', 'ACDb', '+ABa', '+AMC', 'APIM'],
    '[0-9A-Za-z+/]{76}(?:\\+ASt|ACDb|\\+ABa|\\+AMC|APIM)[0-9A-Za-z+/]{5}[AQgw]==',
    90,
    STORAGE,
  ),
  marked(
    'azure-messaging-key',
    'Azure Service Bus, Event Hub, Relay, IoT Hub, Redis or Event Grid key',
    'critical',
    ['+ASb', '+AEh', '+ARm', 'AIoT', 'AzCa', 'AZEG'],
    '[0-9A-Za-z+/]{33}(?:\\+ASb|\\+AEh|\\+ARm|AIoT|AzCa|AZEG)[0-9A-Za-z+/]{6}=',
    46,
    "base64:33 '+ASb' base64:6 '='",
  ),
  marked(
    'azure-registry-password',
    'Azure Container Registry password',
    'high',
    ['+ACR'],
    '[0-9A-Za-z+/]{42}\\+ACR[0-9A-Za-z+/]{5}[A-D]',
    54,
    "base64:42 '+ACR' base64:5 [ABCD]:1",
  ),
  marked(
    'azure-devops-token',
    'Azure DevOps personal access token',
    'high',
    ['AZDO'],
    '[0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4}',
    86,
    "alnum:76 'AZDO' alnum:4",
  ),
  marked(
    'azure-ai-services-key',
    'Azure OpenAI or AI Services key',
    'critical',
    ['JQQJ99'],
    '[0-9A-Za-z]{52}JQQJ99[0-9A-Za-z]{26}(?:==)?',
    90,
    "alnum:52 'JQQJ99' alnum:26",
  ),
  marked(
    'azure-functions-key',
    'Azure Functions key',
    'high',
    ['AzFu'],
    '[0-9A-Za-z_-]{44}AzFu[0-9A-Za-z_-]{5}[AQgw]==',
    60,
    "alnum:44 'AzFu' alnum:5 [AQgw]:1 '=='",
  ),
  marked(
    'azure-search-key',
    'Azure AI Search key',
    'high',
    ['AzSe'],
    '[0-9A-Za-z]{42}AzSe[0-9A-Za-z]{6}',
    54,
    "alnum:42 'AzSe' alnum:6",
  ),
] satisfies Detector[];
