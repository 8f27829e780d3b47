;; Follows rows and columns of a delimited table (RFC 4180), sixteen bytes at a time where they hold no quote.
;;
;; memory  0   i32 × 6: line, row, column, quoted, afterQuote, atStart (csv-place.ts), read and written
;;         64  the bytes
;;
;; Addresses are not checked here: the caller sizes the memory (csv-cells.ts).
(module
  (memory (import "env" "memory") 1)

  ;; Reads the bytes [at, end), with 16 of slack behind them, and writes `separator` over each `delimiter` between cells.
  ;; `isTable`: all ones, or 0 when there is one column and no delimiter.
  (func (export "cells") (param $at i32) (param $end i32) (param $delimiter i32) (param $separator i32) (param $isTable i32)
    (local $line i32) (local $row i32) (local $column i32) (local $quoted i32) (local $afterQuote i32) (local $atStart i32)
    (local $bytes v128) (local $delimiters v128) (local $newlines i32) (local $returns i32) (local $ends i32)
    (local $starts i32) (local $byte i32) (local $limit i32) (local $count i32)
    (local.set $line (i32.load (i32.const 0)))
    (local.set $row (i32.load offset=4 (i32.const 0)))
    (local.set $column (i32.load offset=8 (i32.const 0)))
    (local.set $quoted (i32.load offset=12 (i32.const 0)))
    (local.set $afterQuote (i32.load offset=16 (i32.const 0)))
    (local.set $atStart (i32.load offset=20 (i32.const 0)))
    (block $done
      (loop $more
        (block $single
          (loop $fast
            (br_if $single (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
            (local.set $bytes (v128.load (local.get $at)))
            (br_if $single (v128.any_true (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 34)))))
            (local.set $newlines (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 10)))))
            (if (i32.eqz (local.get $quoted)) (then
              (local.set $delimiters (v128.and (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $delimiter)))
                                               (i8x16.splat (local.get $isTable))))
              (local.set $ends (i8x16.bitmask (local.get $delimiters)))
              (local.set $returns (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 13)))))
              ;; Where a record may start. A newline there ends no record, and a return there may be all of a blank line.
              (local.set $starts (i32.or (i32.shl (local.get $newlines) (i32.const 1))
                (i32.and (local.get $atStart) (i32.eqz (local.get $column)))))
              (br_if $single (i32.and (i32.or (local.get $newlines) (local.get $returns)) (local.get $starts)))
              (br_if $single (i32.ge_u (local.get $returns) (i32.const 0xc000)))
              (v128.store (local.get $at)
                (v128.bitselect (i8x16.splat (local.get $separator)) (local.get $bytes) (local.get $delimiters)))
              (local.set $count (i32.popcnt (local.get $newlines)))
              (local.set $row (i32.add (local.get $row) (local.get $count)))
              (local.set $line (i32.add (local.get $line) (local.get $count)))
              (local.set $column (i32.add
                (i32.popcnt (i32.shr_u (local.get $ends) (i32.sub (i32.const 32) (i32.clz (local.get $newlines)))))
                (select (i32.const 0) (local.get $column) (local.get $newlines))))
              ;; A return is no byte of a cell: what stood before it decides.
              (local.set $atStart (i32.and (i32.const 1) (i32.shr_u (i32.or (local.get $ends) (local.get $newlines))
                (i32.sub (i32.const 15) (i32.shr_u (local.get $returns) (i32.const 15))))))
              (local.set $afterQuote (i32.const 0))
              (local.set $at (i32.add (local.get $at) (i32.const 16)))
              (br $fast)))
            (local.set $line (i32.add (local.get $line) (i32.popcnt (local.get $newlines))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $fast)))
        (local.set $limit (i32.add (local.get $at) (i32.const 16)))
        (local.set $limit (select (local.get $limit) (local.get $end) (i32.lt_u (local.get $limit) (local.get $end))))
        (block $next
          (loop $each
            (br_if $next (i32.ge_u (local.get $at) (local.get $limit)))
            (local.set $byte (i32.load8_u (local.get $at)))
            (block $read
              (if (local.get $quoted) (then
                (local.set $line (i32.add (local.get $line) (i32.eq (local.get $byte) (i32.const 10))))
                (local.set $afterQuote (i32.eq (local.get $byte) (i32.const 34)))
                (local.set $quoted (i32.ne (local.get $byte) (i32.const 34)))
                (br $read)))
              (br_if $read (i32.eq (local.get $byte) (i32.const 13)))
              (if (i32.eq (local.get $byte) (i32.const 34)) (then
                (local.set $quoted (i32.or (local.get $atStart) (local.get $afterQuote)))
                (local.set $atStart (i32.const 0))
                (local.set $afterQuote (i32.const 0))
                (br $read)))
              (local.set $afterQuote (i32.const 0))
              (if (i32.eq (local.get $byte) (i32.const 10)) (then
                (local.set $line (i32.add (local.get $line) (i32.const 1)))
                (local.set $row (i32.add (local.get $row)
                  (i32.or (i32.ne (local.get $column) (i32.const 0)) (i32.eqz (local.get $atStart)))))
                (local.set $column (i32.const 0))
                (local.set $atStart (i32.const 1))
                (br $read)))
              (local.set $atStart (i32.and (local.get $isTable) (i32.eq (local.get $byte) (local.get $delimiter))))
              (if (local.get $atStart) (then
                (i32.store8 (local.get $at) (local.get $separator))
                (local.set $column (i32.add (local.get $column) (i32.const 1))))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $each)))
        (br_if $more (i32.lt_u (local.get $at) (local.get $end)))))
    (i32.store (i32.const 0) (local.get $line))
    (i32.store offset=4 (i32.const 0) (local.get $row))
    (i32.store offset=8 (i32.const 0) (local.get $column))
    (i32.store offset=12 (i32.const 0) (local.get $quoted))
    (i32.store offset=16 (i32.const 0) (local.get $afterQuote))
    (i32.store offset=20 (i32.const 0) (local.get $atStart))))
