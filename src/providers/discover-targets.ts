import { AssayError, isAssayError } from '../errors.ts';
import type { BucketRef, ProviderName, Target } from '../model/object.ts';
import { openProvider, type ProviderOptions } from './open-provider.ts';
import type { Provider } from './provider.ts';

/** The role that stands for the identity itself. */
export const SELF = 'self';

export interface Discovery {
  targets: Target[];
  /** Roles that buckets are read with, by the name of the bucket; no credentials. */
  bucketRoles: Record<string, string>;
}

interface Source {
  target: Target;
  /** What `listBuckets` takes. */
  account: string;
}

/**
 * Puts every bucket that can be seen in the place of a target that means all of them, once each. What cannot be asked
 * stays as a target that is lost, so that the rest is scanned; when it is all there is, its `AssayError` is thrown.
 */
export async function discoverTargets(
  targets: readonly Target[],
  options: ProviderOptions,
  signal?: AbortSignal,
): Promise<Discovery> {
  const found: Target[] = [];
  const bucketRoles: Record<string, string> = {};
  const seen = new Set<string>();
  const sources = targets.flatMap((target) => sourcesOf(target, options));
  const providers = new Map<ProviderName, Provider>();
  try {
    for (const { target, account } of sources) {
      if (target.every !== true) {
        found.push(target);
        continue;
      }
      const { provider: name } = target.bucket;
      const provider = providers.get(name) ?? (await openProvider(name, options));
      providers.set(name, provider);
      try {
        for (const bucket of await bucketsOf(provider, account, signal)) {
          if (seen.has(bucket.uri)) continue;
          seen.add(bucket.uri);
          found.push({ text: bucket.uri, bucket, prefix: '' });
          if (name === 'aws-s3' && account !== '') bucketRoles[bucket.name] = account;
        }
      } catch (error) {
        if (!isAssayError(error) || error.code === 'cancelled' || sources.length === 1) throw error;
        found.push(lost(target, account, error));
      }
    }
  } finally {
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  }
  return { targets: found, bucketRoles };
}

function sourcesOf(target: Target, { roles = [] }: ProviderOptions): Source[] {
  const { every, bucket } = target;
  if (every !== true) return [{ target, account: '' }];
  if (bucket.provider !== 'aws-s3') return [{ target, account: bucket.name }];
  const accounts = roles.length === 0 ? [''] : roles.map((role) => (role === SELF ? '' : role));
  return accounts.map((account) => ({ target, account }));
}

async function bucketsOf(provider: Provider, account: string, signal: AbortSignal | undefined): Promise<BucketRef[]> {
  if (provider.listBuckets === undefined) throw new AssayError('usage', 'this store has no list of buckets');
  const buckets: BucketRef[] = [];
  for await (const page of provider.listBuckets(account, signal)) buckets.push(...page);
  return buckets;
}

function lost({ text, bucket }: Target, account: string, { code, message }: AssayError): Target {
  const uri = bucket.provider === 'aws-s3' && account !== '' ? `s3://?role=${account}` : bucket.uri;
  return {
    text: account === '' || text.includes(account) ? text : `${text} (${account})`,
    bucket: { ...bucket, uri, name: '' },
    prefix: '',
    lost: { code, message },
  };
}
