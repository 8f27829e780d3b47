import type { Outcome, PartialReason } from '../model/outcome.ts';
import type { Location, Locator } from '../model/segment.ts';
import type { Budget } from './budget.ts';
import type { Content } from './content.ts';
import { type DecodeResult, DecodeStop } from './decoder.ts';
import type { TextWindow } from './text-window.ts';

/** Longer names are cut in locations. */
const MAX_NAME = 1024;
/** What ends the whole object, not only the member in which it was met. */
const FINAL: ReadonlySet<PartialReason> = new Set(['decoded-bytes-limit', 'ratio-limit', 'time-limit']);

/** What all members of one object share. */
export interface Job {
  window: TextWindow;
  budget: Budget;
  notes: Record<string, number>;
  /** Stored names of the member that is being decoded and of the containers around it; '' for the object itself. */
  member: string;
}

/** Judges the members of one container: what fails in one makes the container partial, and the others go on. */
export class Members {
  /** In the order in which they were met. */
  readonly reasons: PartialReason[] = [];
  records = 0;
  private entries = 0;
  private readonly job: Job;
  private readonly decodeInto: (content: Content, result: DecodeResult) => Promise<void>;

  constructor(job: Job, decodeInto: (content: Content, result: DecodeResult) => Promise<void>) {
    this.job = job;
    this.decodeInto = decodeInto;
  }

  /** Must be called for every entry, whatever it is. */
  count(): void {
    const { job } = this;
    note(job, 'members');
    if (++this.entries > job.budget.limits.maxEntries) throw new DecodeStop('entries-limit');
  }

  get budget(): Budget {
    return this.job.budget;
  }

  /** Something about the container, or one of its members, is not as it should be. */
  fail(reason: PartialReason): void {
    this.reasons.push(reason);
  }

  /** A member that nobody tries to decode. `remark` is the note that counts it. */
  reject(reason: PartialReason, remark = `members-${reason}`): void {
    note(this.job, remark);
    this.fail(reason);
  }

  remark(name: string): void {
    note(this.job, name);
  }

  async decode(content: Content): Promise<void> {
    const { job } = this;
    const outer = job.member;
    const name = content.name.slice(0, MAX_NAME);
    job.member = outer === '' ? name : `${outer}/${name}`;
    const result = emptyResult(job.notes);
    try {
      job.budget.check();
      await this.decodeInto(content, result);
    } catch (error) {
      if (!(error instanceof DecodeStop) || FINAL.has(error.reason)) throw error;
      result.outcome = `partial:${error.reason}`;
    } finally {
      job.member = outer;
      this.records += result.records;
    }
    this.judge(result.outcome);
  }

  private judge(outcome: Outcome): void {
    if (outcome === 'complete') return;
    if (outcome === 'skipped:media') note(this.job, 'members-media');
    else if (outcome === 'skipped:encrypted') this.reject('encrypted');
    else if (outcome === 'skipped:unsupported') this.reject('unsupported-member');
    else if (outcome.startsWith('partial:')) this.reject(outcome.slice('partial:'.length) as PartialReason);
    else this.reject('corrupt');
  }
}

export function emptyResult(notes: Record<string, number>): DecodeResult {
  return { outcome: 'complete', format: '', records: 0, bytesScanned: 0, notes };
}

function note({ notes }: Job, name: string): void {
  notes[name] = (notes[name] ?? 0) + 1;
}

/** Adds the name of the member to the places inside of it. */
export class MemberLocator implements Locator {
  private readonly inner: Locator;
  private readonly member: string;
  readonly columnAt?: NonNullable<Locator['columnAt']>;

  constructor(inner: Locator, member: string) {
    this.inner = inner;
    this.member = member;
    if (inner.columnAt !== undefined) this.columnAt = inner.columnAt.bind(inner);
  }

  locate(offset: number, length: number): Location {
    const location = this.inner.locate(offset, length);
    location.member = this.member;
    return location;
  }

  weight(offset: number): number {
    return this.inner.weight?.(offset) ?? 1;
  }
}
