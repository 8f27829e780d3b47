/**
 * Who a statement speaks of, before anyone asks whose account that is. Principals and limiting conditions both become
 * subjects; `meet` is what remains when two of them must hold together.
 */
export type Subject =
  /** Anyone; `isAuthenticated`: anyone who signs with some identity of the vendor. */
  | { kind: 'open'; isAuthenticated: boolean }
  /** A principal of an account (or all of it); `org` when a condition also fixes its organisation. */
  | { kind: 'account'; account: string; text: string; org?: string }
  | { kind: 'canonical'; id: string }
  | { kind: 'org'; org: string }
  /** A service principal; `*` stands for any. */
  | { kind: 'service'; name: string }
  /**
   * A service acting for this account (null: the ARN names none), which an ARN (`byArn`) or its number fixes; `via` is the
   * service when a principal names it.
   */
  | { kind: 'source'; account: string | null; byArn: boolean; text: string; org?: string; via?: string }
  /** Any identity, from a fixed network; `account` when the condition names the network's owner. */
  | { kind: 'network'; type: 'ip' | 'vpc' | 'vpce'; id: string; account?: string }
  /** Requests through access points of this account, whose own policies decide. */
  | { kind: 'access-point'; account: string }
  /** A CloudFront identity: who reaches it is for the distribution to say. `account` null: not named. */
  | { kind: 'cdn'; text: string; account: string | null }
  | { kind: 'dangling'; id: string }
  /** Fixed, but of an account that cannot be told from the policy. */
  | { kind: 'other'; text: string };

/** Subjects in this order give way to the ones after them: what says more about the caller is kept. */
const WEIGHT: Record<Subject['kind'], number> = {
  open: 0,
  network: 1,
  other: 2,
  org: 3,
  service: 4,
  'access-point': 5,
  source: 6,
  account: 7,
  canonical: 8,
  cdn: 9,
  dangling: 10,
};

export function weightOf({ kind }: Subject): number {
  return WEIGHT[kind];
}

/**
 * The subject for which both hold, or null when no caller is both. Where two kinds cannot be compared the one that says
 * more stays: the answer may be wider than the truth, never narrower.
 */
export function meet(left: Subject, right: Subject): Subject | null {
  const [weak, strong] = WEIGHT[left.kind] <= WEIGHT[right.kind] ? [left, right] : [right, left];
  if (weak.kind === 'open') {
    if (strong.kind !== 'open') return strong;
    return { kind: 'open', isAuthenticated: weak.isAuthenticated || strong.isAuthenticated };
  }
  if (weak.kind === strong.kind) return meetSame(weak, strong);
  if (weak.kind === 'org' && (strong.kind === 'account' || strong.kind === 'source')) {
    return strong.org === undefined || strong.org === weak.org ? { ...strong, org: weak.org } : null;
  }
  if (weak.kind === 'service' && strong.kind === 'source') {
    if (isCloudFront(weak.name)) return { kind: 'cdn', text: strong.text, account: strong.account };
    return weak.name === '*' ? strong : { ...strong, via: weak.name };
  }
  return strong;
}

function meetSame(left: Subject, right: Subject): Subject | null {
  if (left.kind === 'account' && right.kind === 'account') {
    if (left.account !== right.account || differ(left.org, right.org)) return null;
    return { ...right, ...left };
  }
  if (left.kind === 'source' && right.kind === 'source') {
    if (left.account !== null && right.account !== null && left.account !== right.account) return null;
    return { ...right, ...left, account: left.account ?? right.account, byArn: left.byArn || right.byArn };
  }
  if (left.kind === 'service' && right.kind === 'service') {
    if (left.name === '*') return right;
    return right.name === '*' || left.name === right.name ? left : null;
  }
  if (left.kind === 'org' && right.kind === 'org') return left.org === right.org ? left : null;
  if (left.kind === 'canonical' && right.kind === 'canonical') return left.id === right.id ? left : null;
  return left;
}

function differ(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left !== right;
}

export function isCloudFront(service: string): boolean {
  return service === 'cloudfront.amazonaws.com';
}

/** Every subject narrowed to one of `limits`; duplicates are folded. */
export function narrow(subjects: readonly Subject[], limits: readonly Subject[]): Subject[] {
  return distinct(subjects.flatMap((subject) => limits.flatMap((limit) => meet(subject, limit) ?? [])));
}

export function distinct(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()];
}
