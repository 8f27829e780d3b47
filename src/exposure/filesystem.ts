import type { ActionClass, Exposure, Fact, FilesystemEvidence, Grant } from '../model/exposure.ts';
import { quoted } from './fix.ts';
import { hasWildcard } from './glob.ts';
import { effectiveReach, widest } from './reach.ts';

const READ: ActionClass[] = ['list', 'read'];
const WRITE: ActionClass[] = ['write', 'delete', 'change-permissions'];

/** Judges mode bits. Other users of the machine are one's own organisation: a readable file is not on the internet. */
export function evaluateFilesystem(evidence: FilesystemEvidence, collectedAt: string): Exposure {
  const grants: Grant[] = [];
  const unknowns: Exposure['unknowns'] = [];
  const because: string[] = [];
  const fix: string[] = [];
  const open = new Set<ActionClass>();
  const path = quoted(evidence.path);

  // A star or a question mark in a name would close other folders as well.
  const closed = (evidence.closed ?? []).filter((folder) => !hasWildcard(folder)).map((folder) => `${folder}*`);
  const judge = (fact: Fact<{ count: number }>, actions: ActionClass[], word: string, mode: string) => {
    if (fact.state === 'unsupported') {
      because.push(`This system has no mode bits that say what other users can ${word}.`);
      return;
    }
    if (fact.state === 'refused') {
      unknowns.push({ call: fact.call, reason: fact.reason, permission: fact.permission });
      for (const action of actions) open.add(action);
      because.push(`What other users can ${word} is not known: ${fact.call} answered ${fact.reason}.`);
      return;
    }
    const count = fact.value?.count ?? 0;
    if (count === 0) return;
    const files = `${count} ${count === 1 ? 'file or folder' : 'files and folders'}`;
    const change = `chmod -R ${mode} -- ${path}`;
    because.push(`Every user of this machine can ${word} ${files}: their mode allows others to.`);
    fix.push(`Take the ${word} permission from other users.`, change);
    grants.push({
      principal: { class: 'same-org', ids: ['other users of this machine'], trusted: false },
      actions,
      rawActions: [word],
      // A closed folder can still be moved away and replaced where the one around it can be written.
      scope: { prefixes: ['*'], except: actions === READ ? closed : [] },
      conditions: [],
      path: 'file-mode',
      cause: { doc: 'mode bits for others' },
      state: 'effective',
      fix: [change],
      reach: 'organization',
    });
  };
  judge(evidence.worldReadable, READ, 'read', 'o-r');
  judge(evidence.worldWritable, WRITE, 'write', 'o-w');

  const effective = effectiveReach(
    grants.map(({ actions, reach = 'organization' }) => ({ actions, reach })),
    open,
  );
  return {
    verdict: widest([effective.list, effective.read]),
    effective,
    vendorPublic: false,
    crossAccount: [],
    grants,
    unknowns,
    open: [...open],
    collectedAt,
    because: because.length > 0 ? because : ['Only the owner and the group can reach these files.'],
    fix,
  };
}
