import type { ScanContext } from './scan-context.ts';

/**
 * Writes how a scan ended. One whose one target could not be listed at all has failed; any other tells of its listings
 * in the report. What its budget has left open can be taken up again. Answers whether it has failed.
 */
export async function endScan(context: ScanContext, brokenListings: number): Promise<boolean> {
  const { ledger, scan, targets, budget } = context;
  await budget.close();
  const { listed } = await ledger.counters(scan.id);
  const hasFailed = brokenListings > 0 && targets.length === 1 && listed.objects === 0;
  const budgetEnd = budget.spentUp !== null && (await isOpen(context)) ? budget.spentUp : undefined;
  await ledger.finishScan(scan.id, hasFailed ? 'failed' : 'done', new Date().toISOString(), budgetEnd);
  return hasFailed;
}

/** Whether there is anything left that a larger budget would do. */
async function isOpen({ ledger, scan, targets }: ScanContext): Promise<boolean> {
  const { listed, done } = await ledger.counters(scan.id);
  if (done.objects < listed.objects) return true;
  for (const index of targets.keys()) {
    const { complete, error } = await ledger.listing(scan.id, index);
    if (!complete && error === null) return true;
  }
  return false;
}
