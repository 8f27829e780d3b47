import type { Detector } from '../detector.ts';
import { randomBody } from '../validators/random-body.ts';

/** Services that issue `sk-` keys without anything else to tell them by: the name decides. */
function named(issuer: string, name: string, words: string[], body: string, shape: string): Detector {
  return {
    id: `${issuer}-api-key`,
    name: `${name} API key`,
    issuer,
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: `Delete the key in the console of ${name} and create a new one.`,
    triggers: [{ literal: 'sk-' }],
    pattern: `sk-${body}`,
    maxLength: 56,
    edges: { left: 'word', right: 'token' },
    validate: (value) => randomBody(value, 3),
    bits: -2,
    context: { strong: words, required: true },
    examples: [`'${words[0]} api key: sk-' ${shape}`, `'{"${words[0]}": "sk-' ${shape} '"}'`],
    counterExamples: {
      'the name is nowhere near': `'api key: sk-' ${shape}`,
      'one character over and over': `'${words[0]} sk-${'0'.repeat(48)}'`,
      'a name with dashes': `'${words[0]} sk-learn-estimators-and-pipelines-for-everyone'`,
    },
  };
}

export default [
  named('deepseek', 'DeepSeek', ['deepseek'], '[0-9a-f]{32}', 'hex:32'),
  named('stabilityai', 'Stability AI', ['stability', 'stabilityai', 'dreamstudio'], '[0-9A-Za-z]{48}', 'alnum:48'),
  named('moonshot', 'Moonshot AI', ['moonshot', 'kimi'], '[0-9A-Za-z]{48}', 'alnum:48'),
];
