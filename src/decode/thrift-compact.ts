const STOP = 0;
const TRUE = 1;
const BYTE = 3;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
const MAX_DEPTH = 32;
const MAX_VARINT_BYTES = 10;

/** The bytes end inside a structure. */
export class ThriftEnd extends Error {}

/** The part of Thrift's compact protocol that Parquet uses, with every length checked against what is there. */
export class ThriftReader {
  at: number;
  private readonly bytes: Buffer;
  private field = 0;
  /** Fields and list elements seen. */
  elements = 0;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads a struct; `visit` reads the value of a field and answers true, or false to have it skipped. */
  struct(visit: (field: number, type: number) => boolean): void {
    const outer = this.field;
    this.field = 0;
    for (;;) {
      const head = this.byte();
      const type = head & 0x0f;
      if (type === STOP) break;
      this.elements++;
      this.field = head >> 4 === 0 ? this.int() : this.field + (head >> 4);
      if (!visit(this.field, type)) this.skip(type, 0);
    }
    this.field = outer;
  }

  /** A zigzag integer as a number; exact up to 2^53. */
  int(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
    throw new Error('thrift: integer too long');
  }

  /** Passes over a value of any type. */
  skip(type: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new Error('thrift: nested too deep');
    if (type <= 2) return;
    if (type === BYTE) this.jump(1);
    else if (type < DOUBLE) this.int();
    else if (type === DOUBLE) this.jump(8);
    else if (type === BINARY) this.jump(this.size());
    else if (type === LIST || type === SET) this.skipList(depth);
    else if (type === MAP) this.skipMap(depth);
    else if (type === STRUCT) {
      for (;;) {
        const head = this.byte();
        if ((head & 0x0f) === STOP) return;
        this.elements++;
        if (head >> 4 === 0) this.int();
        this.skip(head & 0x0f, depth + 1);
      }
    } else throw new Error('thrift: unknown type');
  }

  private skipList(depth: number): void {
    const head = this.byte();
    const count = head >> 4 === 15 ? this.size() : head >> 4;
    const type = head & 0x0f;
    // Every element takes a byte or more, so a count beyond the rest is a lie.
    if (count > this.bytes.length - this.at) throw new ThriftEnd();
    this.elements += count;
    for (let i = 0; i < count; i++) this.skip(type <= 2 ? BYTE : type, depth + 1);
  }

  private skipMap(depth: number): void {
    const count = this.size();
    if (count === 0) return;
    if (count > this.bytes.length - this.at) throw new ThriftEnd();
    const types = this.byte();
    this.elements += count;
    for (let i = 0; i < count; i++) {
      this.skip(types >> 4 <= 2 ? BYTE : types >> 4, depth + 1);
      this.skip((types & 15) <= 2 ? BYTE : types & 15, depth + 1);
    }
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new ThriftEnd();
    this.at++;
    return byte;
  }

  private jump(count: number): void {
    if (count > this.bytes.length - this.at) throw new ThriftEnd();
    this.at += count;
  }

  private size(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('thrift: length too long');
  }
}

export { STRUCT as THRIFT_STRUCT, TRUE as THRIFT_TRUE };
