import type { Fact, GcsAclEntry, GcsEvidence, GcsPolicy, Grant } from '../model/exposure.ts';
import { difference } from './difference.ts';
import { quoted } from './fix.ts';
import { isOpenMember } from './gcs-members.ts';

/** One change to what is configured: to the facts, so that it can be judged before it is made, and for a person. */
export interface GcsEdit {
  words: string;
  command: string;
  /** Differences and Terraform, a text each. */
  texts: string[];
  apply(evidence: GcsEvidence): GcsEvidence;
}

/** The fewest changes after which an open bucket `isMended`: the one grant that is open, or the switch above all. */
export function smallestGcsEdits(evidence: GcsEvidence, isMended: (evidence: GcsEvidence) => boolean): GcsEdit[] {
  const each = [...policyEdits(evidence), ...aclEdits(evidence)];
  const single = each.find((edit) => isMended(edit.apply(evidence)));
  if (single !== undefined) return [single];
  const hasSwitch = evidence.metadata.state !== 'unsupported' && evidence.endpoint === null;
  return hasSwitch ? [preventionEdit(evidence)] : each;
}

const MAX_COMMANDS = 5;

/** Takes away the one grant, in words and as a command. Nothing where there is nothing to end. */
export function gcsGrantFix({ principal, path, cause, state }: Grant, evidence: GcsEvidence): string[] {
  if (state === 'blocked' || principal.class === 'same-account') return [];
  const where = `${cause.binding === undefined ? 'grant' : 'binding'} ${cause.binding ?? cause.grantIndex} of the ${cause.doc}`;
  const names = principal.ids.map((id) => (id === '*' ? 'everyone' : id)).join(', ');
  const words = `Remove ${names} from ${where}${state === 'dormant' ? ': it revives when the switch is turned off' : ''}.`;
  const role = cause.doc.slice(cause.doc.lastIndexOf(', ') + 2);
  const members = membersOf(principal).slice(0, MAX_COMMANDS);
  if (path === 'iam-binding') return [words, ...members.map((member) => unbind(evidence, member, role))];
  return path === 'bucket-acl' ? [words, ...members.map((member) => unlist(evidence, member))] : [words];
}

function membersOf({ class: kind, ids }: Grant['principal']): string[] {
  if (kind === 'internet') return ['allUsers'];
  return kind === 'any-authenticated' ? ['allAuthenticatedUsers'] : ids.filter((id) => /^\w+:/.test(id));
}

function preventionEdit(evidence: GcsEvidence): GcsEdit {
  return {
    words: 'Enforce public access prevention on this bucket: it ends every grant to everyone, in IAM and ACLs.',
    command: `gcloud storage buckets update ${url(evidence)} --public-access-prevention`,
    texts: [
      resource('google_storage_bucket', evidence, {
        name: evidence.bucket ?? 'BUCKET',
        public_access_prevention: 'enforced',
      }),
    ],
    apply(given) {
      const value = (given.metadata.state === 'known' ? given.metadata.value : null) ?? {};
      const iamConfiguration = { ...value.iamConfiguration, publicAccessPrevention: 'enforced' };
      return { ...given, metadata: { state: 'known', value: { ...value, iamConfiguration } } };
    },
  };
}

/** Everyone out of each binding of the bucket and its managed folders that holds them. */
function policyEdits(evidence: GcsEvidence): GcsEdit[] {
  const own = bindingsOf(evidence.iamPolicy).map(({ role, member }) => ({
    words: `Remove ${member} from the bindings of ${role} on this bucket.`,
    command: unbind(evidence, member, role),
    texts: policyTexts(evidence, without(evidence.iamPolicy, role, member), role),
    apply: (given: GcsEvidence) => ({ ...given, iamPolicy: without(given.iamPolicy, role, member) }),
  }));
  const folders = evidence.managedFolders.state === 'known' ? (evidence.managedFolders.value ?? []) : [];
  const below = folders.flatMap(({ name, iamPolicy }) =>
    bindingsOf(iamPolicy).map(({ role, member }) => ({
      words: `Remove ${member} from the bindings of ${role} on the managed folder ${name}.`,
      command: `gcloud storage managed-folders remove-iam-policy-binding ${quoted(`gs://${evidence.bucket ?? 'BUCKET'}/${name}`)} --member=${quoted(member)} --role=${quoted(role)} --all`,
      texts: differenceOf(iamPolicy, without(iamPolicy, role, member)),
      apply: (given: GcsEvidence): GcsEvidence => ({
        ...given,
        managedFolders: mapKnown(given.managedFolders, (all) =>
          all.map((one) => (one.name === name ? { ...one, iamPolicy: without(one.iamPolicy, role, member) } : one)),
        ),
      }),
    })),
  );
  return [...own, ...below];
}

