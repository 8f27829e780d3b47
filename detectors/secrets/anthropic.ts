import type { Detector } from '../detector.ts';
import { prefixedToken } from '../prefixed-token.ts';
import { looksTyped, placeholderReason } from '../validators/placeholder.ts';

const SOURCE = 'https://docs.claude.com/en/api/overview';

/** 93 characters and `AA`: the padding bits of a payload of fixed length. */
const padded: Detector['validate'] = (value) => {
  const passed = value.endsWith('AA');
  const suppressed = placeholderReason(value.slice('sk-ant-api03-'.length, -2));
  return {
    checks: [{ name: 'padding', passed }],
    bits: passed ? 4 : looksTyped(value) ? -8 : -4,
    ...(suppressed === null ? {} : { suppressed }),
  };
};

export default [
  prefixedToken({
    id: 'anthropic-api-key',
    name: 'Anthropic API key',
    issuer: 'anthropic',
    severity: 'critical',
    shapes: ["'sk-ant-api' digit:2-4 '-' base64url:80-120"],
    fix: 'Delete the key in the Anthropic console and check the usage page for what it did.',
    source: SOURCE,
    build: "'sk-ant-api03-' base64url:93 'AA'",
    validate: padded,
    examples: ["'sk-ant-api03-' base64url:95"],
    counterExamples: { 'a key of documentation': "'sk-ant-api03-your-key-here'" },
  }),
  prefixedToken({
    id: 'anthropic-admin-key',
    name: 'Anthropic admin key',
    issuer: 'anthropic',
    severity: 'critical',
    shapes: ["'sk-ant-admin' digit:2-4 '-' base64url:80-120"],
    fix: 'Delete the admin key in the Anthropic console: it manages members and keys of the organization.',
    source: SOURCE,
    build: "'sk-ant-admin01-' base64url:93 'AA'",
    validate: padded,
  }),
  prefixedToken({
    id: 'anthropic-oauth-token',
    name: 'Anthropic OAuth or session token',
    issuer: 'anthropic',
    severity: 'critical',
    shapes: [
      "'sk-ant-oat' digit:2-4 '-' base64url:80-120",
      "'sk-ant-ort' digit:2-4 '-' base64url:80-120",
      "'sk-ant-sid' digit:2-4 '-' base64url:80-140",
    ],
    fix: 'Sign out of all sessions of the account.',
    build: "'sk-ant-oat01-' base64url:93 'AA'",
    validate: padded,
  }),
] satisfies Detector[];
