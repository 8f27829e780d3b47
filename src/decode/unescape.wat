;; JSON escapes undone, 64 bytes at a time.
;;
;; memory  0    i32, i32: where `unescape` stopped in input and output
;;         256  a byte for each byte after a backslash: what it stands for, 0 when it is no simple escape (RFC 8259, 7)
;;         512  a byte for each byte: the value of a hexadecimal digit, -1 for others
;;         768  a byte for each byte: 1 when it may stand between the start of a string and the first quote of JSON in it
;;         1024 a byte for each byte: 1 when a quote behind it cannot be the first one of JSON: neither such a byte nor a quote
;;         2048 eight bytes for each byte: the indexes of its bits that are not set, ascending
;;         4096 the same, each index greater by 8
;;
;; Addresses are not checked here: the caller sizes the memory (unescape-kernel.ts).
(module
  (memory (import "env" "memory") 1)

  ;; Undoes JSON escapes of [in, end) to [out, limit), with 160 bytes of slack behind the input and 16 behind the output.
  ;; Stops before an escape that it leaves to the caller: one near the end, and what `escape` leaves. At least 65 bytes
  ;; before `in` are there to look back at. Only an escape writes beyond `limit`.
  ;;
  ;; Backslashes are taken out by shuffling eight bytes at a time to the front and writing the next eight over what is left
  ;; behind them. Where an escape is more than a backslash and a letter, or a quote may be the first one of JSON inside
  ;; the string (an escaped one with an unescaped one in the 64 bytes before it), escapes are undone one by one.
  (func (export "unescape") (param $in i32) (param $end i32) (param $out i32) (param $limit i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $A v128) (local $B v128) (local $C v128) (local $D v128)
    (local $bytes v128) (local $slot v128) (local $known v128) (local $other v128) (local $inner v128) (local $outer v128)
    (local $outerBefore v128) (local $slashes i64) (local $starts i64) (local $escaped i64) (local $series i64) (local $carry i64)
    (local $run i32) (local $room i32) (local $at i32) (local $back i32) (local $to i32) (local $row i32) (local $done i32)
    (local $isSpecial i32)
    ;; Constants stand in locals: inside a loop V8 makes them anew each time.
    (local $backslash v128) (local $quote v128) (local $slash v128) (local $fifteen v128) (local $names v128) (local $changes v128)
    (local.set $backslash (i8x16.splat (i32.const 92)))
    (local.set $quote (i8x16.splat (i32.const 34)))
    (local.set $slash (i8x16.splat (i32.const 47)))
    (local.set $fifteen (i8x16.splat (i32.const 15)))
    ;; By bits 1 to 4 of the byte behind a backslash: which one has a meaning, and by which bits that differs from it. A b
    ;; shares its place with the quote and is left out.
    (local.set $names (v128.const i8x16 0 34 0 102 0 0 0 110 0 114 116 0 0 0 92 0))
    (local.set $changes (v128.const i8x16 0 0 0 106 0 0 0 100 0 127 125 0 0 0 0 0))
    (block $stop
      (loop $more
        (block $tail
          (br_if $tail (i32.or (i32.gt_u (i32.add (local.get $in) (i32.const 80)) (local.get $end))
                               (i32.gt_u (i32.add (local.get $out) (i32.const 160)) (local.get $limit))))
          (if (local.get $isSpecial) (then
            ;; Escape by escape: behind each one the next 64 bytes are copied to their new place, whatever they are.
            (call $copy (local.get $in) (local.get $out))
            (local.set $slashes (i64.or
              (i64.or (call $backslashes (local.get $in))
                (i64.shl (call $backslashes (i32.add (local.get $in) (i32.const 16))) (i64.const 16)))
              (i64.or (i64.shl (call $backslashes (i32.add (local.get $in) (i32.const 32))) (i64.const 32))
                (i64.shl (call $backslashes (i32.add (local.get $in) (i32.const 48))) (i64.const 48)))))
            (local.set $isSpecial (i32.const 0))
            (local.set $at (i32.const 64))
            (if (i64.ne (local.get $slashes) (i64.const 0)) (then
              (loop $each
                (local.set $at (i32.wrap_i64 (i64.ctz (local.get $slashes))))
                (local.set $back (i32.add (local.get $in) (local.get $at)))
                (local.set $to (i32.add (local.get $out) (local.get $at)))
                (local.set $done (call $escape (local.get $back) (local.get $to)))
                (if (i32.eqz (local.get $done)) (then
                  (local.set $in (local.get $back))
                  (local.set $out (local.get $to))
                  (br $stop)))
                (local.set $isSpecial (i32.or (local.get $isSpecial) (i32.shr_u (local.get $done) (i32.const 16))))
                (local.set $run (i32.and (local.get $done) (i32.const 0xff)))
                (local.set $done (i32.and (i32.shr_u (local.get $done) (i32.const 8)) (i32.const 0xff)))
                (call $copy (i32.add (local.get $back) (local.get $run)) (i32.add (local.get $to) (local.get $done)))
                (local.set $out (i32.sub (i32.add (local.get $out) (local.get $done)) (local.get $run)))
                (local.set $at (i32.add (local.get $at) (local.get $run)))
                ;; Those of this escape are done.
                (local.set $slashes (select
                  (i64.and (local.get $slashes) (i64.shl (i64.const -1) (i64.extend_i32_u (local.get $at))))
                  (i64.const 0)
                  (i32.lt_u (local.get $at) (i32.const 64))))
                (br_if $each (i64.ne (local.get $slashes) (i64.const 0))))
              (local.set $at (select (local.get $at) (i32.const 64) (i32.gt_u (local.get $at) (i32.const 64))))))
            (local.set $in (i32.add (local.get $in) (local.get $at)))
            (local.set $out (i32.add (local.get $out) (local.get $at)))
            (br $more)))
          ;; 64 bytes at a time, without a branch that depends on where escapes stand in them.
          (local.set $carry (i64.const 0))
          (local.set $outer (v128.or
            (v128.or (call $quotes (i32.sub (local.get $in) (i32.const 64))) (call $quotes (i32.sub (local.get $in) (i32.const 48))))
            (v128.or (call $quotes (i32.sub (local.get $in) (i32.const 32))) (call $quotes (i32.sub (local.get $in) (i32.const 16))))))
          (loop $fast
            (if (i32.or (i32.gt_u (i32.add (local.get $in) (i32.const 80)) (local.get $end))
                        (i32.gt_u (i32.add (local.get $out) (i32.const 160)) (local.get $limit))) (then
              (local.set $in (i32.sub (local.get $in) (i32.wrap_i64 (local.get $carry))))
              (br $tail)))
            (local.set $outerBefore (local.get $outer))
            (local.set $a (v128.load (local.get $in)))
            (local.set $b (v128.load offset=16 (local.get $in)))
            (local.set $c (v128.load offset=32 (local.get $in)))
            (local.set $d (v128.load offset=48 (local.get $in)))
            (local.set $slashes (i64.or
                (i64.extend_i32_u (i32.or (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $backslash)))
                  (i32.shl (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $backslash))) (i32.const 16))))
                (i64.shl (i64.extend_i32_u (i32.or (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $backslash)))
                  (i32.shl (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $backslash))) (i32.const 16)))) (i64.const 32))))
            (if (i64.eqz (i64.or (local.get $carry) (local.get $slashes))) (then
              (v128.store (local.get $out) (local.get $a))
              (v128.store offset=16 (local.get $out) (local.get $b))
              (v128.store offset=32 (local.get $out) (local.get $c))
              (v128.store offset=48 (local.get $out) (local.get $d))
              (local.set $outer (v128.or
                (v128.or (i8x16.eq (local.get $a) (local.get $quote)) (i8x16.eq (local.get $b) (local.get $quote)))
                (v128.or (i8x16.eq (local.get $c) (local.get $quote)) (i8x16.eq (local.get $d) (local.get $quote)))))
              (local.set $in (i32.add (local.get $in) (i32.const 64)))
              (local.set $out (i32.add (local.get $out) (i32.const 64)))
              (br $fast)))
            ;; Which bytes stand behind the backslash of an escape (A to D): behind any backslash, unless two stand side by side.
            (if (i64.eqz (i64.or
                  (i64.and (local.get $slashes) (i64.or (i64.shl (local.get $slashes) (i64.const 1)) (local.get $carry)))
                  (i64.xor (local.get $carry) (i64.extend_i32_u
                    (i32.eq (i32.load8_u (i32.sub (local.get $in) (i32.const 1))) (i32.const 92))))))
              (then
                (local.set $starts (local.get $slashes))
                (local.set $A (i8x16.eq (v128.load (i32.sub (local.get $in) (i32.const 1))) (local.get $backslash)))
                (local.set $B (i8x16.eq (v128.load offset=15 (local.get $in)) (local.get $backslash)))
                (local.set $C (i8x16.eq (v128.load offset=31 (local.get $in)) (local.get $backslash)))
                (local.set $D (i8x16.eq (v128.load offset=47 (local.get $in)) (local.get $backslash))))
              (else
                ;; Of a series the first, third, … begins an escape: subtracting carries through it, from where it begins to
                ;; the even or odd bit behind it.
                (local.set $series (i64.and (local.get $slashes) (i64.xor (local.get $carry) (i64.const -1))))
                (local.set $series (i64.xor (i64.const 0xaaaaaaaaaaaaaaaa) (i64.sub
                  (i64.or (i64.shl (local.get $series) (i64.const 1)) (i64.const 0xaaaaaaaaaaaaaaaa))
                  (local.get $series))))
                (local.set $escaped (i64.xor (local.get $series) (i64.or (local.get $slashes) (local.get $carry))))
                (local.set $starts (i64.and (local.get $series) (local.get $slashes)))
                (local.set $A (call $spread (i32.wrap_i64 (local.get $escaped))))
                (local.set $B (call $spread (i32.wrap_i64 (i64.shr_u (local.get $escaped) (i64.const 16)))))
                (local.set $C (call $spread (i32.wrap_i64 (i64.shr_u (local.get $escaped) (i64.const 32)))))
                (local.set $D (call $spread (i32.wrap_i64 (i64.shr_u (local.get $escaped) (i64.const 48)))))))
            ;; Four times the same: escaped letters become what they mean, those without a meaning are noted in `other`, quotes
            ;; in `inner` where they are escaped and else in `outer`; then two times eight bytes without the backslashes.
            (local.set $other (v128.const i64x2 0 0))
            (local.set $inner (v128.const i64x2 0 0))
            (local.set $outer (v128.const i64x2 0 0))
            (local.set $to (local.get $out))
            (local.set $slot (v128.and (i16x8.shr_u (local.get $a) (i32.const 1)) (local.get $fifteen)))
            (local.set $known (i8x16.eq (i8x16.relaxed_swizzle (local.get $names) (local.get $slot)) (local.get $a)))
            (local.set $bytes (i8x16.eq (local.get $a) (local.get $quote)))
            (local.set $other (v128.or (local.get $other) (v128.andnot (local.get $A)
              (v128.or (local.get $known) (i8x16.eq (local.get $a) (local.get $slash))))))
            (local.set $outer (v128.or (local.get $outer) (v128.andnot (local.get $bytes) (local.get $A))))
            (local.set $inner (v128.or (local.get $inner) (v128.and (local.get $bytes) (local.get $A))))
            (local.set $a (v128.xor (local.get $a) (v128.and (v128.and (local.get $known) (local.get $A))
              (i8x16.relaxed_swizzle (local.get $changes) (local.get $slot)))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shl (local.get $starts) (i64.const 3))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $a) (v128.load64_zero offset=2048 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 5))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $a) (v128.load64_zero offset=4096 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $slot (v128.and (i16x8.shr_u (local.get $b) (i32.const 1)) (local.get $fifteen)))
            (local.set $known (i8x16.eq (i8x16.relaxed_swizzle (local.get $names) (local.get $slot)) (local.get $b)))
            (local.set $bytes (i8x16.eq (local.get $b) (local.get $quote)))
            (local.set $other (v128.or (local.get $other) (v128.andnot (local.get $B)
              (v128.or (local.get $known) (i8x16.eq (local.get $b) (local.get $slash))))))
            (local.set $outer (v128.or (local.get $outer) (v128.andnot (local.get $bytes) (local.get $B))))
            (local.set $inner (v128.or (local.get $inner) (v128.and (local.get $bytes) (local.get $B))))
            (local.set $b (v128.xor (local.get $b) (v128.and (v128.and (local.get $known) (local.get $B))
              (i8x16.relaxed_swizzle (local.get $changes) (local.get $slot)))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 13))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $b) (v128.load64_zero offset=2048 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 21))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $b) (v128.load64_zero offset=4096 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $slot (v128.and (i16x8.shr_u (local.get $c) (i32.const 1)) (local.get $fifteen)))
            (local.set $known (i8x16.eq (i8x16.relaxed_swizzle (local.get $names) (local.get $slot)) (local.get $c)))
            (local.set $bytes (i8x16.eq (local.get $c) (local.get $quote)))
            (local.set $other (v128.or (local.get $other) (v128.andnot (local.get $C)
              (v128.or (local.get $known) (i8x16.eq (local.get $c) (local.get $slash))))))
            (local.set $outer (v128.or (local.get $outer) (v128.andnot (local.get $bytes) (local.get $C))))
            (local.set $inner (v128.or (local.get $inner) (v128.and (local.get $bytes) (local.get $C))))
            (local.set $c (v128.xor (local.get $c) (v128.and (v128.and (local.get $known) (local.get $C))
              (i8x16.relaxed_swizzle (local.get $changes) (local.get $slot)))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 29))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $c) (v128.load64_zero offset=2048 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 37))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $c) (v128.load64_zero offset=4096 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $slot (v128.and (i16x8.shr_u (local.get $d) (i32.const 1)) (local.get $fifteen)))
            (local.set $known (i8x16.eq (i8x16.relaxed_swizzle (local.get $names) (local.get $slot)) (local.get $d)))
            (local.set $bytes (i8x16.eq (local.get $d) (local.get $quote)))
            (local.set $other (v128.or (local.get $other) (v128.andnot (local.get $D)
              (v128.or (local.get $known) (i8x16.eq (local.get $d) (local.get $slash))))))
            (local.set $outer (v128.or (local.get $outer) (v128.andnot (local.get $bytes) (local.get $D))))
            (local.set $inner (v128.or (local.get $inner) (v128.and (local.get $bytes) (local.get $D))))
            (local.set $d (v128.xor (local.get $d) (v128.and (v128.and (local.get $known) (local.get $D))
              (i8x16.relaxed_swizzle (local.get $changes) (local.get $slot)))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 45))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $d) (v128.load64_zero offset=2048 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (local.set $row (i32.and (i32.wrap_i64 (i64.shr_u (local.get $starts) (i64.const 53))) (i32.const 0x7f8)))
            (v128.store64_lane 0 (local.get $to)
              (i8x16.relaxed_swizzle (local.get $d) (v128.load64_zero offset=4096 (local.get $row))))
            (local.set $to (i32.sub (i32.add (local.get $to) (i32.const 8)) (i32.popcnt (local.get $row))))
            (if (i32.or (v128.any_true (local.get $other)) (i32.and
                  (v128.any_true (local.get $inner))
                  (v128.any_true (v128.or (local.get $outer) (local.get $outerBefore))))) (then
              (local.set $isSpecial (i32.const 1))
              (local.set $in (i32.sub (local.get $in) (i32.wrap_i64 (local.get $carry))))
              (br $more)))
            (local.set $carry (i64.shr_u (local.get $starts) (i64.const 63)))
            (local.set $in (i32.add (local.get $in) (i32.const 64)))
            (local.set $out (local.get $to))
            (br $fast)))
        (br_if $stop (i32.or (i32.ge_u (local.get $in) (local.get $end)) (i32.ge_u (local.get $out) (local.get $limit))))
        (local.set $bytes (v128.load (local.get $in)))
        (v128.store (local.get $out) (local.get $bytes))
        ;; The bit above the mask stands for sixteen bytes without a backslash.
        (local.set $run (i32.ctz (i32.or (i32.const 0x10000)
          (i8x16.bitmask (i8x16.eq (local.get $bytes) (local.get $backslash))))))
        (local.set $room (i32.sub (local.get $limit) (local.get $out)))
        (local.set $run (select (local.get $run) (local.get $room) (i32.lt_u (local.get $run) (local.get $room))))
        (local.set $room (i32.sub (local.get $end) (local.get $in)))
        (local.set $run (select (local.get $run) (local.get $room) (i32.lt_u (local.get $run) (local.get $room))))
        (local.set $in (i32.add (local.get $in) (local.get $run)))
        (local.set $out (i32.add (local.get $out) (local.get $run)))
        (br_if $more (i32.eq (local.get $run) (i32.const 16)))
        (br_if $stop (i32.or (i32.gt_u (i32.add (local.get $in) (i32.const 12)) (local.get $end))
                             (i32.ge_u (local.get $out) (local.get $limit))))
        (local.set $done (call $escape (local.get $in) (local.get $out)))
        (br_if $stop (i32.eqz (local.get $done)))
        (local.set $in (i32.add (local.get $in) (i32.and (local.get $done) (i32.const 0xff))))
        (local.set $out (i32.add (local.get $out) (i32.and (i32.shr_u (local.get $done) (i32.const 8)) (i32.const 0xff))))
        (br $more)))
    (i32.store (i32.const 0) (local.get $in))
    (i32.store offset=4 (i32.const 0) (local.get $out)))

  ;; -1 in the bytes whose bits of `mask` are set.
  (func $spread (param $mask i32) (result v128)
    (local $words v128)
    (local.set $words (i16x8.splat (local.get $mask)))
    (i8x16.eq (v128.const i8x16 1 2 4 8 16 32 64 -128 1 2 4 8 16 32 64 -128)
      (v128.and (v128.const i8x16 1 2 4 8 16 32 64 -128 1 2 4 8 16 32 64 -128)
        (i8x16.shuffle 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 (local.get $words) (local.get $words)))))

  ;; Bits of the backslashes in the 16 bytes at `at`.
  (func $backslashes (param $at i32) (result i64)
    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 92))))))

  ;; -1 in the bytes of the 16 at `at` that are quotes with no backslash before them.
  (func $quotes (param $at i32) (result v128)
    (v128.andnot
      (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 34)))
      (i8x16.eq (v128.load (i32.sub (local.get $at) (i32.const 1))) (i8x16.splat (i32.const 92)))))

  ;; Copies 64 bytes.
  (func $copy (param $from i32) (param $to i32)
    (v128.store (local.get $to) (v128.load (local.get $from)))
    (v128.store offset=16 (local.get $to) (v128.load offset=16 (local.get $from)))
    (v128.store offset=32 (local.get $to) (v128.load offset=32 (local.get $from)))
    (v128.store offset=48 (local.get $to) (v128.load offset=48 (local.get $from))))

  ;; Undoes the escape at `at`, of which 12 bytes can be read, to `out`. Answers the bytes read, those written << 8, and
  ;; 1 << 16 unless it was a plain one; 0 when it is left to the caller: a broken escape, a lone surrogate, an escaped
  ;; quote that may be the first one of JSON inside the string.
  (func $escape (param $at i32) (param $out i32) (result i32)
    (local $next i32) (local $simple i32) (local $back i32) (local $code i32) (local $low i32) (local $used i32)
    (local.set $next (i32.load8_u offset=1 (local.get $at)))
    (local.set $simple (i32.load8_u offset=256 (local.get $next)))
    (if (local.get $simple) (then
      (i32.store8 (local.get $out) (local.get $simple))
      (local.set $back (i32.sub (local.get $at) (i32.const 1)))
      (if (i32.or (i32.ne (local.get $next) (i32.const 34)) (i32.load8_u offset=1024 (i32.load8_u (local.get $back))))
        (then (return (i32.const 0x102))))
      ;; Back over what may stand before it, to the quote that starts the string.
      (block $seen
        (loop $look
          (br_if $seen (i32.le_u (local.get $back) (i32.sub (local.get $at) (i32.const 63))))
          (br_if $seen (i32.eqz (i32.load8_u offset=768 (i32.load8_u (local.get $back)))))
          (local.set $back (i32.sub (local.get $back) (i32.const 1)))
          (br $look)))
      (return (select (i32.const 0) (i32.const 0x10102) (i32.and
        (i32.eq (i32.load8_u (local.get $back)) (i32.const 34))
        (i32.ne (i32.load8_u (i32.sub (local.get $back) (i32.const 1))) (i32.const 92)))))))
    (if (i32.ne (local.get $next) (i32.const 117)) (then (return (i32.const 0))))
    (local.set $code (call $hex (i32.add (local.get $at) (i32.const 2))))
    (if (i32.lt_s (local.get $code) (i32.const 0)) (then (return (i32.const 0))))
    (local.set $used (i32.const 6))
    (if (i32.eq (i32.and (local.get $code) (i32.const 0xf800)) (i32.const 0xd800)) (then
      (if (i32.ge_u (local.get $code) (i32.const 0xdc00)) (then (return (i32.const 0))))
      (if (i32.ne (i32.load16_u offset=6 (local.get $at)) (i32.const 0x755c)) (then (return (i32.const 0))))
      (local.set $low (call $hex (i32.add (local.get $at) (i32.const 8))))
      (if (i32.ne (i32.and (local.get $low) (i32.const 0xfffffc00)) (i32.const 0xdc00)) (then (return (i32.const 0))))
      (local.set $code (i32.add (i32.const 0x10000) (i32.add
        (i32.shl (i32.sub (local.get $code) (i32.const 0xd800)) (i32.const 10))
        (i32.sub (local.get $low) (i32.const 0xdc00)))))
      (local.set $used (i32.const 12))))
    (i32.or (i32.or (i32.const 0x10000) (local.get $used))
      (i32.shl (i32.sub (call $utf8 (local.get $out) (local.get $code)) (local.get $out)) (i32.const 8))))

  ;; The value of four hexadecimal digits, negative when one of them is none.
  (func $hex (param $at i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local.set $a (i32.load8_s offset=512 (i32.load8_u (local.get $at))))
    (local.set $b (i32.load8_s offset=512 (i32.load8_u offset=1 (local.get $at))))
    (local.set $c (i32.load8_s offset=512 (i32.load8_u offset=2 (local.get $at))))
    (local.set $d (i32.load8_s offset=512 (i32.load8_u offset=3 (local.get $at))))
    (i32.or
      (i32.or (i32.shl (local.get $a) (i32.const 12)) (i32.shl (local.get $b) (i32.const 8)))
      (i32.or (i32.shl (local.get $c) (i32.const 4)) (local.get $d))))

  ;; Writes a code point; answers the address behind it.
  (func $utf8 (param $out i32) (param $code i32) (result i32)
    (if (i32.lt_u (local.get $code) (i32.const 0x80)) (then
      (i32.store8 (local.get $out) (local.get $code))
      (return (i32.add (local.get $out) (i32.const 1)))))
    (if (i32.lt_u (local.get $code) (i32.const 0x800))
      (then (i32.store8 (local.get $out) (i32.or (i32.const 0xc0) (i32.shr_u (local.get $code) (i32.const 6)))))
      (else
        (if (i32.lt_u (local.get $code) (i32.const 0x10000))
          (then (i32.store8 (local.get $out) (i32.or (i32.const 0xe0) (i32.shr_u (local.get $code) (i32.const 12)))))
          (else
            (i32.store8 (local.get $out) (i32.or (i32.const 0xf0) (i32.shr_u (local.get $code) (i32.const 18))))
            (local.set $out (i32.add (local.get $out) (i32.const 1)))
            (call $continue (local.get $out) (local.get $code) (i32.const 12))))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (call $continue (local.get $out) (local.get $code) (i32.const 6))))
    (call $continue (i32.add (local.get $out) (i32.const 1)) (local.get $code) (i32.const 0))
    (i32.add (local.get $out) (i32.const 2)))

  (func $continue (param $out i32) (param $code i32) (param $shift i32)
    (i32.store8 (local.get $out) (i32.or (i32.const 0x80)
      (i32.and (i32.shr_u (local.get $code) (local.get $shift)) (i32.const 0x3f))))))
