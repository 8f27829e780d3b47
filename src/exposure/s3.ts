import type { Exposure, S3Evidence } from '../model/exposure.ts';
import { grantSentence, inOrder, strangersOf } from './because.ts';
import { mendS3 } from './mend.ts';
import { widest } from './reach.ts';
import type { Findings } from './s3-findings.ts';
import { grantFix, s3Fixes } from './s3-fix.ts';
import { judgeS3 } from './s3-judge.ts';
import type { Home } from './who.ts';

/** Who can reach one bucket, why, and the smallest changes that end what strangers can do. */
export function evaluateS3(evidence: S3Evidence, home: Home, collectedAt: string): Exposure {
  const judgement = judgeS3(evidence, home);
  const { found, reached, effective } = judgement;
  const isOutside = Object.values(effective).some((reach) => reach === 'public' || reach === 'cross-account');
  if (evidence.endpoint === null && isOutside) guardsAbove(found);
  const counted = reached.filter(({ reach }) => reach !== 'private');
  const mend = mendS3(evidence, home, judgement);
  for (const judged of found.grants) judged.grant.fix = grantFix(judged, mend);
  return {
    verdict: widest([effective.list, effective.read]),
    effective,
    vendorPublic: found.vendorPublic,
    crossAccount: strangersOf(counted),
    grants: reached.map(({ grant, reach }) => ({ ...grant, reach })),
    unknowns: found.unknowns,
    open: [...found.open],
    collectedAt,
    because: [...inOrder(reached).flatMap(grantSentence), ...found.because],
    fix: s3Fixes(counted, found.unknowns, evidence, mend),
  };
}

/** Policies of the organisation can only take away; they are not read, and never assumed. */
function guardsAbove(found: Findings): void {
  const call = 'organizations:DescribePolicy';
  found.unknowns.push({ call, reason: 'not asked', permission: call });
  found.because.push(
    'Service and resource control policies of the organisation were not read: they could narrow this.',
  );
}
