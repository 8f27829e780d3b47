import type { Detector } from '../detector.ts';
import { prefixedToken } from '../prefixed-token.ts';
import { isMadeOf } from '../validators/entropy.ts';
import { placeholderReason } from '../validators/placeholder.ts';

const SOURCE = 'https://docs.stripe.com/keys';
const FIX = 'Roll the key in the Stripe dashboard and look through its request log.';

/** Paystack uses the same prefixes; its keys are 40 hex digits, which Stripe's are not. */
const key: Detector['validate'] = (value) => {
  const body = value.slice(value.lastIndexOf('_') + 1);
  const suppressed = placeholderReason(body);
  const issuer = body.length === 40 && isMadeOf(body, '0123456789abcdef') ? 'paystack' : undefined;
  return {
    checks: [],
    ...(issuer === undefined ? {} : { issuer }),
    ...(suppressed === null ? {} : { suppressed }),
  };
};

export default [
  prefixedToken({
    id: 'stripe-secret-key',
    name: 'Stripe secret key',
    issuer: 'stripe',
    severity: 'critical',
    shapes: ["'sk_live_' alnum:16-247", "'sk_prod_' alnum:16-247"],
    fix: FIX,
    source: SOURCE,
    validate: key,
    counterExamples: {
      'a publishable key is public by design': "'pk_live_' alnum:99",
      'another word in the middle': "'sk_likely_' alnum:24",
    },
  }),
  prefixedToken({
    id: 'stripe-restricted-key',
    name: 'Stripe restricted key',
    issuer: 'stripe',
    severity: 'critical',
    shapes: ["'rk_live_' alnum:16-247", "'rk_prod_' alnum:16-247"],
    fix: FIX,
    source: SOURCE,
    validate: key,
  }),
  prefixedToken({
    id: 'stripe-test-key',
    name: 'Stripe test key',
    issuer: 'stripe',
    severity: 'low',
    shapes: ["'sk_test_' alnum:16-247", "'rk_test_' alnum:16-247"],
    fix: 'Roll the test key; it moves no money but shows data of the test account.',
    source: SOURCE,
    validate: key,
    counterExamples: { 'a publishable key is public by design': "'pk_test_' alnum:24" },
  }),
  prefixedToken({
    id: 'stripe-webhook-secret',
    name: 'Stripe webhook signing secret',
    issuer: 'stripe',
    severity: 'high',
    shapes: ["'whsec_' alnum:32-200", "'whsec_' base64:32-88"],
    fix: 'Roll the signing secret of the endpoint: anyone can forge events with it.',
    source: 'https://docs.stripe.com/webhooks/signature',
  }),
] satisfies Detector[];
