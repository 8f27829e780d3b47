import type { Random } from '../detectors/detector.ts';

const SUBJECTS = [
  'The model',
  'A reader',
  'Our team',
  'The river',
  'Every garden',
  'This recipe',
  'The archive',
  'A teacher',
];
const VERBS = ['describes', 'follows', 'improves', 'explains', 'remembers', 'compares', 'collects', 'questions'];
const OBJECTS = [
  'the shape of the coast',
  'a long winter evening',
  'how bread is baked',
  'the history of the harbour',
  'several kinds of apples',
  'the rules of the game',
  'what the first chapter says',
  'a train across the mountains',
];
const ENDINGS = [
  'without much hurry',
  'in three short steps',
  'for anyone who asks',
  'before the shops close',
  'as far as anyone knows',
  'with some care',
];

/** A sentence in which nothing is to be found. */
export function sentence(random: Random): string {
  return `${random.pick(SUBJECTS)} ${random.pick(VERBS)} ${random.pick(OBJECTS)} ${random.pick(ENDINGS)}.`;
}

export function paragraph(random: Random, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(random)).join(' ');
}
