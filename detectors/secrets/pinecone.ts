import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'pinecone-api-key',
  name: 'Pinecone API key',
  issuer: 'pinecone',
  severity: 'high',
  shapes: ["'pcsk_' alnum:5-6 '_' alnum:63"],
});
