import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'aikido-token',
  name: 'Aikido CI token or client secret',
  issuer: 'aikido',
  severity: 'high',
  shapes: ["'AIK_SECRET_' alnum:64", "'AIK_CI_' alnum:20-44"],
});
