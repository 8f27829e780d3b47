import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'doppler-token',
  name: 'Doppler token',
  issuer: 'doppler',
  severity: 'critical',
  shapes: [
    "'dp.pt.' alnum:40-44",
    "'dp.ct.' alnum:40-44",
    "'dp.sa.' alnum:40-44",
    "'dp.scim.' alnum:40-44",
    "'dp.audit.' alnum:40-44",
    "'dp.st.' dotted:40-80",
  ],
});
