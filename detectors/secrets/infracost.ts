import { prefixedToken } from '../prefixed-token.ts';
import { isMadeOf } from '../validators/entropy.ts';
import { randomBody } from '../validators/random-body.ts';

export default prefixedToken({
  id: 'infracost-api-token',
  name: 'Infracost API token',
  issuer: 'infracost',
  severity: 'medium',
  shapes: ["'ico-' alnum:32"],
  // `icon.ico-<hash>.png`: a name of an image with its checksum.
  validate: (value) => (isMadeOf(value.slice(4), '0123456789abcdef') ? null : randomBody(value, 4)),
  counterExamples: { 'a file name with a hash': "'favicon.ico-' hex:32 '.png'" },
});
