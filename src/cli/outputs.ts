import { accessSync, constants, existsSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { AssayError } from '../errors.ts';

/** One form of the report and where it goes; `file` null is standard output. */
export interface Output {
  format: string;
  file: string | null;
}

/**
 * `-f FORMAT` and `-o FILE` belong together in their order; `-o FORMAT=FILE` stands alone. A file without a format has
 * the one its ending names, else text. What has no file goes to standard output: text, unless something else was named.
 * Throws `AssayError` `usage`.
 */
export function planOutputs(formats: string[], outputs: string[], known: readonly string[]): Output[] {
  const check = (format: string): string => {
    if (known.includes(format)) return format;
    throw new AssayError('usage', `format ${format} is unknown; there are ${known.join(', ')}`);
  };
  const waiting = formats.map(check);
  const plan: Output[] = [];
  for (const output of outputs) {
    const [, format, file = ''] = /^([a-z]+)=(.*)$/s.exec(output) ?? [undefined, undefined, output];
    if (file === '') throw new AssayError('usage', `-o ${output}: names no file`);
    const ending = extname(file).slice(1);
    const named = format ?? waiting.shift() ?? (known.includes(ending) ? ending : 'text');
    plan.push({ format: check(named), file: file === '-' ? null : resolve(file) });
  }
  plan.push(...waiting.map((format) => ({ format, file: null })));
  const onOutput = plan.filter(({ file }) => file === null);
  if (onOutput.length > 1) {
    throw new AssayError('usage', `${onOutput.length} formats would go to standard output; give each a file with -o`);
  }
  if (onOutput.length === 0 && formats.length === 0) plan.push({ format: 'text', file: null });
  const files = plan.flatMap(({ file }) => file ?? []);
  if (new Set(files).size < files.length) throw new AssayError('usage', 'two formats would go to the same file');
  return plan;
}

/** Fails before hours of scanning when a report could not be written after it. */
export function checkWritable(outputs: readonly Output[]): void {
  for (const { file } of outputs) {
    if (file === null) continue;
    try {
      if (existsSync(file) && statSync(file).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new AssayError('usage', `-o ${file}: cannot be written (${code})`, { cause });
    }
  }
}

/** Writes a whole report: a file appears complete or not at all, and the earlier one stays until then. */
export function writeWhole(file: string, content: string): void {
  const isPlain = !existsSync(file) || lstatSync(file).isFile();
  const draft = isPlain ? `${file}.${process.pid}.part` : file;
  try {
    writeFileSync(draft, content);
    if (isPlain) renameSync(draft, file);
  } catch (cause) {
    if (isPlain) rmSync(draft, { force: true });
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new AssayError('internal', `report: cannot write ${file} (${code})`, { cause });
  }
}
