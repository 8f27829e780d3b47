import { type Category, LEVELS, type Level, SEVERITIES, type Severity } from '../model/detector-info.ts';

/** From so many distinct people on, contact data and confidential identifiers count one level higher. */
export const BULK = 100;

export function maxLevel(a: Level, b: Level): Level {
  return LEVELS.indexOf(b) > LEVELS.indexOf(a) ? b : a;
}

export function maxSeverity(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(b) > SEVERITIES.indexOf(a) ? b : a;
}

/** Whether so many distinct values of this kind weigh more than one of them. Secrets and restricted data are at the top already. */
export function isBulk(category: Category, level: Level, distinct: number): boolean {
  return distinct >= BULK && (category === 'contact' || level === 'confidential');
}

export function nextLevel(level: Level): Level {
  return LEVELS[Math.min(LEVELS.indexOf(level) + 1, LEVELS.length - 1)] as Level;
}

export function previousLevel(level: Level): Level {
  return LEVELS[Math.max(LEVELS.indexOf(level) - 1, 0)] as Level;
}

export function nextSeverity(severity: Severity): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.length - 1)] as Severity;
}
