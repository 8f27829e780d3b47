import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

const PAGE_BYTES = 65_536;

/** What is used of WebAssembly; Node has no types for it. */
interface WebAssemblyLike {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: unknown) => { readonly exports: Record<string, unknown> };
}
const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyLike }).WebAssembly;

/** A loop over bytes that JavaScript is too slow for, with memory of its own: bytes are copied in and out. */
export interface Kernel {
  memory: ArrayBuffer;
  call: Readonly<Record<string, (...given: number[]) => number>>;
}

const modules = new Map<string, object>();

/** Instantiates a `.wasm` file (made from the `.wat` beside it by `script/kernels.ts`) with `bytes` of memory, zeros at first. */
export function openKernel(file: URL, bytes: number): Kernel {
  let module = modules.get(file.href);
  if (module === undefined) {
    const code = readFileSync(file);
    module = optimised(() => new Module(code));
    modules.set(file.href, module);
  }
  const memory = new Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new Instance(module, { env: { memory } });
  return { memory: memory.buffer, call: exports as Kernel['call'] };
}

/**
 * Has what `compile` compiles at once compiled by the optimising compiler: the process has WebAssembly compiled fast and
 * never again (`workers/process-settings.ts`). The flags are of the whole process, so nothing is awaited under them.
 */
export function optimised<T>(compile: () => T): T {
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--no-wasm-lazy-compilation');
  try {
    return compile();
  } finally {
    setFlagsFromString('--wasm-lazy-compilation');
    setFlagsFromString('--liftoff');
  }
}
