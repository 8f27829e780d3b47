import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { FORMAT_NAMES, FORMATS } from '../../src/report/formats.ts';
import { createJsonlWriter } from '../../src/report/jsonl.ts';
import { DETECTORS, sampleReport, value } from './sample.ts';

const count = z.int().nonnegative();
const level = z.enum(['none', 'internal', 'confidential', 'restricted']);
const reach = z.enum(['public', 'cross-account', 'organization', 'private', 'unknown']);
const sensitivity = z.strictObject({
  level: level.or(z.literal('unknown')),
  score: z.number(),
  scoreAtMost: z.number(),
  because: z.array(z.string()),
});
const risk = z.strictObject({
  level: z.enum(['none', 'low', 'medium', 'high', 'critical', 'unknown']),
  because: z.array(z.string()),
});
const exposure = z.strictObject({
  verdict: reach,
  effective: z.strictObject({ list: reach, read: reach, write: reach, delete: reach, changePermissions: reach }),
  vendorPublic: z.boolean().or(z.literal('unknown')),
  crossAccount: z.array(z.string()),
  grants: z.array(
    z.looseObject({
      principal: z.looseObject({}),
      actions: z.array(z.string()),
      state: z.enum(['effective', 'blocked', 'dormant']),
    }),
  ),
  unknowns: z.array(z.strictObject({ call: z.string(), reason: z.string(), permission: z.string() })),
  open: z.array(z.string()).optional(),
  collectedAt: z.string(),
  because: z.array(z.string()),
  fix: z.array(z.string()),
});
const location = z.strictObject({
  object: z.string(),
  member: z.string().optional(),
  row: count.optional(),
  column: z.string().optional(),
  pointer: z.string().optional(),
  line: count.optional(),
  byteOffset: count.optional(),
  byteLength: count.optional(),
  page: count.optional(),
});
const finding = z.strictObject({
  fingerprint: z.string().startsWith('v1:'),
  kind: z.enum(['value', 'column']),
  detector: z.string(),
  issuer: z.string().nullable(),
  entity: z.string().nullable(),
  category: z.enum(['secret', 'key', 'contact', 'pii', 'phi', 'pci', 'business']),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  probability: z.number().min(0).max(1),
  confidence: z.enum(['confirmed', 'likely', 'possible']),
  checks: z.array(z.strictObject({ name: z.string(), passed: z.boolean() })),
  verification: z.enum(['live', 'dead', 'unknown']).nullable(),
  count,
  objects: count,
  distinct: count,
  masked: z.string(),
  level,
  status: z.enum(['new', 'known', 'suppressed']),
  baseline: z.enum(['new', 'known']).optional(),
  alternatives: z.array(z.string()),
  locations: z.array(location),
});
const coverage = z.strictObject({
  objects: z.strictObject({
    listed: count,
    complete: count,
    reused: count,
    partial: count,
    skipped: count,
    failed: count,
  }),
  bytes: z.strictObject({ listed: count, read: count, scanned: count }),
  reasons: z.record(z.string(), count),
  formats: z.record(z.string(), z.strictObject({ objects: count, bytes: count })),
  suppressed: z.record(z.string(), count),
  notes: z.record(z.string(), count),
});
const object = z.strictObject({
  uri: z.string(),
  version: z.string(),
  bytes: count,
  format: z.string(),
  outcome: z.string(),
  reused: z.boolean(),
  findings: count,
  level: level.or(z.literal('unknown')),
  sha256: z.string().optional(),
  notes: z.record(z.string(), count).optional(),
});
const bucket = z.strictObject({
  uri: z.string(),
  provider: z.enum(['aws-s3', 'azure-blob', 'gcs', 'filesystem']),
  sensitivity,
  exposure,
  risk,
  prefixes: z.array(
    z.strictObject({
      prefix: z.string(),
      scope: z.array(z.string()).optional(),
      objects: count,
      sensitivity: z.looseObject({ level: level.or(z.literal('unknown')) }),
      exposure: z.looseObject({ verdict: z.string() }),
      risk: z.strictObject({ level: z.string(), because: z.array(z.string()) }),
    }),
  ),
});
const schema = z.strictObject({
  schema: z.literal('assay.report/v1'),
  scan: z.strictObject({
    id: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    version: z.string(),
    detectorSet: z.string().startsWith('sha256:'),
    targets: z.array(z.string()),
    fingerprintKeyId: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
  }),
  result: z.strictObject({
    violated: z.boolean(),
    incomplete: z.boolean(),
    reasons: z.array(z.string()),
    statuses: z.strictObject({ new: count, known: count, suppressed: count }),
  }),
  baseline: z.strictObject({ scan: z.string(), findings: count, gone: count }).optional(),
  coverage,
  buckets: z.array(bucket),
  objects: z.array(object),
  findings: z.array(finding),
  suppressions: z.array(
    z.strictObject({
      fingerprint: z.string().startsWith('v1:'),
      scope: z.string(),
      reason: z.string(),
      owner: z.string(),
      addedBy: z.string(),
      addedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      state: z.enum(['active', 'expired']),
    }),
  ),
});

