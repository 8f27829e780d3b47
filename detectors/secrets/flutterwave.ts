import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'flutterwave-secret-key',
  name: 'Flutterwave secret key',
  issuer: 'flutterwave',
  severity: 'critical',
  shapes: [
    "'FLWSECK_TEST-' xhex:32 '-X'",
    "'FLWSECK-' xhex:32 '-X'",
    "'FLWSECK_TEST-' alnum:12",
    "'FLWSECK-' alnum:32",
  ],
});
