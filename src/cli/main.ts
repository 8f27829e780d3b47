#!/usr/bin/env node
import '../../workers/process-settings.ts';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

// In a checkout, compiled modules are kept beside its toolchain: a folder that others can write would let them in.
const toolchain = new URL('../../.toolchain/', import.meta.url);
if (process.env.NODE_COMPILE_CACHE === undefined && existsSync(toolchain)) {
  enableCompileCache(new URL('compile-cache', toolchain).pathname);
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

const { run } = await import('./program.ts');
process.exitCode = await run(process.argv.slice(2));
