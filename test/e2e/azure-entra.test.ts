import assert from 'node:assert/strict';
import { after } from 'node:test';
import { newContainer, put } from '../providers/azure-harness.ts';
import {
  type AzureMachine,
  CLOSED_SUBSCRIPTION,
  makeCertificate,
  SUBSCRIPTION,
  startAzureMachine,
} from '../servers/azure-identity.ts';
import { type Azurite, startAzurite } from '../servers/azurite.ts';
import { optional, type StopHandle, serverTest } from '../servers/server-process.ts';
import { CHAT, s3Scan } from './s3-scan.ts';

interface Cloud extends StopHandle {
  azurite: Azurite;
  machine: AzureMachine;
  env: Record<string, string>;
}

async function startCloud(): Promise<Cloud> {
  const certificate = makeCertificate();
  const azurite = await startAzurite(certificate);
  const machine = await startAzureMachine();
  return {
    azurite,
    machine,
    env: {
      ...machine.env,
      NODE_EXTRA_CA_CERTS: certificate.cert,
      AZURE_STORAGE_ACCOUNT_URL: azurite.endpoint,
      AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
      ASSAY_AZURE_MANAGEMENT_ENDPOINT: machine.management,
    },
    async stop() {
      await machine.stop();
      await azurite.stop();
      await certificate.stop();
    },
  };
}

const cloud = await optional(startCloud);
after(() => cloud.server?.stop());
const { report } = s3Scan(cloud.server?.env ?? {});

serverTest(
  cloud,
  'a managed identity scans a container, and the settings of its account decide who else can read it',
  async ({ azurite, machine }) => {
    const one = await newContainer(azurite);
    await put(azurite, one, 'chat.jsonl', CHAT);
    await one.container.setAccessPolicy('container');
    for (const [settings, verdict, risk] of [
      [{ allowBlobPublicAccess: true }, 'public', 'critical'],
      [{ allowBlobPublicAccess: false }, 'private', 'low'],
      [{ networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '16.17.18.0/24' }] } }, 'organization', 'medium'],
      [null, 'unknown', 'high'],
    ] as const) {
      machine.accounts.clear();
      if (settings !== null) machine.accounts.set(azurite.account, settings);
      const { code, stderr, report: json } = await report([one.bucket.uri]);
      assert.equal(code, 0, stderr);
      const [bucket] = json.buckets;
      assert.equal(json.findings.length, 1);
      assert.deepEqual([bucket?.exposure.verdict, bucket?.risk.level], [verdict, risk], JSON.stringify(settings));
    }
    const asked = new Set(machine.resources.map((resource) => resource.replace(/\/$/, '')));
    assert.deepEqual([...asked].sort(), ['https://management.azure.com', 'https://storage.azure.com']);
  },
);

serverTest(
  cloud,
  'az:// scans every account of every subscription, judges each with its settings, and names what is closed',
  async ({ azurite, machine }) => {
    const { other, account, endpoint } = azurite;
    const one = await newContainer(azurite);
    await put(azurite, one, 'chat.jsonl', CHAT);
    await one.container.setAccessPolicy('container');
    const beside = other.client.getContainerClient('beside');
    await beside.create({ access: 'container' });
    await beside.getBlockBlobClient('chat.jsonl').upload(CHAT, CHAT.length);
    machine.accounts.clear();
    const at = (blob: string, allowBlobPublicAccess: boolean) => ({
      primaryEndpoints: { blob },
      allowBlobPublicAccess,
    });
    machine.accounts.set(account, at(endpoint, true));
    machine.accounts.set('nobody', at(endpoint.replace(account, 'nobody'), true));
    machine.accounts.set(other.account, at(`${other.endpoint}/`, false));
    machine.accounts.set('onlyfiles', { primaryEndpoints: {} });

    const {
      code,
      stderr,
      report: json,
    } = await report(['az://'], {
      AZURE_SUBSCRIPTION_ID: '',
      // Of nobody knows which account, and so of none that is only found.
      AZURE_STORAGE_KEY: Buffer.from('the key of another account').toString('base64'),
    });
    assert.equal(code, 3, stderr);
    const verdicts = new Map(json.buckets.map(({ uri, exposure }) => [uri, exposure.verdict]));
    assert.equal(verdicts.get(one.bucket.uri), 'public');
    assert.equal(verdicts.get(`az://${other.account}/beside`), 'private');
    const places = json.findings[0]?.locations.map(({ object }) => object) ?? [];
    for (const uri of [one.bucket.uri, `az://${other.account}/beside`]) {
      assert.ok(places.includes(`${uri}/chat.jsonl`), places.join(' '));
    }
    const reasons = json.result.reasons.join('\n');
    assert.match(reasons, new RegExp(`${CLOSED_SUBSCRIPTION}.*Microsoft.Storage/storageAccounts/read`));
    assert.match(reasons, /az:\/\/nobody/);
    assert.doesNotMatch(reasons, /onlyfiles/);

    const config = { ASSAY_AZURE_SUBSCRIPTIONS: SUBSCRIPTION };
    machine.accounts.delete('nobody');
    const whole = await report(['az://', '--exposed-first'], config);
    assert.equal(whole.code, 0, whole.stderr);
  },
);
