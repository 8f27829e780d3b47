import type { S3Evidence, S3ObjectEncryption } from '../model/exposure.ts';
import { isStrangers, nameOf, type Stop, underKeys, usersOf } from './kms-users.ts';
import type { JudgedGrant } from './policy-grants.ts';
import type { S3Action } from './s3-actions.ts';
import { type Findings, unknownOf } from './s3-findings.ts';
import type { Subject } from './subject.ts';
import { type Home, whoIs } from './who.ts';

/**
 * Objects under a KMS key are read only by who may also decrypt with it, and never without an identity. The key of the
 * default says nothing of single objects: only those that were looked at decide, and for all only when they are all.
 */
export function judgeKeys(evidence: S3Evidence, home: Home, found: Findings): void {
  const strangers = found.grants.filter(isStrangers);
  const reads = strangers.filter(({ grant }) => grant.actions.includes('read'));
  tellDefault(evidence, reads, strangers, home, found);
  const sample = evidence.objectEncryption?.state === 'known' ? evidence.objectEncryption.value : null;
  if (reads.length === 0 || sample === null) return;
  const users: Subject[] = [];
  for (const { ServerSideEncryption: algorithm, SSEKMSKeyId: id = null } of sample.keys) {
    const able = isKms(algorithm) ? usersOf(id, evidence, home, 'decrypt') : null;
    // One object that is open, or may be, is what the grant is about.
    if (able === null) return;
    users.push(...able);
  }
  const names = [...new Set(sample.keys.map(({ SSEKMSKeyId: id = null }) => nameOf(id)))];
  if (names.length === 0) return;
  const stop = stopper(names.join(' and '), sample);
  found.grants = found.grants.flatMap((one) =>
    reads.includes(one) ? underKeys(one, isRead, users, stop, home) : [one],
  );
  const isOpen =
    sample.isPartial && found.grants.some(({ reach, grant }) => reach === 'unknown' && grant.actions.includes('read'));
  if (isOpen) found.unknowns.push({ call: 's3:HeadObject', reason: 'sampled', permission: 's3:GetObject' });
}

function isRead(action: S3Action): boolean {
  return action.class === 'read';
}

function isKms(algorithm: string | undefined): boolean {
  return algorithm?.startsWith('aws:kms') === true;
}

/** What a grant to read is for those who cannot use the keys. */
function stopper(names: string, { isPartial, objects }: S3ObjectEncryption): Stop {
  if (!isPartial) {
    const blockedBy = [`the key of every object, ${names}`];
    return (judged) => ({ ...judged, grant: { ...judged.grant, state: 'blocked', blockedBy } });
  }
  const note = `the ${objects} objects that were looked at are encrypted with ${names}, which it cannot use; the others were not looked at`;
  return (judged) => ({ ...judged, reach: 'unknown', notes: [...judged.notes, note] });
}

/** What the default encryption means for strangers, and what of its key is not known. */
function tellDefault(
  evidence: S3Evidence,
  reads: readonly JudgedGrant[],
  strangers: readonly JudgedGrant[],
  home: Home,
  found: Findings,
): void {
  const { encryption, keys, objectEncryption } = evidence;
  const byDefault = encryption?.state === 'known' ? encryption.value : null;
  if (!isKms(byDefault?.SSEAlgorithm)) return;
  const id = byDefault?.KMSMasterKeyID ?? null;
  const name = nameOf(id);
  if (strangers.some(({ grant }) => grant.actions.includes('write'))) {
    found.because.push(
      `Uploads that name no encryption need ${name}; those that name another one do not, so that alone it stops nobody from writing.`,
    );
  }
  if (reads.length === 0) return;
  const users = usersOf(id, evidence, home, 'decrypt');
  const names = (users ?? []).map((subject) => whoIs(subject, home)).filter(({ reach }) => reach !== 'private');
  const others =
    users === null
      ? 'other accounts only when its key policy lets them in'
      : names.length === 0
        ? 'and it lets no other account decrypt'
        : `and of others it lets ${[...new Set(names.map((who) => who.id))].join(', ')} decrypt`;
  found.because.push(
    `New objects are encrypted with ${name}: requests without identity cannot read those, ${others}. Objects from before may be open.`,
  );
  if (objectEncryption?.state === 'refused') found.unknowns.push(unknownOf(objectEncryption));
  if (users !== null || !reads.some(({ reach }) => reach === 'cross-account')) return;
  const key = keys?.state === 'known' ? keys.value?.find((one) => one.id === id) : undefined;
  const facts = keys?.state === 'refused' ? [keys] : key === undefined ? [] : [key.policy, key.grants];
  const refused = facts.flatMap((fact) => (fact.state === 'refused' ? [unknownOf(fact)] : []));
  const call = 'kms:GetKeyPolicy';
  found.unknowns.push(...(refused.length > 0 ? refused : [{ call, reason: 'not asked', permission: call }]));
}
