import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'wandb-api-key',
  name: 'Weights & Biases API key',
  issuer: 'wandb',
  severity: 'high',
  shapes: ["'wandb_v1_' word:77"],
});
