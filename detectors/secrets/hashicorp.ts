import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'hashicorp-vault-token',
  name: 'HashiCorp Vault token',
  issuer: 'hashicorp',
  severity: 'critical',
  shapes: ["'hvs.' base64url:24-200", "'hvb.' dotted:24-500", "'hvr.' dotted:24-500"],
});
