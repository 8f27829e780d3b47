import type { Ledger, ScanRow } from '../src/model/ledger.ts';
import type { ProviderName, Target } from '../src/model/object.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import type { ScanEvent } from '../src/model/scan-event.ts';
import type { Provider } from '../src/providers/provider.ts';
import type { BudgetMeter } from './budget-meter.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { ThreadPool } from './thread-pool.ts';

/** What the jobs of one running scan share. */
export interface ScanContext {
  scan: Pick<ScanRow, 'id' | 'detectorSet' | 'limitsDigest' | 'fingerprintKeyId'>;
  targets: Target[];
  config: ScanConfig;
  ledger: Ledger;
  threads: ThreadPool;
  /** One provider of each kind for this process: listings and exposure; the threads have their own. */
  provider(name: ProviderName): Promise<Provider>;
  emit(event: ScanEvent): void;
  meter: ProgressMeter;
  budget: BudgetMeter;
  /** Aborts a while after a cancellation: objects that are still being read are then given up. */
  kill: AbortSignal;
}
