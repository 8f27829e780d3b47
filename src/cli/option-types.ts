import { InvalidArgumentError } from 'commander';

/** One of these words. */
export function oneOf<T extends string>(...words: T[]): (given: string) => T {
  return (given) => {
    const found = words.find((word) => word === given);
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`);
    return found;
  };
}

/** An option that may be given again. */
export function collect(given: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), given];
}

export function positiveInteger(given: string): number {
  const number = Number(given);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return number;
}
