import { AssayError, isAssayError } from '../errors.ts';
import type { BucketRef, ProviderName, Target } from '../model/object.ts';
import type { AzureAccountPlace } from './azure-options.ts';
import { openProvider, type ProviderOptions } from './open-provider.ts';
import type { AccountRef, Provider } from './provider.ts';

/** The role that stands for the identity itself. */
export const SELF = 'self';

export interface Discovery {
  targets: Target[];
  /** Roles that buckets are read with, by the name of the bucket; no credentials. */
  bucketRoles: Record<string, string>;
  /** Where the storage accounts are that were found, by their names. */
  azureAccounts: Record<string, AzureAccountPlace>;
}

interface Source extends AccountRef {
  target: Target;
}
/** Accounts asked at once. */
const WIDTH = 8;

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
  const azureAccounts: Record<string, AzureAccountPlace> = {};
  const seen = new Set<string>();
  const providers = new Map<ProviderName, Promise<Provider>>();
  const providerOf = (name: ProviderName): Promise<Provider> => {
    const provider = providers.get(name) ?? openProvider(name, options);
    providers.set(name, provider);
    return provider;
  };
  try {
    const sources = (await Promise.all(targets.map((target) => sourcesOf(target, options, providerOf, signal)))).flat();
    const answers = await eachOf(sources, async ({ target, account, lost: refused }) => {
      if (target.every !== true) return null;
      if (refused !== undefined) return refused;
      try {
        return await bucketsOf(await providerOf(target.bucket.provider), account, signal);
      } catch (error) {
        if (!isAssayError(error)) throw error;
        return error;
      }
    });
    for (const [index, source] of sources.entries()) {
      const { target, account, place } = source;
      const answer = answers[index] ?? null;
      if (place !== undefined) azureAccounts[account] = place;
      if (answer === null) found.push(target);
      else if (isAssayError(answer)) {
        if (answer.code === 'cancelled' || sources.length === 1) throw answer;
        found.push(lost(source, answer));
      } else {
        for (const bucket of answer) {
          if (seen.has(bucket.uri)) continue;
          seen.add(bucket.uri);
          found.push({ text: bucket.uri, bucket, prefix: '' });
          if (bucket.provider === 'aws-s3' && account !== '') bucketRoles[bucket.name] = account;
        }
      }
    }
  } finally {
    await Promise.all([...providers.values()].map(async (provider) => (await provider).close()));
  }
  return { targets: found, bucketRoles, azureAccounts };
}

async function sourcesOf(
  target: Target,
  { roles = [], organizationRole }: ProviderOptions,
  providerOf: (name: ProviderName) => Promise<Provider>,
  signal: AbortSignal | undefined,
): Promise<Source[]> {
  const { every, bucket } = target;
  if (every !== true) return [{ target, account: '', uri: bucket.uri }];
  const isS3 = bucket.provider === 'aws-s3';
  const named = isS3 ? roles.map((role) => roleSource(target, role === SELF ? '' : role)) : [];
  if (isS3 && organizationRole == null) return named.length === 0 ? [roleSource(target, '')] : named;
  try {
    const provider = await providerOf(bucket.provider);
    for await (const found of provider.listAccounts?.(bucket.name, signal) ?? []) {
      if (!named.some(({ account }) => isS3 && account === found.account)) named.push({ target, ...found });
    }
    return named;
  } catch (error) {
    if (!isAssayError(error)) throw error;
    const uri = isS3 ? 's3://?organization' : bucket.uri;
    return [...named, { target, account: '', uri, lost: error }];
  }
}

function roleSource(target: Target, role: string): Source {
  return { target, account: role, uri: role === '' ? target.bucket.uri : `s3://?role=${role}` };
}

/** Answers in the order of what was asked. */
async function eachOf<T, U>(asked: readonly T[], ask: (one: T) => Promise<U>): Promise<U[]> {
  const answers: U[] = [];
  for (let at = 0; at < asked.length; at += WIDTH) {
    answers.push(...(await Promise.all(asked.slice(at, at + WIDTH).map(ask))));
  }
  return answers;
}

async function bucketsOf(provider: Provider, account: string, signal: AbortSignal | undefined): Promise<BucketRef[]> {
  if (provider.listBuckets === undefined) throw new AssayError('usage', 'this store has no list of buckets');
  const buckets: BucketRef[] = [];
  for await (const page of provider.listBuckets(account, signal)) buckets.push(...page);
  return buckets;
}

function lost({ target: { text, bucket }, account, uri }: Source, { code, message }: AssayError): Target {
  const part = account === '' ? uri.replace(/^.*\?/, '') : account;
  return {
    text: uri === bucket.uri ? text : `${text} (${part})`,
    bucket: { ...bucket, uri, name: '' },
    prefix: '',
    lost: { code, message },
  };
}
