import { loadDetectorSet } from '../../workers/detector-set.ts';
import { enqueueScan } from '../../workers/fleet.ts';
import { openScan } from '../../workers/open-scan.ts';
import { loadFingerprintKey } from '../config/fingerprint-key.ts';
import { loadConfig } from '../config/load-config.ts';
import { AssayError, EXIT, type ExitCode } from '../errors.ts';
import { isStandardInput } from '../providers/parse-target.ts';
import { parseTargets } from '../providers/parse-targets.ts';
import { openFleet } from './open-ledger.ts';
import { loadOwnDetectors } from './own-detectors.ts';
import { scanConfig } from './scan.ts';
import { settingsOf } from './scan-options.ts';

export interface SubmitOptions extends Record<string, unknown> {
  config?: string;
}

/** `assay submit`: begins a scan, or continues one that has not ended, and leaves it to the workers. Throws `AssayError`. */
export async function submit(targetTexts: string[], options: SubmitOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const config = loadConfig({ flags: settingsOf(options), env: process.env, cwd, file: options.config });
  const targets = parseTargets(targetTexts, cwd);
  if (targets.some(isStandardInput)) {
    throw new AssayError('usage', 'submit -: workers do not see what comes on standard input; use `assay scan -`');
  }
  const ofScan = scanConfig(config, loadFingerprintKey(config));
  const set = await loadDetectorSet(await loadOwnDetectors(config.detectors, cwd));
  const { ledger, queue } = await openFleet('submit', config, ofScan);
  try {
    const scan = await openScan(ledger, targets, ofScan, set);
    await enqueueScan(queue, scan);
    process.stdout.write(`${scan.id}\n`);
    return EXIT.ok;
  } finally {
    await queue.close();
    await ledger.close();
  }
}
