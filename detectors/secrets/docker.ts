import { prefixedToken } from '../prefixed-token.ts';

export default [
  prefixedToken({
    id: 'docker-access-token',
    name: 'Docker Hub access token',
    issuer: 'docker',
    severity: 'critical',
    shapes: ["'dckr_pat_' base64url:27", "'dckr_oat_' base64url:32"],
  }),
  prefixedToken({
    id: 'docker-swarm-token',
    name: 'Docker Swarm join or unlock key',
    issuer: 'docker',
    severity: 'medium',
    shapes: ["'SWMTKN-1-' lalnum:50-60 '-' lalnum:24-30", "'SWMKEY-1-' base64any:40-50"],
  }),
];
