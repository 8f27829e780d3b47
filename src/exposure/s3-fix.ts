import type { Exposure, S3Evidence } from '../model/exposure.ts';
import { causeWords } from './because.ts';
import type { Mend } from './mend.ts';
import { aws, mendTexts } from './mend-text.ts';
import type { JudgedGrant } from './policy-grants.ts';

const BLOCK_ALL = 'BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true';

/** Ways that no switch of Block Public Access ends. */
const BESIDE: ReadonlySet<string> = new Set(['replication-out', 'cdn']);

/** The smallest change that ends one grant, in words. Nothing where there is nothing to end. */
export function grantFix({ grant, reach }: JudgedGrant, { steps }: Mend): string[] {
  if (grant.state === 'blocked' || reach === 'private') return [];
  const where = causeWords(grant);
  if (grant.state === 'dormant') {
    return [`Remove ${where}: it comes back as soon as ${(grant.blockedBy ?? []).join(' or ')} is turned off.`];
  }
  const own = steps.filter(
    ({ cause }) =>
      cause.doc === grant.cause.doc &&
      cause.statementIndex === grant.cause.statementIndex &&
      cause.grantIndex === grant.cause.grantIndex,
  );
  if (own.length > 0) return own.map(({ words }) => words);
  return [`Check ${where}: it names ${grant.principal.ids.join(', ')}.`];
}

/**
 * The changes a bucket needs, each once: the switch that ends all public access, then the smallest changes and how to
 * apply all of them, then what the scanning identity should be allowed to ask.
 */
export function s3Fixes(
  reached: readonly JudgedGrant[],
  unknowns: Exposure['unknowns'],
  evidence: S3Evidence,
  mend: Mend,
): string[] {
  const lines: string[] = [];
  const isPublic = reached.some(({ reach, grant }) => reach === 'public' && !BESIDE.has(grant.path));
  if (isPublic && evidence.publicAccessBlock.state !== 'unsupported') {
    lines.push(
      'Turn Block Public Access on for this bucket: it ends every public grant, and what a public policy gives to other accounts.',
      aws(evidence, 's3api put-public-access-block', `--public-access-block-configuration ${BLOCK_ALL}`),
    );
  }
  if (mend.steps.length > 0) {
    const isMore = lines.length > 0;
    lines.push(
      ...mend.steps.map(({ words }, index) =>
        isMore && index === 0 ? `Or change no more than needed: ${words}` : words,
      ),
    );
    lines.push(...mendTexts(mend, evidence));
  }
  const refused = unknowns.filter(
    ({ reason, permission }) => !/^(not asked|sampled)$/.test(reason) && /^[\w-]+:\w+$/.test(permission),
  );
  const permissions = [...new Set(refused.map(({ permission }) => permission))];
  if (permissions.length > 0) {
    lines.push(`Let the scanning identity read what is not known: grant it ${permissions.join(', ')}.`);
  }
  return [...new Set(lines)];
}
