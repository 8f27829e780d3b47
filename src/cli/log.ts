import type { Config } from '../config/load-config.ts';

/** What a command tells of its steps. Fields are counts, codes and masked names, never scanned data. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

const SILENT: Log = { info() {}, warn() {} };

/** Steps go to standard error with `--verbose`; `--log-format json` makes each a JSON line for machines. */
export async function openLog(config: Pick<Config, 'verbose' | 'logFormat' | 'quiet'>): Promise<Log> {
  if (config.quiet && !config.verbose) return SILENT;
  const level = config.verbose ? 'info' : 'warn';
  if (config.logFormat === 'text') return textLog(level);
  const { pino, destination } = await import('pino');
  const logger = pino({ level, base: { name: 'assay' } }, destination({ fd: 2, sync: true }));
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
  };
}

function textLog(level: 'info' | 'warn'): Log {
  const write = (fields: Record<string, unknown>, message: string): void => {
    const told = Object.entries(fields).map(([name, given]) => ` ${name}=${JSON.stringify(given)}`);
    process.stderr.write(`assay: ${message}${told.join('')}\n`);
  };
  return { info: level === 'info' ? write : SILENT.info, warn: write };
}
