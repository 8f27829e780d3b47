import { parquetMetadata, type SchemaElement } from 'hyparquet';
import type { ByteSource } from '../model/byte-source.ts';
import { ThriftReader } from './thrift-compact.ts';

/** Fits the footer of nearly every file, so that one read is enough. */
const FIRST_READ = 512 * 1024;
const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
/** Parsed, each of these is an object: a footer with more would not fit into a thread's memory. */
const MAX_FOOTER_ELEMENTS = 8_000_000;
const MAX_SCHEMA_DEPTH = 64;

export type FooterProblem = 'truncated' | 'corrupt' | 'memory-limit' | 'encrypted';

export interface ParquetPlan {
  rowGroups: RowGroupPlan[];
  /** Columns whose type holds no text and no long integers. */
  columnsNotText: number;
}

export interface RowGroupPlan {
  /** Offset of its first byte. */
  start: number;
  rows: number;
  /** Of columns that can hold text, by file offset. */
  chunks: ChunkPlan[];
}

export type PhysicalType = 'bytes' | 'fixed' | 'int32' | 'int64';

export interface ColumnPlan {
  /** Path in the schema, joined by dots. */
  path: string;
  type: PhysicalType;
  /** Bytes of a `fixed` value. */
  width: number;
  /** Declared as text, so that nobody has to guess. */
  isDeclaredText: boolean;
  isUnsigned: boolean;
  /** Decimal places of an integer that is a decimal. */
  scale: number;
  maxDefinition: number;
  maxRepetition: number;
}

export interface ChunkPlan {
  column: ColumnPlan;
  codec: string;
  start: number;
  end: number;
  values: number;
  problem: 'truncated' | 'corrupt' | 'encrypted' | null;
}

/** Reads the footer and plans what to walk. Only errors of the source are thrown. */
export async function readFooter(source: ByteSource): Promise<ParquetPlan | FooterProblem> {
  const { byteLength } = source;
  if (byteLength < 12) return 'truncated';
  let tail = await source.read(Math.max(0, byteLength - FIRST_READ), byteLength);
  const magic = tail.toString('latin1', tail.length - 4);
  if (magic === 'PARE') return 'encrypted';
  if (magic !== 'PAR1') return 'truncated';
  const footerBytes = tail.readUInt32LE(tail.length - 8);
  if (footerBytes > byteLength - 12) return 'corrupt';
  if (footerBytes > MAX_FOOTER_BYTES) return 'memory-limit';
  if (footerBytes + 8 > tail.length) tail = await source.read(byteLength - footerBytes - 8, byteLength);
  const footer = tail.subarray(tail.length - footerBytes - 8);
  try {
    const shape = new ThriftReader(footer.subarray(0, footerBytes), 0);
    shape.skip(12, 0);
    if (shape.elements > MAX_FOOTER_ELEMENTS) return 'memory-limit';
    return plan(footer, byteLength);
  } catch {
    // hyparquet throws whatever it stumbles over: errors of its own, RangeError, TypeError.
    return 'corrupt';
  }
}

function plan(footer: Buffer, byteLength: number): ParquetPlan {
  const { schema, row_groups } = parquetMetadata(footer, { geoparquet: false });
  const columns = columnsOf(schema);
  const rowGroups = row_groups.map((group): RowGroupPlan => {
    const chunks: ChunkPlan[] = [];
    let start = Number.POSITIVE_INFINITY;
    group.columns.forEach((chunk, index) => {
      const meta = chunk.meta_data;
      const column = columns[index];
      if (column === undefined) throw new Error('parquet: more column chunks than columns');
      // The data of a `_metadata` file is in other objects, which are listed and read by themselves.
      if (chunk.file_path) return;
      if (meta === undefined || chunk.crypto_metadata !== undefined) {
        if (column !== null) chunks.push({ column, codec: '', start: 0, end: 0, values: 0, problem: 'encrypted' });
        return;
      }
      const first = firstPage(Number(meta.data_page_offset), Number(meta.dictionary_page_offset ?? 0));
      const end = first + Number(meta.total_compressed_size);
      const values = Number(meta.num_values);
      if (Number.isSafeInteger(first)) start = Math.min(start, first);
      if (column === null) return;
      const isValid = Number.isSafeInteger(end) && first >= 4 && end >= first && values >= 0;
      const problem = !isValid ? 'corrupt' : end > byteLength ? 'truncated' : null;
      chunks.push({ column, codec: meta.codec ?? '', start: first, end, values, problem });
    });
    chunks.sort((a, b) => a.start - b.start);
    return { start: Number.isFinite(start) ? start : 4, rows: Math.max(0, Number(group.num_rows)), chunks };
  });
  return { rowGroups, columnsNotText: columns.filter((column) => column === null).length };
}

function firstPage(data: number, dictionary: number): number {
  return dictionary > 0 && dictionary < data ? dictionary : data;
}

/** The leaves of the schema in order; null for those that hold no text. */
function columnsOf(schema: SchemaElement[]): (ColumnPlan | null)[] {
  const columns: (ColumnPlan | null)[] = [];
  let next = 1;
  function visit(count: number, path: string[], definition: number, repetition: number): void {
    if (path.length > MAX_SCHEMA_DEPTH) throw new Error('parquet: schema nested too deep');
    for (let i = 0; i < count; i++) {
      const element = schema[next++];
      if (element === undefined) throw new Error('parquet: schema ends early');
      const inner = [...path, element.name];
      const maxDefinition = definition + (element.repetition_type === 'REQUIRED' ? 0 : 1);
      const maxRepetition = repetition + (element.repetition_type === 'REPEATED' ? 1 : 0);
      if (element.type === undefined) visit(element.num_children ?? 0, inner, maxDefinition, maxRepetition);
      else columns.push(columnOf(element, inner.join('.'), maxDefinition, maxRepetition));
    }
  }
  visit(schema[0]?.num_children ?? 0, [], 0, 0);
  return columns;
}

const TIMES = new Set(['DATE', 'TIME_MILLIS', 'TIME_MICROS', 'TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS', 'INTERVAL']);
const TEXT = new Set(['UTF8', 'JSON', 'ENUM', 'STRING']);
const BINARY = new Set(['DECIMAL', 'UUID', 'FLOAT16', 'INTERVAL']);

function columnOf(
  element: SchemaElement,
  path: string,
  maxDefinition: number,
  maxRepetition: number,
): ColumnPlan | null {
  const logical = element.logical_type;
  const marks = [element.converted_type ?? '', logical?.type ?? ''];
  const isUnsigned =
    marks.some((mark) => mark.startsWith('UINT_')) || (logical?.type === 'INTEGER' && logical.isSigned === false);
  const column = {
    path,
    width: 0,
    isDeclaredText: marks.some((mark) => TEXT.has(mark)),
    isUnsigned,
    scale: Math.max(0, element.scale ?? 0),
    maxDefinition,
    maxRepetition,
  };
  const isTime = marks.some((mark) => TIMES.has(mark) || mark === 'TIME' || mark === 'TIMESTAMP');
  const isBinary = marks.some((mark) => BINARY.has(mark));
  const width = element.type_length ?? 0;
  switch (element.type) {
    case 'BYTE_ARRAY':
      return isBinary ? null : { ...column, type: 'bytes' };
    case 'FIXED_LEN_BYTE_ARRAY':
      return isBinary || width <= 0 ? null : { ...column, type: 'fixed', width };
    case 'INT32':
    case 'INT64':
      return isTime ? null : { ...column, type: element.type === 'INT32' ? 'int32' : 'int64' };
    default:
      return null;
  }
}
