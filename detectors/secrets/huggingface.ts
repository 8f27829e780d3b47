import { prefixedToken } from '../prefixed-token.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const SOURCE = 'https://huggingface.co/docs/hub/security-tokens';

export default [
  prefixedToken({
    id: 'huggingface-user-token',
    name: 'Hugging Face access token',
    issuer: 'huggingface',
    severity: 'critical',
    shapes: ["'hf_' alnum:34"],
    fix: 'Revoke the token under Settings > Access Tokens of the Hugging Face account.',
    source: SOURCE,
    build: "'hf_' alpha:34",
    validate: (value) => {
      const body = value.slice(3);
      const { lower, upper } = countLetters(body);
      // Identifiers of programs begin with hf_ too and keep to one case.
      if (lower === 0 || upper === 0) return null;
      const suppressed = placeholderReason(body);
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    examples: ["'huggingface-cli login --token hf_' alpha:34 '\\n'", "'https://host/hf_' alpha:34 '/part'"],
    counterExamples: { 'a name in a program': "'hf_' lower:34" },
  }),
  prefixedToken({
    id: 'huggingface-organization-token',
    name: 'Hugging Face organization token',
    issuer: 'huggingface',
    severity: 'critical',
    shapes: ["'api_org_' alnum:34"],
    fix: 'Revoke the token in the settings of the organization; tokens of this kind are no longer issued.',
    source: SOURCE,
    build: "'api_org_' alpha:34",
  }),
];
