import { crc32 } from 'node:zlib';
import { freeMemory } from '../model/byte-source.ts';
import type { PartialReason } from '../model/outcome.ts';
import type { Locator } from '../model/segment.ts';
import type { BlockReader } from './block-reader.ts';
import type { Budget } from './budget.ts';
import { DecodeStop } from './decoder.ts';
import { decompressPage } from './parquet-codec.ts';
import { DictionaryUse } from './parquet-dictionary.ts';
import type { ChunkPlan } from './parquet-footer.ts';
import { ValueLocator, ValueStarts } from './parquet-locator.ts';
import {
  CorruptPage,
  DATA_PAGE,
  DATA_PAGE_V2,
  DICTIONARY_PAGE,
  ENCODING,
  type PageHeader,
  readPageHeader,
} from './parquet-page.ts';
import { type LevelBytes, PageRows } from './parquet-rows.ts';
import { type EncodedValues, scanValues } from './parquet-values.ts';
import { looksBinary } from './text-shape.ts';
import type { TextWindow } from './text-window.ts';
import { ThriftEnd } from './thrift-compact.ts';

/** Enough for nearly every header; statistics of long values can make one larger. */
const HEADER_BYTES = 8 * 1024;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
/** Values of one page: levels, rows and starts of more would not fit into a thread's memory. */
const MAX_PAGE_VALUES = 4 * 1024 * 1024;
/** A compressed page may be a little larger than its content. */
const INCOMPRESSIBLE = 64 * 1024;
const SAMPLE_BYTES = 4096;

export interface ParquetContext {
  reader: BlockReader;
  window: TextWindow;
  budget: Budget;
  notes: Record<string, number>;
  fail(reason: PartialReason): void;
}

interface Dictionary {
  bytes: Buffer;
  values: number;
  use: DictionaryUse;
}

/**
 * Walks the pages of one column chunk and scans their text. The dictionary comes last, when it is known which pages use
 * it. A page that cannot be read is reported and passed over.
 */
export class ParquetChunk {
  private readonly context: ParquetContext;
  private readonly plan: ChunkPlan;
  private readonly firstRow: number;
  private readonly starts = new ValueStarts();
  private dictionary: Dictionary | null = null;
  private rowsBegun = 0;
  private valuesSeen = 0;
  private readonly isText: (sample: Buffer) => boolean;

  constructor(context: ParquetContext, plan: ChunkPlan, firstRow: number) {
    this.context = context;
    this.plan = plan;
    this.firstRow = firstRow;
    this.isText = (sample) => {
      if (plan.column.isDeclaredText || !looksBinary(sample.subarray(0, SAMPLE_BYTES))) return true;
      context.notes['pages-not-text'] = (context.notes['pages-not-text'] ?? 0) + 1;
      return false;
    };
  }

  async walk(): Promise<void> {
    const { reader, budget } = this.context;
    try {
      while (this.valuesSeen < this.plan.values && reader.position < this.plan.end) {
        budget.check();
        const header = await this.header();
        if (header === null) return;
        const stored = await this.stored(header);
        if (stored !== null) this.page(header, stored);
      }
      if (this.valuesSeen < this.plan.values) this.context.fail('truncated');
    } finally {
      this.scanDictionary();
    }
  }

  private async header(): Promise<PageHeader | null> {
    const { reader, fail } = this.context;
    for (let size = HEADER_BYTES; ; size *= 16) {
      const bytes = await reader.peek(Math.min(size, this.plan.end - reader.position));
      try {
        const header = readPageHeader(bytes);
        reader.skip(header.headerBytes);
        return header;
      } catch (error) {
        const isLonger = error instanceof ThriftEnd && bytes.length >= size && size < MAX_HEADER_BYTES;
        if (isLonger) continue;
        fail(error instanceof ThriftEnd ? 'truncated' : 'corrupt');
        return null;
      }
    }
  }

  /** The bytes of a page as they are stored, or null when it is too large to be held. */
  private async stored({ compressedBytes, uncompressedBytes, type, values, rows }: PageHeader): Promise<Buffer | null> {
    const { reader, budget, fail, notes } = this.context;
    const max = budget.limits.maxPageBytes;
    const isLarge = uncompressedBytes > max || compressedBytes > max + INCOMPRESSIBLE;
    if (reader.position + compressedBytes > this.plan.end) {
      fail('truncated');
      reader.skip(compressedBytes);
      return null;
    }
    if (isLarge) {
      fail('page-limit');
      notes['pages-too-large'] = (notes['pages-too-large'] ?? 0) + 1;
      reader.skip(compressedBytes);
      if (type !== DICTIONARY_PAGE) this.passOver(values, rows);
      return null;
    }
    const bytes = await reader.peek(compressedBytes);
    reader.skip(compressedBytes);
    if (bytes.length < compressedBytes) {
      fail('truncated');
      return null;
    }
    return bytes;
  }

  private passOver(values: number, rows: number): void {
    this.valuesSeen += values;
    this.rowsBegun += this.plan.column.maxRepetition === 0 ? values : rows;
  }

