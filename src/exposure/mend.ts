import type { Exposure, Reach, S3Evidence, S3PublicAccessBlock } from '../model/exposure.ts';
import { causeWords } from './because.ts';
import {
  statementAt,
  withCondition,
  withoutPrincipals,
  withoutValues,
  withPrincipal,
  withStatement,
} from './policy-edits.ts';
import type { JudgedGrant } from './policy-grants.ts';
import { compareReach } from './reach.ts';
import { judgeS3, type S3Judgement } from './s3-judge.ts';
import type { Home } from './who.ts';

/** One change that was tried and ends what its cause gives to strangers. */
export interface Step {
  cause: JudgedGrant['grant']['cause'];
  words: string;
}
export interface Mend {
  steps: Step[];
  /** The facts after all steps. */
  after: S3Evidence;
}
interface Change {
  words: string;
  after: S3Evidence;
}
/** More causes than this are not mended one by one. */
const MAX_STEPS = 50;
const NO_SWITCHES: S3PublicAccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

/**
 * The smallest changes that end what strangers can do, cause by cause: candidates from the least to the most that is
 * lost, and the first one after which the judgement says that its cause gives strangers nothing and nobody has more.
 */
export function mendS3(evidence: S3Evidence, home: Home, judgement: S3Judgement): Mend {
  const causes = outsideCauses(judgement);
  if (causes.size === 0) return { steps: [], after: evidence };
  return allAtOnce(evidence, home, judgement, causes) ?? oneByOne(evidence, home, judgement);
}

/** Grants to strangers by what causes them. */
function outsideCauses({ reached }: S3Judgement): Map<string, JudgedGrant[]> {
  return Map.groupBy(reached.filter(isOutside), causeId);
}

/** Mostly the least change of each cause will do, and one judgement shows it for all of them. */
function allAtOnce(
  evidence: S3Evidence,
  home: Home,
  judgement: S3Judgement,
  causes: ReadonlyMap<string, JudgedGrant[]>,
): Mend | null {
  const steps: Step[] = [];
  let after = evidence;
  for (const grants of [...causes.values()].slice(0, MAX_STEPS)) {
    const change = candidates(grants, after, home).next().value;
    if (change === undefined) return null;
    steps.push({ cause: grants[0]?.grant.cause ?? { doc: '' }, words: change.words });
    after = change.after;
  }
  const tried = judgeS3(after, home);
  const tooMany = new Set([...causes.keys()].slice(MAX_STEPS));
  const isEnded = [...outsideCauses(tried).keys()].every((id) => tooMany.has(id));
  return isEnded && !isWider(tried.effective, judgement.effective) ? { steps, after } : null;
}

function oneByOne(evidence: S3Evidence, home: Home, judgement: S3Judgement): Mend {
  const steps: Step[] = [];
  let after = evidence;
  let now = judgement;
  const given = new Set<string>();
  while (steps.length < MAX_STEPS) {
    const [id, grants] = [...outsideCauses(now)].find(([cause]) => !given.has(cause)) ?? [];
    if (id === undefined || grants === undefined) break;
    given.add(id);
    const before = now.effective;
    for (const { words, after: changed } of candidates(grants, after, home)) {
      const tried = judgeS3(changed, home);
      if (outsideCauses(tried).has(id) || isWider(tried.effective, before)) continue;
      steps.push({ cause: grants[0]?.grant.cause ?? { doc: '' }, words });
      after = changed;
      now = tried;
      break;
    }
  }
  return { steps, after };
}

function isOutside({ reach, grant }: JudgedGrant): boolean {
  return (reach === 'public' || reach === 'cross-account') && !grant.principal.trusted;
}

function causeId({ grant: { cause } }: JudgedGrant): string {
  return `${cause.doc} ${cause.statementIndex ?? cause.grantIndex}`;
}

function isWider(after: Exposure['effective'], before: Exposure['effective']): boolean {
  return Object.entries(after).some(
    ([field, reach]) => compareReach(reach as Reach, before[field as keyof Exposure['effective']]) < 0,
  );
}

/** Of grants that have one cause. */
function* candidates(grants: readonly JudgedGrant[], evidence: S3Evidence, home: Home): Generator<Change, undefined> {
  const [judged] = grants;
  if (judged === undefined) return;
  switch (judged.grant.path) {
    case 'bucket-acl':
      yield* aclChanges(judged, evidence);
      return;
    case 'object-acl':
      yield* objectAclChanges(judged, evidence);
      return;
    case 'replication-out':
      yield* replicationChanges(judged, evidence);
      return;
    case 'cdn':
      yield* distributionChanges(judged, evidence);
      yield* policyChanges(judged, grants, evidence, home);
      return;
    default:
      yield* policyChanges(judged, grants, evidence, home);
  }
}

