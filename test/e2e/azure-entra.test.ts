import assert from 'node:assert/strict';
import { after } from 'node:test';
import { newContainer, put } from '../providers/azure-harness.ts';
import { type AzureMachine, makeCertificate, SUBSCRIPTION, startAzureMachine } from '../servers/azure-identity.ts';
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
