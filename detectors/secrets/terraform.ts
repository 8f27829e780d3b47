import type { Detector } from '../detector.ts';
import { randomBody } from '../validators/random-body.ts';

export default {
  id: 'terraform-cloud-token',
  name: 'HCP Terraform token',
  issuer: 'hashicorp',
  category: 'secret',
  severity: 'critical',
  level: 'restricted',
  fix: 'Delete the token under User, Team or Organization Settings > Tokens of HCP Terraform and create a new one.',
  source: 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
  triggers: [{ literal: '.atlasv1.', at: 'inside' }],
  pattern: '[0-9A-Za-z]{8,32}\\.atlasv1\\.[0-9A-Za-z_=-]{60,90}',
  maxLength: 135,
  edges: { left: 'word', right: 'token' },
  validate: (value) => randomBody(value, value.indexOf('.atlasv1.') + 9),
  bits: 8,
  examples: [
    "alnum:14 '.atlasv1.' base64url:66 alnum:1",
    "'credentials { token = \"' alnum:14 '.atlasv1.' base64url:66 alnum:1 '\" }'",
  ],
  counterExamples: {
    'one character short': "alnum:14 '.atlasv1.' alnum:59",
    'no first part': "' .atlasv1.' alnum:67",
    'one character over and over': `alnum:14 '.atlasv1.${'x'.repeat(67)}'`,
  },
} satisfies Detector;