function* policyChanges(
  judged: JudgedGrant,
  grants: readonly JudgedGrant[],
  evidence: S3Evidence,
  home: Home,
): Generator<Change> {
  const { cause, principal, path } = judged.grant;
  const where = causeWords(judged.grant);
  const index = cause.statementIndex ?? -1;
  const isPoint = cause.doc !== 'bucket policy';
  const points = path === 'mrap' ? 'multiRegionAccessPoints' : 'accessPoints';
  const fact = evidence[points];
  const list = fact?.state === 'known' ? (fact.value ?? []) : [];
  const point = isPoint ? list.find(({ name }) => cause.doc.endsWith(`access point ${name}`)) : undefined;
  const holder = isPoint ? point?.policy : evidence.policy;
  const document = holder?.state === 'known' ? holder.value : null;
  const statement = statementAt(document, index);
  if (statement === null) return;
  const change = (words: string, edited: ReturnType<typeof statementAt>): Change => {
    const policy = { state: 'known' as const, value: withStatement(document, index, edited) };
    if (point === undefined) return { words, after: { ...evidence, policy } };
    const value = list.map((one) => (one === point ? { ...one, policy } : one));
    return { words, after: { ...evidence, [points]: { state: 'known', value } } };
  };
  const isPublic = grants.some(({ reach }) => reach === 'public');
  const foreign = [...new Set(grants.flatMap((one) => one.foreign))];
  const isUnwanted = (text: string) =>
    (isPublic && text.includes('*')) || foreign.some((account) => text.split(/[:/]/).includes(account));
  const names = [...(isPublic ? ['the star'] : []), ...foreign].join(' and ') || principal.ids.join(', ');
  for (const edited of [withoutPrincipals(statement, isUnwanted), withoutValues(statement, isUnwanted)]) {
    if (edited !== null) yield change(`Remove ${names} from ${where}.`, edited);
  }
  if (home.account !== null && principal.class === 'service') {
    const edited = withCondition(statement, 'aws:SourceAccount', home.account);
    yield change(`Add the condition aws:SourceAccount with your own account to ${where}.`, edited);
  }
  if (home.org !== null && isPublic) {
    const edited = withCondition(statement, 'aws:PrincipalOrgID', home.org);
    yield change(`Limit ${where} to your organisation with the condition aws:PrincipalOrgID.`, edited);
  }
  if (home.account !== null && isPublic) {
    const edited = withPrincipal(statement, home.account);
    yield change(`Name your own account in ${where} instead of everyone, and other accounts that need it.`, edited);
  }
  yield change(`Remove ${where}.`, null);
}

/** Signing takes keys that only people can make and hand out, so that it is told, and the policy is what is changed. */
function* distributionChanges({ grant, notes }: JudgedGrant, evidence: S3Evidence): Generator<Change> {
  const index = grant.cause.statementIndex ?? -1;
  const document = evidence.policy.state === 'known' ? evidence.policy.value : null;
  const statement = statementAt(document, index);
  if (statement === null) return;
  const edits = [withoutPrincipals(statement, (text) => /^cloudfront\.|:iam::cloudfront:/.test(text)), null];
  const where = causeWords(grant);
  const alternative = `or let CloudFront answer signed URLs or cookies only, with a trusted key group (${notes.join('; ')})`;
  for (const edited of edits.slice(edits[0] === null ? 1 : 0)) {
    const words = edited === null ? `Remove ${where}` : `Remove CloudFront from ${where}`;
    const policy = { state: 'known' as const, value: withStatement(document, index, edited) };
    yield { words: `${words}, ${alternative}.`, after: { ...evidence, policy } };
  }
}

function* aclChanges(judged: JudgedGrant, evidence: S3Evidence): Generator<Change> {
  const { acl } = evidence;
  const { grantIndex } = judged.grant.cause;
  if (acl.state !== 'known' || acl.value === null) return;
  // The entry stays as one for nobody, so that the others keep their numbers.
  const Grants = acl.value.Grants.map((entry, index) => (index === grantIndex ? {} : entry));
  yield {
    words: `Remove ${causeWords(judged.grant)}.`,
    after: { ...evidence, acl: { state: 'known', value: { ...acl.value, Grants } } },
  };
}

function* objectAclChanges(judged: JudgedGrant, evidence: S3Evidence): Generator<Change> {
  const block = evidence.publicAccessBlock;
  if (judged.reach === 'public' && block.state === 'known') {
    yield {
      words: 'Turn IgnorePublicAcls on for this bucket: it takes back what ACLs give to everyone.',
      after: {
        ...evidence,
        publicAccessBlock: { state: 'known', value: { ...(block.value ?? NO_SWITCHES), IgnorePublicAcls: true } },
      },
    };
  }
  yield {
    words: 'Switch ACLs off with object ownership BucketOwnerEnforced.',
    after: { ...evidence, objectOwnership: { state: 'known', value: 'BucketOwnerEnforced' } },
  };
}

function* replicationChanges(judged: JudgedGrant, evidence: S3Evidence): Generator<Change> {
  const { replication } = evidence;
  if (replication?.state !== 'known' || replication.value === null) return;
  const Rules = (replication.value.Rules ?? []).map((rule, index) =>
    index === judged.grant.cause.grantIndex ? { ...rule, Status: 'Disabled' } : rule,
  );
  yield {
    words: `Disable the ${judged.grant.cause.doc}, or trust its account when it is yours.`,
    after: { ...evidence, replication: { state: 'known', value: { Rules } } },
  };
}
