import type { ByteSource } from '../model/byte-source.ts';
import type { PartialReason } from '../model/outcome.ts';
import { BlockReader } from './block-reader.ts';
import type { Budget } from './budget.ts';
import { type DecodeResult, DecodeStop } from './decoder.ts';
import { ParquetChunk, type ParquetContext } from './parquet-chunk.ts';
import { isKnownCodec } from './parquet-codec.ts';
import { type ChunkPlan, type FooterProblem, type RowGroupPlan, readFooter } from './parquet-footer.ts';
import type { TextWindow } from './text-window.ts';

/** Chunks closer than this are read in one go: a gap costs less than a request. */
const MAX_GAP_BYTES = 512 * 1024;

export interface ParquetJob {
  source: ByteSource;
  window: TextWindow;
  budget: Budget;
  /** Filled in: outcome, records and notes. */
  result: DecodeResult;
  /** Only row groups whose first byte lies in [start, end). */
  range?: { start: number; end: number };
}

/**
 * Scans the text of a Parquet file: the footer first, then the column chunks in the order of the file, page by page.
 * Never holds more than a page and the blocks it comes in.
 */
export async function decodeParquet(job: ParquetJob): Promise<void> {
  const { source, window, budget, result, range } = job;
  const plan = await readFooter(source);
  if (typeof plan === 'string') {
    result.outcome = outcomeOf(plan);
    return;
  }
  const reasons: PartialReason[] = [];
  const { notes } = result;
  // The columns are those of the whole file: the first part tells of them.
  const isFirst = range === undefined || range.start === 0;
  if (isFirst && plan.columnsNotText > 0) notes['columns-not-text'] = plan.columnsNotText;
  const context: ParquetContext = {
    reader: new BlockReader(source),
    window,
    budget,
    notes,
    fail: (reason) => void reasons.push(reason),
  };
  try {
    for (const group of plan.rowGroups) {
      if (range !== undefined && (group.start < range.start || group.start >= range.end)) continue;
      await walkRowGroup(context, group, result.records);
      result.records += group.rows;
    }
  } catch (error) {
    if (!(error instanceof DecodeStop)) throw error;
    reasons.unshift(error.reason);
  } finally {
    await context.reader.close();
  }
  const [first] = reasons;
  if (first !== undefined) result.outcome = `partial:${first}`;
}

async function walkRowGroup(context: ParquetContext, group: RowGroupPlan, firstRow: number): Promise<void> {
  const chunks = group.chunks.filter((chunk) => {
    const problem = chunk.problem ?? (isKnownCodec(chunk.codec) ? null : 'unsupported-codec');
    if (problem === null || problem === 'truncated') return true;
    context.fail(problem);
    return false;
  });
  for (const [index, chunk] of chunks.entries()) {
    context.reader.moveTo(chunk.start, stretchEnd(chunks, index));
    await new ParquetChunk(context, chunk, firstRow).walk();
  }
}

/** End of the last chunk that follows without a large gap. */
function stretchEnd(chunks: ChunkPlan[], from: number): number {
  let end = chunks[from]?.end ?? 0;
  for (let i = from + 1; i < chunks.length; i++) {
    const chunk = chunks[i];
    if (chunk === undefined || chunk.start - end > MAX_GAP_BYTES) break;
    end = Math.max(end, chunk.end);
  }
  return end;
}

function outcomeOf(problem: FooterProblem): DecodeResult['outcome'] {
  if (problem === 'encrypted') return 'skipped:encrypted';
  return problem === 'corrupt' ? 'failed:corrupt' : `partial:${problem}`;
}
