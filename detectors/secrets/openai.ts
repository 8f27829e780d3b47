import type { Detector } from '../detector.ts';
import { inside } from '../prefixed-token.ts';
import { countLetters } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const FIX = 'Delete the key under API keys of the OpenAI project and check the usage page for what it did.';
/** Base64 of "OpenAI", in the middle of every key. */
const MARK = 'T3BlbkFJ';
const PROJECT = `'sk-proj-' base64url:74 '${MARK}' base64url:73 alnum:1`;
const USER = `'sk-' alnum:20 '${MARK}' alnum:20`;

const marked: Detector['validate'] = (value) => {
  const at = value.indexOf(MARK);
  const prefix = value.startsWith('sk-proj-') || value.startsWith('sk-None-') ? 8 : value.indexOf('-', 3) + 1 || 3;
  const start = value.charAt(3) === 'p' || value.charAt(3) === 'N' || prefix > 8 ? prefix : 3;
  const passed = at - start === value.length - at - MARK.length;
  const checks = [{ name: 'equal-halves', passed }];
  const suppressed = placeholderReason(value.slice(start, at)) ?? placeholderReason(value.slice(at + MARK.length));
  return { checks, bits: passed ? 4 : -2, ...(suppressed === null ? {} : { suppressed }) };
};

export default [
  {
    id: 'openai-api-key',
    name: 'OpenAI API key',
    issuer: 'openai',
    category: 'secret',
    severity: 'critical',
    level: 'restricted',
    fix: FIX,
    source: 'https://platform.openai.com/docs/api-reference/authentication',
    triggers: [{ literal: MARK, at: 'inside' }],
    pattern: `sk-(?:(?:proj|svcacct|admin|service|None)-[0-9A-Za-z_-]{16,80}|[0-9A-Za-z]{10,40})${MARK}[0-9A-Za-z_-]{16,80}`,
    maxLength: 190,
    edges: { left: 'word', right: 'token' },
    validate: marked,
    bits: 7,
    examples: [
      PROJECT,
      USER,
      inside('OPENAI_API_KEY=', USER, '\n'),
      inside('{"key":"', PROJECT, '"}'),
      `'sk-svcacct-' base64url:74 '${MARK}' base64url:73 alnum:1`,
      `'sk-admin-' base64url:58 '${MARK}' base64url:57 alnum:1`,
    ],
    counterExamples: {
      'the mark alone': `'${MARK}'`,
      'halves of a placeholder': `'sk-${'x'.repeat(20)}${MARK}${'x'.repeat(20)}'`,
      'the second half is missing': `'sk-' alnum:20 '${MARK}' alnum:8`,
      'part of a longer word': inside('a', USER, ''),
    },
  },
  {
    id: 'openai-unmarked-key',
    name: 'OpenAI key without mark',
    issuer: 'openai',
    category: 'secret',
    severity: 'high',
    level: 'restricted',
    fix: FIX,
    triggers: [{ literal: 'sk-proj-' }, { literal: 'sk-svcacct-' }, { literal: 'sk-admin-' }, { literal: 'sk-None-' }],
    pattern: 'sk-(?:proj|svcacct|admin|None)-[0-9A-Za-z_-]{40,180}',
    maxLength: 200,
    edges: { left: 'word', right: 'token' },
    validate: (value) => {
      const body = value.slice(value.indexOf('-', 3) + 1);
      const { lower, upper, digit } = countLetters(body);
      if (lower === 0 || upper === 0 || digit === 0) return null;
      const suppressed = placeholderReason(body);
      return suppressed === null ? { checks: [] } : { checks: [], suppressed };
    },
    bits: 3,
    examples: ["'sk-proj-' alnum:48", "'sk-None-' alnum:48"],
    counterExamples: {
      'a name made of words': "'sk-proj-the-secret-of-our-team-goes-in-this-place-please'",
      'a placeholder body': `'sk-proj-${'X'.repeat(48)}'`,
      'too short': "'sk-proj-' alnum:20",
    },
  },
] satisfies Detector[];
