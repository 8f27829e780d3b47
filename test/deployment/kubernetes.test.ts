import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { imageStage, lastOf, ROOT } from './dockerfile.ts';

const documents = parseAllDocuments(readFileSync(`${ROOT}deploy/kubernetes.yaml`, 'utf8')).map((document) => {
  assert.deepEqual(document.errors, []);
  return document.toJS();
});
const deployment = documents.find(({ kind }) => kind === 'Deployment');
const pod = deployment.spec.template.spec;
const [container] = pod.containers;

test('a pod has the rights of the image and no more', () => {
  const [user] = lastOf(imageStage(), 'USER').split(':').map(Number);
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.securityContext.runAsUser, user);
  assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
  assert.equal(pod.automountServiceAccountToken, false);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('what it is asked is what a worker answers, on the port that it is given', () => {
  const at = container.args.indexOf('--health-port');
  assert.equal(Number(container.args[at + 1]), container.ports[0].containerPort);
  assert.deepEqual(
    ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => container[probe].httpGet.path),
    ['/health', '/health', '/ready'],
  );
  const source = readFileSync(`${ROOT}src/cli/worker-health.ts`, 'utf8');
  for (const path of ['/health', '/ready']) assert.ok(source.includes(`'${path}'`));
  const readyMs = Number(/READY_MS = (\d+)/.exec(source)?.[1]);
  assert.ok(container.readinessProbe.timeoutSeconds * 1000 > readyMs, 'a worker says no before it is not heard');
});

test('a pod has longer to stop than a worker takes, memory that is bounded, and a place for temporary files', () => {
  assert.ok(pod.terminationGracePeriodSeconds >= 60);
  assert.match(container.resources.limits.memory, /^\d+Gi$/);
  assert.equal(pod.volumes.find(({ name }: { name: string }) => name === 'tmp').emptyDir.sizeLimit, '256Mi');
});

test('addresses and the key come from the secret', () => {
  const names = container.env.filter(({ valueFrom }: { valueFrom?: object }) => valueFrom !== undefined);
  assert.deepEqual(
    names.map(({ name }: { name: string }) => name),
    ['ASSAY_DATABASE_URL', 'ASSAY_QUEUE_URL'],
  );
  const keyFile = container.env.find(({ name }: { name: string }) => name === 'ASSAY_FINGERPRINT_KEY_FILE').value;
  const mount = container.volumeMounts.find(({ name }: { name: string }) => name === 'key');
  const key = pod.volumes.find(({ name }: { name: string }) => name === 'key');
  assert.equal(keyFile, `${mount.mountPath}/${key.secret.items[0].path}`);
});

test('pods are found by the labels they have', () => {
  const { labels } = deployment.spec.template.metadata;
  assert.deepEqual(deployment.spec.selector.matchLabels, labels);
  const budget = documents.find(({ kind }) => kind === 'PodDisruptionBudget');
  assert.deepEqual(budget.spec.selector.matchLabels, labels);
});
