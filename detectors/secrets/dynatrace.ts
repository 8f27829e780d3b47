import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'dynatrace-token',
  name: 'Dynatrace API token',
  issuer: 'dynatrace',
  severity: 'high',
  shapes: [
    "'dt0c01.' ualnum:24 '.' ualnum:64",
    "'dt0s01.' ualnum:24 '.' ualnum:64",
    "'dt0s16.' ualnum:24 '.' ualnum:64",
  ],
});