function aclEdits(evidence: GcsEvidence): GcsEdit[] {
  const entries = evidence.acl.state === 'known' ? (evidence.acl.value ?? []) : [];
  const open = [...new Set(entries.map(({ entity }) => entity).filter(isOpenMember))];
  return open.map((entity) => ({
    words: `Remove ${entity} from the ACL of this bucket.`,
    command: unlist(evidence, entity),
    texts: aclTexts(
      evidence,
      entries.filter((one) => one.entity !== entity),
    ),
    apply: (given: GcsEvidence): GcsEvidence => ({
      ...given,
      acl: mapKnown(given.acl, (all) => all.filter((one: GcsAclEntry) => one.entity !== entity)),
    }),
  }));
}

function bindingsOf(policy: Fact<GcsPolicy>): { role: string; member: string }[] {
  const bindings = policy.state === 'known' ? (policy.value?.bindings ?? []) : [];
  const pairs = bindings.flatMap(({ role, members }) =>
    members.filter(isOpenMember).map((member) => [`${role} ${member}`, { role, member }] as const),
  );
  return [...new Map(pairs).values()];
}

function without(policy: Fact<GcsPolicy>, role: string, member: string): Fact<GcsPolicy> {
  return mapKnown(policy, ({ bindings }) => ({
    bindings: bindings
      .map((one) => (one.role === role ? { ...one, members: one.members.filter((other) => other !== member) } : one))
      .filter(({ members }) => members.length > 0),
  }));
}

function mapKnown<T>(fact: Fact<T>, change: (value: T) => T): Fact<T> {
  return fact.state === 'known' && fact.value !== null ? { state: 'known', value: change(fact.value) } : fact;
}

function policyTexts(evidence: GcsEvidence, after: Fact<GcsPolicy>, role: string): string[] {
  const left = (after.state === 'known' ? (after.value?.bindings ?? []) : []).filter((one) => one.role === role);
  const [only, ...others] = left;
  // One block binds a role under one condition.
  const isPlain = only !== undefined && others.length === 0 && only.condition === undefined;
  const bucket = evidence.bucket ?? 'BUCKET';
  return [
    ...differenceOf(evidence.iamPolicy, after),
    ...(isPlain
      ? [resource('google_storage_bucket_iam_binding', evidence, { bucket, role, members: only.members })]
      : []),
  ];
}

function differenceOf(before: Fact<GcsPolicy>, after: Fact<GcsPolicy>): string[] {
  if (before.state !== 'known' || after.state !== 'known') return [];
  return [difference('iam-policy.json', before.value, after.value)];
}

function aclTexts(evidence: GcsEvidence, left: readonly GcsAclEntry[]): string[] {
  const entries = left.map(({ entity, role }) => `${role}:${entity}`);
  const bucket = evidence.bucket ?? 'BUCKET';
  return entries.length === 0
    ? []
    : [resource('google_storage_bucket_acl', evidence, { bucket, role_entity: entries })];
}

/** A block of Terraform, whose texts are those of JSON but for the beginnings of its templates. */
function resource(type: string, { bucket }: GcsEvidence, fields: Readonly<Record<string, string | string[]>>): string {
  const name = (bucket ?? 'bucket').replace(/[^\w-]/g, '_').replace(/^(?=[\d-])/, '_');
  const width = Math.max(...Object.keys(fields).map((key) => key.length));
  const lines = Object.entries(fields).map(
    ([key, value]) => `  ${key.padEnd(width)} = ${JSON.stringify(value).replace(/([$%])\{/g, '$1$1{')}`,
  );
  return `resource "${type}" "${name}" {\n${lines.join('\n')}\n}`;
}

function unbind(evidence: GcsEvidence, member: string, role: string): string {
  return `gcloud storage buckets remove-iam-policy-binding ${url(evidence)} --member=${quoted(member)} --role=${quoted(role)} --all`;
}

function unlist(evidence: GcsEvidence, member: string): string {
  const entity = member
    .replace(/^project(Owner|Editor|Viewer):/, (_whole, team: string) => `project-${team.toLowerCase()}s-`)
    .replace(/^(user|group|domain):/, '$1-');
  return `gcloud storage buckets update ${url(evidence)} --remove-acl-grant=${quoted(entity)}`;
}

function url({ bucket }: GcsEvidence): string {
  return quoted(`gs://${bucket ?? 'BUCKET'}`);
}
