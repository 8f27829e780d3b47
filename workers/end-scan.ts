import type { ScanContext } from './scan-context.ts';

/**
 * Writes how a scan ended. One whose one target could not be listed at all has failed; any other tells of its listings
 * in the report. What its budget has left open can be taken up again. Answers whether it has failed.
 */
export async function endScan(
  { ledger, scan, targets, budget }: ScanContext,
  brokenListings: number,
): Promise<boolean> {
  await budget.close();
  const { listed, listingComplete, done } = await ledger.counters(scan.id);
  const hasFailed = brokenListings > 0 && targets.length === 1 && listed.objects === 0;
  const isOpen = done.objects < listed.objects || (!listingComplete && brokenListings === 0);
  const budgetEnd = isOpen ? (budget.spentUp ?? undefined) : undefined;
  await ledger.finishScan(scan.id, hasFailed ? 'failed' : 'done', new Date().toISOString(), budgetEnd);
  return hasFailed;
}
