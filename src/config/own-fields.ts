import { z } from 'zod';

/** Kinds of fields, with messages that read on after the field's name. */
export function text(most: number): z.ZodString {
  return z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text; put it in quotes') })
    .refine((given) => given.trim() !== '', 'is empty')
    .max(most, `is longer than ${most} characters`)
    .refine((given) => given.isWellFormed(), 'holds half a character');
}

export function oneOf<const T extends readonly [string, ...string[]]>(words: T): z.ZodType<T[number]> {
  const choice = `one of ${words.join(', ')}`;
  return z.enum(words, { error: ({ input }) => (input === undefined ? `is missing: ${choice}` : `must be ${choice}`) });
}

export function listOf<T extends z.ZodType>(item: T, most: number): z.ZodArray<T> {
  return z
    .array(item, { error: ({ input }) => (input === undefined ? 'is missing' : 'must be a list') })
    .min(1, 'is an empty list')
    .max(most, `has more than ${most} entries`);
}

export const isTrue = z.boolean({ error: 'must be true or false' });

export function wholeNumber(min: number, max: number): z.ZodInt {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, error).max(max, error);
}

export function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
