/** A count with its digits in groups: `12,345`. `toLocaleString` loads tables of languages for 10 ms first. */
export function thousands(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}
