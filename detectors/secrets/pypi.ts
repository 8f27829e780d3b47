import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'pypi-api-token',
  name: 'PyPI API token',
  issuer: 'pypi',
  severity: 'critical',
  // A macaroon: base64url of version 2 and the location, `pypi.org` or `test.pypi.org`.
  shapes: ["'pypi-AgEI' base64url:90-1000", "'pypi-AgEN' base64url:90-1000"],
  fix: 'Remove the token under Account settings > API tokens of PyPI and check the projects it may upload to.',
  source: 'https://pypi.org/help/#apitoken',
  build: "'pypi-AgEIcHlwaS5vcmc' base64url:140",
});
