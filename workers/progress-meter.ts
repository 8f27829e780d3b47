import type { ScanCounters } from '../src/model/ledger.ts';
import type { ScanProgress } from '../src/model/scan-event.ts';

const INTERVAL_MS = 200;

/** Totals of the running scan; tells them at most five times a second, and once more at the end. */
export class ProgressMeter {
  private readonly totals: ScanProgress = {
    listed: { objects: 0, bytes: 0 },
    listingComplete: false,
    done: { objects: 0, bytes: 0 },
    bytesRead: 0,
    bytesScanned: 0,
    findings: 0,
  };
  private readonly tell: (progress: ScanProgress) => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(tell: (progress: ScanProgress) => void) {
    this.tell = tell;
  }

  /** Takes over what earlier runs of the scan have done. */
  resume(counters: ScanCounters): void {
    this.totals.listed = { ...counters.listed };
    this.totals.done = { objects: counters.done.objects, bytes: counters.done.bytes };
  }

  listed(objects: number, bytes: number): void {
    add(this.totals.listed, objects, bytes);
    this.schedule();
  }

  listingComplete(): void {
    this.totals.listingComplete = true;
    this.schedule();
  }

  read(scan: { bytesRead: number; bytesScanned: number }): void {
    this.totals.bytesRead += scan.bytesRead;
    this.totals.bytesScanned += scan.bytesScanned;
    this.schedule();
  }

  done(objects: number, bytes: number, findings = 0): void {
    add(this.totals.done, objects, bytes);
    this.totals.findings += findings;
    this.schedule();
  }

  close(): void {
    clearTimeout(this.timer);
    this.tell(structuredClone(this.totals));
  }

  private schedule(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.tell(structuredClone(this.totals));
    }, INTERVAL_MS).unref();
  }
}

function add(total: { objects: number; bytes: number }, objects: number, bytes: number): void {
  total.objects += objects;
  total.bytes += bytes;
}
