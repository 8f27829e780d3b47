import { z } from 'zod';
import { isObject, isTrue, listOf, oneOf, text, wholeNumber } from './own-fields.ts';

const nearby = {
  at: oneOf(['start', 'inside']).optional(),
  before: text(200).optional(),
  after: text(200).optional(),
  ahead: z.strictObject({ through: text(200), meets: text(200), within: wholeNumber(1, 4096) }).optional(),
};
const literal = z.strictObject({ literal: text(200), fold: isTrue.optional(), ...nearby });
const sequence = z.strictObject({ sequence: text(12).min(3, 'is shorter than 3 bytes'), ...nearby });
const digits = z.strictObject({
  digits: listOf(text(64).regex(/[9#]/, 'names no digit: 9 is one, # one to three'), 50),
});
const number = z.strictObject({
  number: z
    .strictObject({
      min: wholeNumber(1, 64),
      max: wholeNumber(1, 64),
      needs: z.literal('plus-or-separator', { error: 'must be plus-or-separator' }).optional(),
    })
    .refine(({ min, max }) => min <= max, 'has a min above its max'),
});

/** The form is told by its first field, so that what is wrong within it is told by its own name. */
export const TRIGGER = z.unknown().transform((given, context) => {
  const form = [literal, sequence, digits, number].find((one) =>
    Object.keys(one.shape).some((key, index) => index === 0 && isObject(given) && Object.hasOwn(given, key)),
  );
  if (form === undefined) {
    context.addIssue({
      code: 'custom',
      message: 'must be one of { literal }, { sequence }, { digits } and { number }',
    });
    return z.NEVER;
  }
  const checked = form.safeParse(given);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) context.addIssue({ ...issue } as Parameters<typeof context.addIssue>[0]);
  return z.NEVER;
});
