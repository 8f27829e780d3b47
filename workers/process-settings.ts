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

// Statements of the embedded database are not faster when its functions are compiled again, optimised: that takes half a
// second of a short scan, and the end of the process waits for it. The kernels of the scan are optimised from the start
// (`src/decode/kernel.ts`).
setFlagsFromString('--no-wasm-dynamic-tiering');
setFlagsFromString('--no-wasm-tier-up');

// V8 optimises a function for good after 3,000 calls, and again when what it took for granted turns out otherwise: half a
// second of processor time in the first 200 MB of text, for code that its quicker compiler has made nearly as fast.
setFlagsFromString('--invocation-count-for-turbofan=100000');
