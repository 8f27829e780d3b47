import type { ScanProgress } from '../model/scan-event.ts';
import { thousands } from '../model/thousands.ts';

const BAR_WIDTH = 24;
const REDRAW_MS = 200;
const LINE_MS = 10_000;
/** A rate over less time than this says nothing. */
const SETTLED_MS = 1000;

/** How far a scan is, in words. `start` is the first progress of this process: what earlier runs did costs no time now. */
export function describeProgress(progress: ScanProgress, start: ScanProgress, elapsedMs: number): string {
  const { listed, done, listingComplete, bytesScanned, findings } = progress;
  const parts = [
    `${thousands(done.objects)} of ${listingComplete ? '' : 'at least '}${thousands(listed.objects)} objects`,
    `${size(readBytes(progress, start))} of ${size(listed.bytes)}`,
  ];
  if (elapsedMs >= SETTLED_MS) {
    parts.push(`${size(bytesScanned / (elapsedMs / 1000))}/s`);
    const left = leftMs(progress, start, elapsedMs);
    if (left !== null) parts.push(`${duration(left)} left`);
  }
  parts.push(`${thousands(findings)} ${findings === 1 ? 'finding' : 'findings'}`);
  return parts.join(', ');
}

export function describeBar(progress: ScanProgress, start: ScanProgress, elapsedMs: number): string {
  const share = progress.listed.bytes === 0 ? 0 : readBytes(progress, start) / progress.listed.bytes;
  const filled = Math.floor(share * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${percent} %  ${describeProgress(progress, start, elapsedMs)}`;
}

/** Stored bytes that are behind us: committed objects, or more when a large one is half read. */
function readBytes({ done, listed, bytesRead }: ScanProgress, start: ScanProgress): number {
  return Math.min(listed.bytes, Math.max(done.bytes, start.done.bytes + bytesRead));
}

function leftMs(progress: ScanProgress, start: ScanProgress, elapsedMs: number): number | null {
  if (!progress.listingComplete) return null;
  const behind = readBytes(progress, start);
  const here = behind - start.done.bytes;
  return here <= 0 ? null : ((progress.listed.bytes - behind) / here) * elapsedMs;
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toPrecision(3)} ${units[unit]}`;
}

export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export interface ProgressDisplay {
  update(progress: ScanProgress): void;
  /** Clears the bar, so that what follows stands by itself. */
  end(): void;
}

/** A bar on a terminal; elsewhere one line every ten seconds. */
export function showProgress(stream: NodeJS.WriteStream): ProgressDisplay {
  const startedAt = performance.now();
  let start: ScanProgress | null = null;
  let latest: ScanProgress | null = null;
  const draw = (): void => {
    if (start === null || latest === null) return;
    const elapsedMs = performance.now() - startedAt;
    if (stream.isTTY)
      stream.write(`\r\x1b[2K${describeBar(latest, start, elapsedMs).slice(0, (stream.columns || 80) - 1)}`);
    else stream.write(`assay: ${describeProgress(latest, start, elapsedMs)}\n`);
  };
  const timer = setInterval(draw, stream.isTTY ? REDRAW_MS : LINE_MS);
  timer.unref();
  return {
    update(progress) {
      start ??= progress;
      latest = progress;
    },
    end() {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\x1b[2K');
    },
  };
}
