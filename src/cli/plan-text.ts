import type { Amount, Plan } from '../plan/plan-count.ts';
import { bytesText, plural, shown, thousands } from '../report/shown.ts';

const MAX_FORMATS = 12;
const MAX_BUCKETS = 20;

/** What a person reads: how much, what it costs, how long it takes, and what that rests on. */
export function planText(plan: Plan): string {
  const { listed, read, reused, requests, time, result } = plan;
  const lines = [
    `A scan would read ${amount(read)} of ${amount(listed)} listed.`,
    ...(reused === null ? [] : reused.objects === 0 ? [] : [`  ${amount(reused)} an earlier scan has read`]),
    ...Object.entries(plan.skipped).map(([reason, skipped]) => `  ${amount(skipped)} ${reason}`),
    '',
    ...section('By name', Object.entries(plan.formats), MAX_FORMATS),
    ...(plan.buckets.length < 2
      ? []
      : section(
          'Buckets',
          plan.buckets.map((bucket) => [shown(bucket.uri), bucket] as const),
          MAX_BUCKETS,
        )),
    ...(requests.total === 0 ? [] : moneyLines(plan)),
    `Time      about ${duration(time.seconds)} with ${plural(time.threads, 'thread')}, at the speeds of ${time.speedsAsOf}, unless the network is slower`,
    ...result.reasons.map((reason) => `Incomplete: ${shown(reason)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function moneyLines({ requests, cost }: Plan): string[] {
  const { total, transfer, to, unpriced } = cost;
  return [
    `Requests  ${thousands(requests.total)}: ${thousands(requests.list)} to list, ${thousands(requests.read)} to read, ${thousands(requests.exposure)} about who can reach it`,
    `Money     ${dollars(total)}: requests ${dollars(cost.requests)}, bytes to ${to} ${dollars(transfer[to])}`,
    `          bytes would cost ${dollars(transfer['same-region'])} in the same region, ${dollars(transfer['other-region'])} to another, ${dollars(transfer.internet)} to the internet`,
    `          list prices of ${cost.pricesAsOf}, without what infrequent storage classes take for a read`,
    ...(unpriced.length === 0 ? [] : [`          nothing is known of the prices of ${stores(unpriced)}`]),
  ];
}

function section(title: string, entries: readonly (readonly [string, Amount])[], max: number): string[] {
  if (entries.length === 0) return [];
  const width = Math.max(...entries.slice(0, max).map(([name]) => name.length));
  const rows = entries.slice(0, max).map(([name, one]) => `  ${name.padEnd(width)}  ${amount(one)}`);
  const more = entries.length - rows.length;
  return [title, ...rows, ...(more > 0 ? [`  and ${thousands(more)} more: see -f json`] : []), ''];
}

function amount({ objects, bytes }: Amount): string {
  return `${plural(objects, 'object')} (${bytesText(bytes)})`;
}

function stores(uris: readonly string[]): string {
  const [first = ''] = uris;
  return uris.length === 1 ? shown(first) : `${shown(first)} and ${plural(uris.length - 1, 'more bucket')}`;
}

function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
