import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'razorpay-key-id',
  name: 'Razorpay key id',
  issuer: 'razorpay',
  severity: 'high',
  shapes: ["'rzp_live_' alnum:14", "'rzp_test_' alnum:14"],
});
