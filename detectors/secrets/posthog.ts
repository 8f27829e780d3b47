import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'posthog-personal-key',
  name: 'PostHog personal API key',
  issuer: 'posthog',
  severity: 'high',
  shapes: ["'phx_' base64url:41-49"],
});
