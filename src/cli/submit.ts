import { loadDetectorSet } from '../../workers/detector-set.ts';
import { enqueueScan } from '../../workers/fleet.ts';
import { codeOf } from '../../workers/fleet-scan.ts';
import { openScan } from '../../workers/open-scan.ts';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import { loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import { isStandardInput } from '../providers/parse-target.ts';
import { openFleet } from './open-ledger.ts';
import { loadOwnDetectors } from './own-detectors.ts';
import { resolveTargets } from './resolve-targets.ts';
import { scanConfig } from './scan-config.ts';
import { settingsOf } from './scan-options.ts';

/** A person waits. */
const PATIENCE_MS = 20_000;

export interface SubmitOptions extends Record<string, unknown> {
  config?: string;
}

/** `assay submit`: begins a scan, or continues one that has not ended, and leaves it to the workers. Throws `AssayError`. */
export async function submit(targetTexts: string[], options: SubmitOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  const { targets, stores } = await resolveTargets(targetTexts, cwd, config);
  if (targets.some(isStandardInput)) {
    throw new AssayError('usage', 'submit -: workers do not see what comes on standard input; use `assay scan -`');
  }
  const ofScan = scanConfig(config, loadFingerprintKey(config), stores);
  const set = await loadDetectorSet(await loadOwnDetectors(config.detectors, cwd));
  const fleet = await openFleet('submit', config, AbortSignal.timeout(PATIENCE_MS));
  try {
    const scan = await openScan(fleet.ledger, targets, ofScan, set, true);
    await enqueueScan(fleet.queues, scan).catch((error: unknown) => {
      const how = 'workers will find the scan in the ledger';
      process.stderr.write(`assay: submit: the queue takes no jobs just now (${codeOf(error)}); ${how}\n`);
    });
    process.stdout.write(`${scan.id}\n`);
    return EXIT.ok;
  } finally {
    await fleet.close();
  }
}
