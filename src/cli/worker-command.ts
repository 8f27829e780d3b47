import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import { addSettings } from './scan-options.ts';
import type { WorkerOptions } from './worker.ts';

/** `assay worker`. */
export function describeWorker(command: Command, done: (code: ExitCode) => void): void {
  command
    .description('Works on the scans of a fleet until it is told to stop (SIGTERM).')
    .option('--health-port <n>', 'answer GET /health and /ready on this port')
    .option('--health-host <host>', 'address that the port is opened on', '127.0.0.1')
    .option('--config <file>', 'settings as YAML or JSON (./assay.yaml)');
  addSettings(command, (key) => ['threads', 'keepScansDays', 'quiet', 'verbose', 'logFormat'].includes(key))
    .addHelpText(
      'after',
      `
Examples:
  $ assay worker --threads 4
  $ assay worker --health-port 8080 --health-host 0.0.0.0 --log-format json --verbose

Environment: ASSAY_DATABASE_URL (postgres://), ASSAY_QUEUE_URL (redis://, rediss:// or postgres://), and the
same ASSAY_FINGERPRINT_KEY or ASSAY_FINGERPRINT_KEY_FILE on every machine.
Exit codes: 0 stopped · 2 usage or configuration · 4 failed`,
    )
    .action(async (options: WorkerOptions) => {
      const { worker } = await import('./worker.ts');
      done(await worker(options));
    });
}
