import type { Exposure, S3Evidence } from '../model/exposure.ts';
import { causeWords } from './because.ts';
import type { JudgedGrant } from './policy-grants.ts';

const BLOCK_ALL = 'BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true';

/** The smallest change that ends one grant, in words and as a command. Nothing where there is nothing to end. */
export function grantFix(judged: JudgedGrant, evidence: S3Evidence): string[] {
  const { grant, reach } = judged;
  if (grant.state === 'blocked' || reach === 'private') return [];
  return grant.path === 'bucket-acl' ? aclFix(judged, evidence) : policyFix(judged, evidence);
}

/** The changes a bucket needs, each once: first the switch that ends all public access, then grant by grant. */
export function s3Fixes(
  reached: readonly JudgedGrant[],
  unknowns: Exposure['unknowns'],
  evidence: S3Evidence,
): string[] {
  const isPublic = reached.some(({ reach }) => reach === 'public');
  const hasSwitches = evidence.publicAccessBlock.state !== 'unsupported';
  const lines: string[] = [];
  if (isPublic && hasSwitches) {
    lines.push(
      'Turn Block Public Access on for this bucket: it ends every public grant, and what a public policy gives to other accounts.',
      aws(evidence, 's3api put-public-access-block', `--public-access-block-configuration ${BLOCK_ALL}`),
    );
  }
  for (const judged of reached) {
    if (judged.reach === 'public' || judged.reach === 'cross-account') lines.push(...judged.grant.fix);
  }
  const refused = unknowns.filter(
    ({ reason, permission }) => reason !== 'not asked' && /^[\w-]+:\w+$/.test(permission),
  );
  const permissions = [...new Set(refused.map(({ permission }) => permission))];
  if (permissions.length > 0) {
    lines.push(`Let the scanning identity read what is not known: grant it ${permissions.join(', ')}.`);
  }
  return [...new Set(lines)];
}

function policyFix({ grant, reach }: JudgedGrant, evidence: S3Evidence): string[] {
  const where = causeWords(grant);
  const words =
    reach === 'public'
      ? `Remove ${where}, or name the accounts that need it in its Principal.`
      : grant.principal.class === 'service'
        ? `Add the condition aws:SourceAccount with your own account to ${where}.`
        : reach === 'cross-account'
          ? `Remove ${grant.principal.ids.join(', ')} from ${where}, or add the account to the trusted accounts when it is yours.`
          : `Check ${where}: it names ${grant.principal.ids.join(', ')}.`;
  const name = evidence.bucket ?? 'BUCKET';
  return [
    words,
    `${aws(evidence, 's3api get-bucket-policy', '--query Policy --output text')} > policy.json`,
    `${aws(evidence, 's3api put-bucket-policy', '--policy file://policy.json')}   # after the change to ${name}'s policy`,
  ];
}

function aclFix({ grant }: JudgedGrant, evidence: S3Evidence): string[] {
  const where = causeWords(grant);
  if (grant.state === 'dormant') {
    return [`Remove ${where}: it comes back as soon as ${(grant.blockedBy ?? []).join(' or ')} is turned off.`];
  }
  if (grant.principal.class !== 'internet' && grant.principal.class !== 'any-authenticated') {
    return [`Remove ${where} when ${grant.principal.ids.join(', ')} does not need it.`];
  }
  return [`Remove ${where}.`, aws(evidence, 's3api put-bucket-acl', '--acl private')];
}

function aws(evidence: S3Evidence, command: string, rest: string): string {
  const endpoint = evidence.endpoint === null ? '' : ` --endpoint-url ${quoted(evidence.endpoint)}`;
  return `aws ${command} --bucket ${quoted(evidence.bucket ?? 'BUCKET')} ${rest}${endpoint}`;
}

/** As one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
