import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'airtable-personal-access-token',
  name: 'Airtable personal access token',
  issuer: 'airtable',
  severity: 'high',
  shapes: ["'pat' alnum:14 '.' hex:64"],
});
