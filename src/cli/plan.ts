import { availableParallelism } from 'node:os';
import { createKeyFilter } from '../../workers/key-filter.ts';
import { outcomeAtListing, ownKeys } from '../../workers/list-target.ts';
import { openProviders, type Providers } from '../../workers/open-providers.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { AssayError, type ErrorCode, EXIT, type ExitCode, isAssayError } from '../errors.ts';
import type { ObjectRef, Target } from '../model/object.ts';
import { type Plan, PlanCount } from '../plan/plan-count.ts';
import { isPriced, pricesOf } from '../plan/prices.ts';
import { keyMatcher } from '../providers/key-matcher.ts';
import type { ProviderOptions } from '../providers/open-provider.ts';
import { isStandardInput, parseTarget } from '../providers/parse-target.ts';
import type { Provider } from '../providers/provider.ts';
import { readInventory } from '../providers/s3-inventory.ts';
import { type KnownScans, openKnownScans } from './known-scans.ts';
import { planText } from './plan-text.ts';
import { resolveTargets } from './resolve-targets.ts';
import { settingsOf } from './scan-options.ts';

export interface PlanOptions extends Record<string, unknown> {
  config?: string;
  /** Manifest of an S3 Inventory. */
  inventory?: string;
  format: 'text' | 'json';
}

interface Sources {
  config: Config;
  stores: ProviderOptions;
  providers: Providers;
  known: KnownScans | null;
  inventory: Target | null;
}

/** `assay plan`: what a scan of these targets would read, from listings alone. Throws `AssayError`. */
export async function plan(targetTexts: string[], options: PlanOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  const { targets, stores } = await resolveTargets(targetTexts, cwd, config);
  if (targets.some(isStandardInput)) throw new AssayError('usage', 'plan -: standard input cannot be listed');
  const inventory = options.inventory === undefined ? null : parseTarget(options.inventory, cwd);
  const known = await openKnownScans(targets, config, stores, cwd);
  const providers = openProviders({ ...stores });
  try {
    const made = await planTargets(targets, { config, stores, providers, known, inventory });
    made.targets = targetTexts;
    process.stdout.write(options.format === 'json' ? `${JSON.stringify(made, null, 2)}\n` : planText(made));
    return made.result.incomplete ? EXIT.incomplete : EXIT.ok;
  } finally {
    await providers.close();
    await known?.close();
  }
}

/** A single target that cannot be listed at all is an error; one of several is in the plan. */
async function planTargets(targets: Target[], sources: Sources): Promise<Plan> {
  const { config, stores, providers, known } = sources;
  const count = new PlanCount();
  const isIncluded = createKeyFilter([...config.include], [...config.exclude]);
  for (const [index, target] of targets.entries()) {
    const { bucket, lost } = target;
    try {
      if (lost !== undefined) throw new AssayError(lost.code as ErrorCode, lost.message);
      const provider = await providers.get(bucket.provider);
      const isOwn = ownKeys(targets, index);
      const region = () => provider.regionOf?.(bucket) ?? null;
      for await (const page of pagesOf(target, provider, sources)) {
        const prices = pricesOf(bucket.provider, region(), stores);
        count.addBucket(bucket, prices, isPriced(bucket.provider, stores));
        const objects = page.objects.filter(({ key }) => isOwn(key));
        count.addPage(bucket, objects, await fatesOf(objects, isIncluded, known), prices);
      }
    } catch (error) {
      if (!isAssayError(error) || targets.length === 1) throw error;
      count.fail(bucket, error.message);
    }
  }
  const { threads, allowEmpty, budget } = config;
  return count.plan({
    targets: [],
    transfer: budget.transfer,
    threads: threads || availableParallelism(),
    knowsReuse: known !== null,
    allowEmpty,
  });
}

/** From the store's own listing, or from the inventory of its bucket. */
async function* pagesOf(
  target: Target,
  provider: Provider,
  { inventory }: Sources,
): AsyncGenerator<{ objects: ObjectRef[] }> {
  if (inventory === null) {
    yield* provider.listObjects(target, null);
    return;
  }
  const matches = keyMatcher(target.glob);
  for await (const { bucket, objects } of readInventory(provider, inventory)) {
    if (bucket.uri !== target.bucket.uri) {
      throw new AssayError(
        'usage',
        `--inventory ${inventory.text}: it is of ${bucket.uri}, not of ${target.bucket.uri}`,
      );
    }
    yield { objects: objects.filter(({ key }) => key.startsWith(target.prefix) && matches(key)) };
  }
}

async function fatesOf(
  objects: ObjectRef[],
  isIncluded: (key: string) => boolean,
  known: KnownScans | null,
): Promise<string[]> {
  const fates = objects.map((object) => outcomeAtListing(object, isIncluded) ?? 'read');
  const open = objects.filter((_object, at) => fates[at] === 'read');
  const isReusable = known === null || open.length === 0 ? [] : await known.isReusable(open);
  let next = 0;
  return fates.map((fate) => (fate === 'read' && isReusable[next++] ? 'reused' : fate));
}
