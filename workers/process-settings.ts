import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * Settings of the whole process that must be made before its first asynchronous call and its first thread: an entry file
 * imports this module before everything else.
 *
 * Files are read on libuv's pool, which has 4 threads unless the variable says otherwise.
 */
process.env.UV_THREADPOOL_SIZE ??= String(Math.min(128, Math.max(4, availableParallelism() * 2)));

// A scanning thread holds some 15 MB of objects and passes megabytes of buffers a millisecond: with the usual start of
// the old generation V8 collects all of it every 11 MB of input, a tenth of the time.
setFlagsFromString('--initial-old-space-size=64');

// A short scan is over before it pays to compile functions of the embedded database again, optimised: that is half a second
// of processor time at the usual 13 MB. Bytes of code run, for each function.
setFlagsFromString('--wasm-tiering-budget=200000000');
