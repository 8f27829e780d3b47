import type { Verdict } from '../../detectors/detector.ts';
import type { ColumnPlace, Location, Locator } from '../model/segment.ts';
import type { CompiledDetector } from './compile.ts';

/** A match with its raw value. Private to `src/scan`: it becomes evidence (mask and fingerprint) before it leaves the thread. */
export interface Match {
  detector: CompiledDetector;
  /** Offsets of the value in the stream, end exclusive. */
  start: number;
  end: number;
  value: string;
  verdict: Verdict;
  /** log2 odds, context included. */
  bits: number;
  column: ColumnPlace;
  /** Looked up when first asked for. */
  readonly location: Location;
  /** Rows this occurrence stands for. */
  weight: number;
  /** Issuers or entities of matches that lost to this one. */
  alternatives: string[];
}

/** A match that is asked for its place only if that is kept. */
export class PlacedMatch implements Match {
  readonly detector: CompiledDetector;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly verdict: Verdict;
  readonly bits: number;
  readonly column: ColumnPlace;
  readonly weight: number;
  readonly alternatives: string[] = [];
  private readonly locator: Locator;
  private place: Location | null = null;

  constructor(
    detector: CompiledDetector,
    start: number,
    end: number,
    value: string,
    verdict: Verdict,
    bits: number,
    column: ColumnPlace,
    locator: Locator,
  ) {
    this.detector = detector;
    this.start = start;
    this.end = end;
    this.value = value;
    this.verdict = verdict;
    this.bits = bits;
    this.column = column;
    this.locator = locator;
    this.weight = locator.weight?.(start) ?? 1;
  }

  get location(): Location {
    this.place ??= this.locator.locate(this.start, this.end - this.start);
    return this.place;
  }
}
