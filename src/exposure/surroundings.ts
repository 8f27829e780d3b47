import type { Grant, S3Evidence, S3Replication } from '../model/exposure.ts';
import type { Findings } from './s3-findings.ts';
import { unknownOf } from './s3-findings.ts';
import { type Home, whoIs } from './who.ts';

/** What stands around a bucket and changes who sees its data: copies to other buckets, a website, keys. */
export function judgeSurroundings(evidence: S3Evidence, home: Home, found: Findings): void {
  const { replication, website, encryption } = evidence;
  for (const fact of [replication, website, encryption]) {
    if (fact?.state === 'refused') found.unknowns.push(unknownOf(fact));
  }
  if (replication?.state === 'known' && replication.value !== null) judgeReplication(replication.value, home, found);
  const reads = found.grants.filter(({ grant }) => grant.state === 'effective' && grant.actions.includes('read'));
  const isPublic = reads.some(({ reach }) => reach === 'public');
  if (isPublic && website?.state === 'known' && website.value !== null) {
    const page = website.value.IndexDocument?.Suffix ?? 'no index page';
    found.because.push(`The bucket is served as a website (${page}): what the public can read there can be found.`);
  }
}

/** Each rule that is on copies objects to where another owner may decide. */
function judgeReplication({ Rules = [] }: S3Replication, home: Home, found: Findings): void {
  Rules.forEach((rule, index) => {
    if (rule.Status !== 'Enabled') return;
    const { Bucket: arn = 'an unnamed bucket', Account: account } = rule.Destination ?? {};
    if (account === undefined) {
      found.because.push(`Replication copies objects to ${arn}; whose bucket that is, its rule does not say.`);
      return;
    }
    const who = whoIs({ kind: 'account', account, text: account }, home);
    const grant: Grant = {
      principal: { class: who.class, ids: [who.id], trusted: who.trusted },
      actions: ['read'],
      rawActions: [],
      scope: { prefixes: [`${rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? ''}*`], except: [] },
      conditions: [],
      path: 'replication-out',
      cause: { doc: `replication to ${arn}`, grantIndex: index, ...(rule.ID === undefined ? {} : { sid: rule.ID }) },
      state: 'effective',
      fix: [],
    };
    found.grants.push({ grant, reach: who.reach, foreign: who.foreign === '' ? [] : [who.foreign], notes: [] });
  });
}
