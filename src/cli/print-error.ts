import { EXIT, type ExitCode, isAssayError } from '../errors.ts';

/**
 * One clear message on standard error, and the exit code it stands for. The text of an error that is not ours may hold
 * anything, also scanned data: without `--verbose` only its name and place are shown.
 */
export function printError(error: unknown, { verbose }: { verbose: boolean }): ExitCode {
  if (!isAssayError(error)) {
    const name = error instanceof Error ? error.name : typeof error;
    process.stderr.write(`assay: internal error (${name})${verbose ? '' : '; --verbose shows where'}\n`);
    if (verbose && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
    return EXIT.runtime;
  }
  process.stderr.write(`assay: ${error.message}\n`);
  if (error.permission !== undefined && !error.message.includes(error.permission)) {
    process.stderr.write(`  permission that is missing: ${error.permission}\n`);
  }
  if (verbose) {
    process.stderr.write(`${stackOf(error)}\n`);
    if (error.cause instanceof Error) process.stderr.write(`caused by ${error.cause.name}\n${stackOf(error.cause)}\n`);
  }
  return error.exitCode;
}

/** Frames alone: the first lines of a stack repeat the message. */
function stackOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
