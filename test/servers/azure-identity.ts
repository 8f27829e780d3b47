import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { findExecutable, listening, ServerMissing, type StopHandle } from './server-process.ts';

export const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
export const CLOSED_SUBSCRIPTION = '66666666-7777-8888-9999-000000000000';
const TENANT = '99999999-8888-7777-6666-555555555555';
const SECRET = 'the-header-of-this-test';

/** A machine of Azure as a process on it sees it: a managed identity, and the management API. */
export interface AzureMachine extends StopHandle {
  /** Environment of a process on that machine. */
  env: Record<string, string>;
  management: string;
  /** Settings of storage accounts, by their name. */
  accounts: Map<string, object>;
  /** What the tokens were asked for. */
  readonly resources: string[];
}

/** The identity endpoint of App Service, storage accounts of one subscription, and a second one that is closed. */
export async function startAzureMachine(): Promise<AzureMachine> {
  const accounts = new Map<string, object>();
  const resources: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://machine.invalid');
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/identity') {
      if (headers['x-identity-header'] !== SECRET) return answer(403, {});
      const resource = searchParams.get('resource') ?? '';
      resources.push(resource);
      const expiresOn = Math.floor(Date.now() / 1000) + 86_400;
      return answer(200, {
        access_token: tokenFor(resource, expiresOn),
        expires_on: `${expiresOn}`,
        resource,
        token_type: 'Bearer',
      });
    }
    if (headers.authorization?.startsWith('Bearer ') !== true) return answer(401, {});
    if (pathname === '/subscriptions') {
      const ids = [CLOSED_SUBSCRIPTION, SUBSCRIPTION];
      return answer(200, { value: ids.map((subscriptionId) => ({ subscriptionId, state: 'Enabled' })) });
    }
    if (!pathname.startsWith(`/subscriptions/${SUBSCRIPTION}/`)) return answer(403, {});
    const list = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts`;
    const items = [...accounts].map(([name, properties]) => ({ id: `${list}/${name}`, name, properties }));
    const one = items.find(({ id }) => id === pathname);
    return answer(200, one ?? { value: pathname === list ? items : [] });
  });
  const port = await listening(server);
  const management = `http://127.0.0.1:${port}`;
  return {
    env: { IDENTITY_ENDPOINT: `${management}/identity`, IDENTITY_HEADER: SECRET },
    management,
    accounts,
    resources,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Its signature is none; Azurite checks the claims alone. */
function tokenFor(resource: string, exp: number): string {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const iat = exp - 90_000;
  const claims = {
    iss: `https://sts.windows.net/${TENANT}/`,
    aud: resource,
    iat,
    nbf: iat,
    exp,
    oid: 'scanner',
    tid: TENANT,
  };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${Buffer.from('unsigned').toString('base64url')}`;
}

export interface Certificate extends StopHandle {
  cert: string;
  key: string;
}

/** Files of a certificate of 127.0.0.1, which this process trusts from now on. Throws `ServerMissing` without openssl. */
export function makeCertificate(): Certificate {
  const openssl = findExecutable(['openssl']);
  if (openssl === null) throw new ServerMissing('openssl');
  const folder = mkdtempSync(join(tmpdir(), 'assay-tls-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    openssl,
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names],
    {
      stdio: 'ignore',
    },
  );
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(cert, 'utf8')]);
  return { cert, key, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}
