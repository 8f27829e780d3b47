/** The superuser reads everything: the test then goes on as somebody else. */
export async function asNobody(run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    await run();
  } finally {
    process.seteuid?.(0);
  }
}

export async function asRoot(run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() === 0) process.seteuid?.(0);
  await run();
}
