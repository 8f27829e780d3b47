import type { Recycle } from './chunks.ts';
import type { TextWindow } from './text-window.ts';
import type { Transcoder } from './transcode.ts';

/** A decoder of a text format: takes the stream in chunks of any size and fills the window. Never fails. */
export interface TextFormat {
  feed(chunk: Buffer): void;
  /** Ends the stream where it is, hands the rest over and answers the number of records. */
  end(): number;
}

export interface TextTarget {
  window: TextWindow;
  /** Offset of the first byte that will be fed, in the stored or decompressed stream. */
  start: number;
  /** Present when the stream was in another encoding: maps its offsets back. */
  transcoder: Transcoder | null;
  /** Takes the chunks that were fed when they are not needed any more. */
  recycle?: Recycle;
}
