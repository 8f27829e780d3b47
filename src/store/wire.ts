/**
 * The few things the embedded database needs to know of PostgreSQL's wire protocol (PostgreSQL documentation, chapter
 * "Frontend/Backend Protocol"): where a client's batch ends, and what a server's answer says beside its rows.
 *
 * ```
 *   frame      | type: 1 byte | length: 4 bytes, itself included | body |
 *   startup    | length: 4 bytes, itself included | body |                   the first frame of a client, without a type
 * ```
 */
const QUERY = 0x51; // Q
const SYNC = 0x53; // S
const TERMINATE = 0x58; // X
const NOTIFICATION = 0x41; // A
const READY_FOR_QUERY = 0x5a; // Z
const IDLE = 0x49; // I

const HEADER_BYTES = 5;

/** Cuts what one client writes into batches the server answers as a whole, up to and including a Query or Sync. */
export class BatchSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #started = false;

  /** Complete batches, in order. A Terminate frame is dropped: the end of the stream says the same. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const batches: Buffer[] = [];
    let from = 0;
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const typed = this.#started;
      const end = at + (typed ? 1 + bytes.readUInt32BE(at + 1) : bytes.readUInt32BE(at));
      if (end > bytes.length) break;
      const type = typed ? bytes[at] : undefined;
      at = end;
      this.#started = true;
      if (type === TERMINATE) from = at;
      else if (type === undefined || type === QUERY || type === SYNC) {
        batches.push(bytes.subarray(from, at));
        from = at;
      }
    }
    this.#rest = Buffer.from(bytes.subarray(from));
    return batches;
  }
}

/** The frame of a simple query. */
export function queryFrame(sql: string): Buffer {
  const body = Buffer.from(`${sql}\0`);
  const frame = Buffer.alloc(HEADER_BYTES + body.length);
  frame[0] = QUERY;
  frame.writeUInt32BE(4 + body.length, 1);
  body.copy(frame, HEADER_BYTES);
  return frame;
}

/** The startup frame of a client that names only its user and database. */
export function startupFrame(user: string, database: string): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0client_encoding\0UTF8\0\0`);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(3 << 16, 4); // protocol 3.0
  body.copy(frame, 8);
  return frame;
}

/** Whether the session is inside a transaction after this answer, and the notification frames the answer carries. */
export function readAnswer(answer: Uint8Array): { inTransaction: boolean; notifications: Uint8Array[] } {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  const notifications: Uint8Array[] = [];
  let inTransaction = false;
  for (let at = 0; at + HEADER_BYTES <= answer.length; ) {
    const end = at + 1 + view.getUint32(at + 1);
    if (answer[at] === NOTIFICATION) notifications.push(answer.slice(at, end));
    else if (answer[at] === READY_FOR_QUERY) inTransaction = answer[at + HEADER_BYTES] !== IDLE;
    at = end;
  }
  return { inTransaction, notifications };
}