const options = { detectors: DETECTORS, width: 80, color: false };

test('the JSON report has exactly the fields of assay.report/v1', async () => {
  const { report } = await sampleReport();
  schema.parse(JSON.parse(FORMATS.json(report)));
});

test('every format renders the sample', async () => {
  const { report } = await sampleReport();
  for (const name of FORMAT_NAMES) assert.ok(FORMATS[name](report, options).length > 500, name);
});

const LINES = { finding, coverage, bucket, object } as const;

test('JSON lines carry the same objects, one a line, with their type', async () => {
  const { report } = await sampleReport();
  const lines = FORMATS.jsonl(report)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  const types = [...new Set(lines.map(({ type }) => type))];
  assert.deepEqual(types, ['scan', 'object', 'finding', 'bucket', 'coverage', 'result']);
  for (const { type, ...fields } of lines) {
    if (type in LINES) LINES[type as keyof typeof LINES].parse(fields);
  }
  assert.equal(lines.filter(({ type }) => type === 'object').length, report.objects.length);
});

test('while the scan runs each object is written once, and what this process did not see at the end', async () => {
  const { report } = await sampleReport();
  const lines: { type: string; uri?: string; findings?: number; level?: string }[] = [];
  const { id, startedAt, detectorSet, finishedAt: _finishedAt, state: _state, ...scan } = report.scan;
  const writer = createJsonlWriter({
    write: (line) => lines.push(JSON.parse(line)),
    detectors: DETECTORS,
    objects: 'notable',
    scan,
  });
  writer.event({ type: 'scan', scanId: id, startedAt, detectorSet, resumed: false });
  const event = (key: string, values = [value()]) =>
    writer.event({
      type: 'object',
      object: {
        uri: `s3://lake/${key}`,
        version: `v-${key}`,
        byteLength: 10,
        reused: false,
        scan: {
          outcome: 'complete',
          format: 'jsonl',
          bytesRead: 1,
          bytesScanned: 1,
          records: 1,
          values,
          columns: [],
          suppressed: {},
          shownKey: key,
          notes: {},
        },
      },
    });
  event('chat/0001.jsonl');
  event('clean.txt', []);
  assert.deepEqual(
    lines.map(({ type, uri, findings, level }) => [type, uri, findings, level]),
    [
      ['scan', undefined, undefined, undefined],
      ['object', 's3://lake/chat/0001.jsonl', 1, 'restricted'],
    ],
  );
  event('chat/0001.jsonl');
  writer.finish(report);
  const objects = lines.filter(({ type }) => type === 'object').map(({ uri }) => uri);
  assert.deepEqual(objects.toSorted(), report.objects.map(({ uri }) => uri).toSorted());
  assert.equal(lines.at(-1)?.type, 'result');
});
