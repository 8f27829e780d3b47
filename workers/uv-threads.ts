import { availableParallelism } from 'node:os';

/**
 * Files are read on libuv's pool, which is 4 threads for the whole process unless the variable is set before the first
 * asynchronous call. An entry file therefore imports this module before everything else.
 */
process.env.UV_THREADPOOL_SIZE ??= String(Math.min(128, Math.max(4, availableParallelism() * 2)));
