import { prefixedToken } from '../prefixed-token.ts';

export default [
  prefixedToken({
    id: 'jfrog-api-key',
    name: 'JFrog API key',
    issuer: 'jfrog',
    severity: 'high',
    shapes: ["'AKCp' alnum:68-70"],
  }),
  prefixedToken({
    id: 'jfrog-reference-token',
    name: 'JFrog reference token',
    issuer: 'jfrog',
    severity: 'high',
    shapes: ["'cmVmdGtu' alnum:56", "'cmVmd' alnum:59"],
  }),
];
