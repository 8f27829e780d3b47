import { bytesOf } from './byte-set.ts';

const AT = 64;
const QUOTE = 34;
const DOT = 46;
const DASH = 45;
const MAX_LOCAL = 64;
const MAX_QUOTED = 62;
const MAX_LABEL = 63;
const MAX_DOTS = 8;

const IS_LOCAL = bytesOf(/[A-Za-z0-9_.+%&'#~-]/);
const STARTS_LOCAL = bytesOf(/[A-Za-z0-9_.+]/);
const ENDS_QUOTED = bytesOf(/["\\\r\n]/);
const IS_LABEL = bytesOf(/[A-Za-z0-9-]/);
const IS_LETTER = bytesOf(/[A-Za-z]/);

/** A mailbox (RFC 5321, 4.1.2) around the `@` or `"@` at `at`: the `FindMatch` of the pattern for e-mail addresses. */
export function findMailbox(
  bytes: Uint8Array,
  at: number,
  from: number,
  to: number,
  span: { start: number; end: number },
): boolean {
  const sign = bytes[at] === AT ? at : at + 1;
  const start = bytes[sign - 1] === QUOTE ? quotedStart(bytes, sign, from) : localStart(bytes, sign, from);
  if (start < 0) return false;
  const end = domainEnd(bytes, sign + 1, to);
  if (end < 0) return false;
  span.start = start;
  span.end = end;
  return true;
}

function localStart(bytes: Uint8Array, sign: number, from: number): number {
  const limit = Math.max(from, sign - MAX_LOCAL);
  let at = sign;
  while (at > limit && IS_LOCAL[bytes[at - 1] as number] === 1) at--;
  while (at < sign && STARTS_LOCAL[bytes[at] as number] === 0) at++;
  return at < sign ? at : -1;
}

function quotedStart(bytes: Uint8Array, sign: number, from: number): number {
  const last = sign - 2;
  const limit = Math.max(from, last - MAX_QUOTED);
  let at = last;
  while (at >= limit && ENDS_QUOTED[bytes[at] as number] === 0) at--;
  return at >= limit && at < last && bytes[at] === QUOTE ? at : -1;
}

/** Behind the longest row of labels that ends in one of letters; -1 when there is none. */
function domainEnd(bytes: Uint8Array, start: number, to: number): number {
  let end = -1;
  let label = start;
  for (let dots = 0; dots < MAX_DOTS; dots++) {
    const limit = Math.min(to, label + MAX_LABEL);
    let at = label;
    while (at < limit && IS_LABEL[bytes[at] as number] === 1) at++;
    const isLabel = at > label && bytes[label] !== DASH && bytes[at - 1] !== DASH;
    if (!isLabel || at >= to || bytes[at] !== DOT) break;
    label = at + 1;
    const last = topLabelEnd(bytes, label, to);
    if (last > 0) end = last;
  }
  return end;
}

function topLabelEnd(bytes: Uint8Array, start: number, to: number): number {
  const isEncoded = bytes[start] === 120 && bytes[start + 1] === 110 && bytes[start + 2] === DASH;
  if (isEncoded && bytes[start + 3] === DASH) {
    const limit = Math.min(to, start + 63);
    let at = start + 4;
    while (at < limit && IS_LABEL[bytes[at] as number] === 1) at++;
    if (at - start >= 6) return at;
  }
  const limit = Math.min(to, start + 18);
  let at = start;
  while (at < limit && IS_LETTER[bytes[at] as number] === 1) at++;
  return at - start >= 2 ? at : -1;
}