  private page(header: PageHeader, stored: Buffer): void {
    const { budget, fail, notes } = this.context;
    if (header.crc !== null && header.crc >>> 0 !== crc32(stored)) {
      notes['crc-mismatch'] = (notes['crc-mismatch'] ?? 0) + 1;
      fail('corrupt');
    }
    budget.spend(header.uncompressedBytes);
    const seen = this.valuesSeen;
    try {
      if (header.type === DICTIONARY_PAGE) this.keepDictionary(header, stored);
      else if (header.type === DATA_PAGE) this.dataPage(header, stored);
      else if (header.type === DATA_PAGE_V2) this.dataPage2(header, stored);
    } catch (error) {
      if (!(error instanceof CorruptPage)) throw error;
      fail('corrupt');
      if (header.type !== DICTIONARY_PAGE && this.valuesSeen === seen) this.passOver(header.values, header.rows);
    }
  }

  private keepDictionary(header: PageHeader, stored: Buffer): void {
    const bytes = this.inflate(stored, header.uncompressedBytes);
    if (this.dictionary !== null) this.scanDictionary();
    const values = Math.min(header.values, MAX_PAGE_VALUES);
    this.dictionary = { bytes, values, use: new DictionaryUse(values) };
  }

  private dataPage(header: PageHeader, stored: Buffer): void {
    const { maxDefinition, maxRepetition } = this.plan.column;
    const bytes = this.inflate(stored, header.uncompressedBytes);
    const repetition = maxRepetition === 0 ? null : prefixedLevels(bytes, 0, header.repetitionEncoding);
    const afterRepetition = repetition?.to ?? 0;
    const definition = maxDefinition === 0 ? null : prefixedLevels(bytes, afterRepetition, header.definitionEncoding);
    this.values(header, bytes, definition?.to ?? afterRepetition, { definition, repetition });
  }

  private dataPage2(header: PageHeader, stored: Buffer): void {
    const { definitionBytes, repetitionBytes, uncompressedBytes } = header;
    const { maxDefinition, maxRepetition } = this.plan.column;
    const levels = definitionBytes + repetitionBytes;
    if (levels > stored.length || levels > uncompressedBytes) throw new CorruptPage();
    const packed = stored.subarray(levels);
    // Some writers compress an empty value section to nothing at all.
    const isPlain = !header.isCompressed || packed.length === 0;
    const bytes = isPlain ? Buffer.from(packed) : this.inflate(packed, uncompressedBytes - levels);
    const copy = Buffer.from(stored.subarray(0, levels));
    const repetition = maxRepetition === 0 ? null : { bytes: copy, from: 0, to: repetitionBytes };
    const definition = maxDefinition === 0 ? null : { bytes: copy, from: repetitionBytes, to: levels };
    this.values(header, bytes, 0, { definition, repetition });
  }

  private values(
    header: PageHeader,
    bytes: Buffer,
    from: number,
    levels: { definition: LevelBytes | null; repetition: LevelBytes | null },
  ): void {
    const { fail } = this.context;
    const { column } = this.plan;
    const { values, encoding } = header;
    this.valuesSeen += values;
    const isIndex = encoding === ENCODING.rleDictionary || encoding === ENCODING.plainDictionary;
    const before = this.firstRow + this.rowsBegun;
    if (values > MAX_PAGE_VALUES) {
      this.rowsBegun += column.maxRepetition === 0 ? values : header.rows;
      if (!isIndex) fail('page-limit');
      return;
    }
    const rows = new PageRows(values, before, levels, column);
    this.rowsBegun += header.type === DATA_PAGE_V2 && header.rows > 0 ? header.rows : rows.rowsBegun();
    if (isIndex) {
      if (this.dictionary === null) fail('corrupt');
      else this.dictionary.use.add({ bytes, from, to: bytes.length, values, rows });
      return;
    }
    const locator = new ValueLocator(column.path, this.starts, (value) => rows.rowOf(value));
    const page = { column, encoding, bytes, from, to: bytes.length, limit: values };
    this.scan(page, locator);
    freeMemory(bytes);
  }

  private scanDictionary(): void {
    const { dictionary } = this;
    this.dictionary = null;
    if (dictionary === null) return;
    const { bytes, values, use } = dictionary;
    const { column } = this.plan;
    const locator = new ValueLocator(
      column.path,
      this.starts,
      (entry) => use.firstRowOf(entry),
      (entry) => use.weightOf(entry),
    );
    const page = { column, encoding: ENCODING.plain, bytes, from: 0, to: bytes.length, limit: values };
    this.scan(page, locator);
    freeMemory(bytes);
  }

  private scan(values: EncodedValues, locator: Locator): void {
    const { window, budget, fail } = this.context;
    const target = { window, isText: this.isText, spend: (bytes: number) => budget.spend(bytes) };
    try {
      const problem = scanValues(values, target, this.starts, locator);
      if (problem !== null) fail(problem);
    } catch (error) {
      // The budget may end in the middle of values that are written one by one.
      if (error instanceof DecodeStop) window.close();
      if (!(error instanceof CorruptPage)) throw error;
      fail('corrupt');
    }
  }

  private inflate(stored: Buffer, size: number): Buffer {
    try {
      return decompressPage(this.plan.codec, stored, size);
    } catch {
      throw new CorruptPage();
    }
  }
}

/** Levels of a version 1 page: a length and runs. The deprecated bit-packed ones have no rows for us. */
function prefixedLevels(bytes: Buffer, at: number, encoding: number): LevelBytes {
  if (encoding !== ENCODING.rle || at + 4 > bytes.length) throw new CorruptPage();
  const length = bytes.readUInt32LE(at);
  if (length > bytes.length - at - 4) throw new CorruptPage();
  return { bytes, from: at + 4, to: at + 4 + length };
}
