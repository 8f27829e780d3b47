import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'endorlabs-api-key',
  name: 'Endor Labs API key',
  issuer: 'endorlabs',
  severity: 'medium',
  shapes: ["'endr+' alnum:16"],
});
