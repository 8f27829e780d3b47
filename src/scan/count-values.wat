;; Judges plain mailboxes and card numbers where JavaScript saw that there may be one, and hashes them.
;;
;; memory  0       i64 × 2: key of the hash
;;         16      i32 × 2: the last hash, high and low half
;;         256     a byte for each byte: 1 in a local part, 2 in a label, 4 at the start of a local part, 8 a word character
;;         512     i64 × 64: ends of users that are left to the validator
;;         1024    i64 × 64: ends of second labels that are left to the validator
;;         2048    i64 × 4096: top-level domains
;;         34816   for 16 to 19 digits, by the first four of them (10,000 bytes each): 1 a card may begin so, 2 look at the list
;;         74816   i64 × 64: numbers that are left to the validator, as far as there are any
;;         75328   i32: how many of them
;;
;; Keys are up to 8 bytes of a word, its first byte lowest; their tables are hashes with open addressing, 0 is a free slot.
;; Verdicts: 0 part of the value before, 1 left to the validator, 2 no value but one that was tried, 3 a value; 4 is added
;; when the value is all of its line. Addresses are not checked here: the caller sizes the memory (count-kernel.ts).
(module
  (memory (import "env" "memory") 1)

  ;; SipHash-2-4 (Aumasson and Bernstein 2012) of the bytes [at, end), with 8 of slack behind them.
  (func $hash (export "hash") (param $at i32) (param $end i32)
    (local $v0 i64) (local $v1 i64) (local $v2 i64) (local $v3 i64) (local $word i64) (local $left i32) (local $rounds i32)
    (local $length i32)
    (local.set $length (i32.sub (local.get $end) (local.get $at)))
    (local.set $v0 (i64.xor (i64.load (i32.const 0)) (i64.const 0x736f6d6570736575)))
    (local.set $v1 (i64.xor (i64.load (i32.const 8)) (i64.const 0x646f72616e646f6d)))
    (local.set $v2 (i64.xor (i64.load (i32.const 0)) (i64.const 0x6c7967656e657261)))
    (local.set $v3 (i64.xor (i64.load (i32.const 8)) (i64.const 0x7465646279746573)))
    ;; -1: words; 0: the last one was taken; then four more rounds.
    (local.set $left (i32.const -1))
    (loop $word
      (if (i32.lt_s (local.get $left) (i32.const 0))
        (then
          (local.set $left (i32.sub (local.get $end) (local.get $at)))
          (local.set $word (i64.load (local.get $at)))
          (if (i32.lt_u (local.get $left) (i32.const 8))
            (then
              (local.set $word (i64.or
                (i64.and (local.get $word)
                  (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (i32.shl (local.get $left) (i32.const 3)))) (i64.const 1)))
                (i64.shl (i64.extend_i32_u (local.get $length)) (i64.const 56))))
              (local.set $left (i32.const 0)))
            (else
              (local.set $at (i32.add (local.get $at) (i32.const 8)))
              (local.set $left (i32.const -1))))
          (local.set $v3 (i64.xor (local.get $v3) (local.get $word)))
          (local.set $rounds (i32.const 2)))
        (else
          (local.set $left (i32.const 1))
          (local.set $word (i64.const 0))
          (local.set $v2 (i64.xor (local.get $v2) (i64.const 0xff)))
          (local.set $rounds (i32.const 4))))
      (loop $round
        (local.set $v0 (i64.add (local.get $v0) (local.get $v1)))
        (local.set $v2 (i64.add (local.get $v2) (local.get $v3)))
        (local.set $v1 (i64.xor (i64.rotl (local.get $v1) (i64.const 13)) (local.get $v0)))
        (local.set $v3 (i64.xor (i64.rotl (local.get $v3) (i64.const 16)) (local.get $v2)))
        (local.set $v0 (i64.rotl (local.get $v0) (i64.const 32)))
        (local.set $v2 (i64.add (local.get $v2) (local.get $v1)))
        (local.set $v0 (i64.add (local.get $v0) (local.get $v3)))
        (local.set $v1 (i64.xor (i64.rotl (local.get $v1) (i64.const 17)) (local.get $v2)))
        (local.set $v3 (i64.xor (i64.rotl (local.get $v3) (i64.const 21)) (local.get $v0)))
        (local.set $v2 (i64.rotl (local.get $v2) (i64.const 32)))
        (br_if $round (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
      (local.set $v0 (i64.xor (local.get $v0) (local.get $word)))
      (br_if $word (i32.le_s (local.get $left) (i32.const 0))))
    (local.set $v0 (i64.xor (i64.xor (local.get $v0) (local.get $v1)) (i64.xor (local.get $v2) (local.get $v3))))
    (i64.store (i32.const 16) (i64.rotl (local.get $v0) (i64.const 32))))

  ;; The hashes (i64) of the runs whose starts and ends (i32) are in [list, listEnd), from `out` on.
  (func (export "hashes") (param $list i32) (param $listEnd i32) (param $out i32)
    (loop $next
      (call $hash (i32.load (local.get $list)) (i32.load offset=4 (local.get $list)))
      (i64.store (local.get $out) (i64.load (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 8)))
      (local.set $list (i32.add (local.get $list) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $list) (local.get $listEnd)))))

  ;; Up to the last eight of the bytes [at, end), with 8 before them.
  (func $key (param $at i32) (param $end i32) (result i64)
    (local $length i32)
    (local.set $length (i32.sub (local.get $end) (local.get $at)))
    (i64.shr_u (i64.load (i32.sub (local.get $end) (i32.const 8)))
      (i64.extend_i32_u (i32.shl
        (select (i32.sub (i32.const 8) (local.get $length)) (i32.const 0) (i32.lt_u (local.get $length) (i32.const 8)))
        (i32.const 3)))))

  ;; Whether the table of 2^bits slots at `table` has the key.
  (func $has (param $table i32) (param $bits i64) (param $key i64) (result i32)
    (local $slot i32) (local $mask i32) (local $found i64)
    (local.set $mask (i32.sub (i32.shl (i32.const 1) (i32.wrap_i64 (local.get $bits))) (i32.const 1)))
    (local.set $slot (i32.wrap_i64 (i64.shr_u (i64.mul (local.get $key) (i64.const 0x9e3779b97f4a7c15))
                                              (i64.sub (i64.const 64) (local.get $bits)))))
    (loop $probe
      (local.set $found (i64.load (i32.add (local.get $table) (i32.shl (local.get $slot) (i32.const 3)))))
      (if (i64.eq (local.get $found) (local.get $key)) (then (return (i32.const 1))))
      (local.set $slot (i32.and (i32.add (local.get $slot) (i32.const 1)) (local.get $mask)))
      (br_if $probe (i64.ne (local.get $found) (i64.const 0))))
    (i32.const 0))

  ;; 4 when bytes [start, end), perhaps in quotes, are all of their line.
  (func $alone (param $start i32) (param $end i32) (result i32)
    (local $byte i32)
    (local.set $start (i32.sub (local.get $start) (i32.const 1)))
    (local.set $start (i32.sub (local.get $start) (i32.eq (i32.load8_u (local.get $start)) (i32.const 34))))
    (local.set $end (i32.add (local.get $end) (i32.eq (i32.load8_u (local.get $end)) (i32.const 34))))
    (local.set $byte (i32.load8_u (local.get $end)))
    (i32.shl (i32.and (i32.eq (i32.load8_u (local.get $start)) (i32.const 10))
                      (i32.or (i32.eq (local.get $byte) (i32.const 10)) (i32.eq (local.get $byte) (i32.const 13))))
      (i32.const 2)))

  (func $write (param $out i32) (param $start i32) (param $end i32) (param $verdict i32)
    (i32.store (local.get $out) (local.get $start))
    (i32.store offset=4 (local.get $out) (local.get $end))
    (i32.store offset=8 (local.get $out) (local.get $verdict))
    (i64.store offset=12 align=4 (local.get $out) (i64.load (i32.const 16))))

  ;; For each `@` whose address is in [list, listEnd), ascending: start, end, verdict and hash (i32 × 5) from `out` on.
  ;; Text is at [lo, hi), and in lower case `folded` bytes behind.
  (func (export "mailboxes") (param $list i32) (param $listEnd i32) (param $out i32) (param $lo i32) (param $hi i32) (param $folded i32)
    (local $at i32) (local $start i32) (local $end i32) (local $label i32) (local $second i32) (local $dots i32)
    (local $byte i32) (local $last i32) (local $floor i32) (local $done i32) (local $run i32) (local $marks i32)
    (local $begins i32) (local $ends i32) (local $bytes v128) (local $behind v128)
    (call $fold (local.get $lo) (local.get $hi) (local.get $folded))
    (local.set $done (local.get $lo))
    (block $all
      (loop $next
        (br_if $all (i32.ge_u (local.get $list) (local.get $listEnd)))
        (local.set $at (i32.load (local.get $list)))
        (block $ask
          ;; The local part: at most 64 bytes, no dot at its ends, no two in a row. Most have less than 16 bytes.
          (local.set $bytes (v128.load (i32.sub (local.get $at) (i32.const 16))))
          (local.set $run (i32.clz (i32.shl (i32.xor (call $inLocal (local.get $bytes)) (i32.const 0xffff)) (i32.const 16))))
          (if (i32.lt_u (local.get $run) (i32.const 16))
            (then
              (local.set $start (i32.sub (local.get $at) (local.get $run)))
              (local.set $byte (i32.load8_u (i32.sub (local.get $start) (i32.const 1))))
              (local.set $marks (i32.and (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 46))))
                (i32.shl (i32.const -1) (i32.sub (i32.const 16) (local.get $run)))))
              (br_if $ask (i32.and (local.get $marks)
                (i32.or (i32.shl (local.get $marks) (i32.const 1)) (i32.const 0x8000)))))
            (else
              (local.set $start (i32.sub (local.get $at) (i32.const 16)))
              (local.set $floor (i32.sub (local.get $at) (i32.const 64)))
              (br_if $ask (i32.eq (i32.load8_u (i32.sub (local.get $at) (i32.const 1))) (i32.const 46)))
              (br_if $ask (call $hasPair (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 46))))))
              (block $edge
                (loop $back
                  (local.set $byte (i32.load8_u (i32.sub (local.get $start) (i32.const 1))))
                  (br_if $edge (i32.eqz (i32.and (i32.load8_u offset=256 (local.get $byte)) (i32.const 1))))
                  (local.set $start (i32.sub (local.get $start) (i32.const 1)))
                  (br_if $ask (i32.and (i32.eq (local.get $byte) (i32.const 46))
                                       (i32.eq (i32.load8_u offset=1 (local.get $start)) (i32.const 46))))
                  (br_if $ask (i32.lt_u (local.get $start) (local.get $floor)))
                  (br $back)))))
          (br_if $ask (i32.eq (local.get $start) (local.get $at)))
          (br_if $ask (i32.or (i32.lt_u (local.get $start) (local.get $done)) (i32.le_u (local.get $start) (local.get $lo))))
          (br_if $ask (i32.or (i32.eq (local.get $byte) (i32.const 47)) (i32.eq (local.get $byte) (i32.const 58))))
          (local.set $byte (i32.load8_u (local.get $start)))
          (br_if $ask (i32.eq (local.get $byte) (i32.const 46)))
          (br_if $ask (i32.eqz (i32.and (i32.load8_u offset=256 (local.get $byte)) (i32.const 4))))
          ;; The domain: labels of up to 63 bytes, at most eight dots. Most have less than 32 bytes.
          (local.set $end (i32.add (local.get $at) (i32.const 1)))
          (local.set $bytes (v128.load (local.get $end)))
          (local.set $behind (v128.load offset=16 (local.get $end)))
          (local.set $marks (call $mask (local.get $bytes) (local.get $behind) (i32.const 46)))
          (local.set $run (i32.ctz (i32.xor (i32.const -1) (i32.or (local.get $marks)
            (i32.or (call $inLabel (local.get $bytes)) (i32.shl (call $inLabel (local.get $behind)) (i32.const 16)))))))
          (if (i32.lt_u (local.get $run) (i32.const 32))
            (then
              (local.set $marks (i32.and (local.get $marks) (i32.sub (i32.shl (i32.const 1) (local.get $run)) (i32.const 1))))
              ;; Where a label begins, and where one ends.
              (local.set $begins (i32.or (i32.shl (local.get $marks) (i32.const 1)) (i32.const 1)))
              (local.set $ends (i32.or (i32.shr_u (local.get $marks) (i32.const 1))
                (i32.shr_u (i32.shl (i32.const 1) (local.get $run)) (i32.const 1))))
              (br_if $ask (i32.and (i32.or (local.get $begins) (local.get $ends))
                (i32.or (local.get $marks) (call $mask (local.get $bytes) (local.get $behind) (i32.const 45)))))
              (local.set $dots (i32.popcnt (local.get $marks)))
              (br_if $ask (i32.eqz (local.get $dots)))
              (local.set $label (i32.add (local.get $end) (i32.sub (i32.const 32) (i32.clz (local.get $marks)))))
              (local.set $marks (i32.and (local.get $marks)
                (i32.sub (i32.shl (i32.const 1) (i32.sub (i32.const 31) (i32.clz (local.get $marks)))) (i32.const 1))))
              (local.set $second (i32.add (local.get $end) (i32.sub (i32.const 32) (i32.clz (local.get $marks)))))
              (local.set $end (i32.add (local.get $end) (local.get $run)))
              (local.set $last (i32.load8_u (local.get $end))))
            (else
              (local.set $label (local.get $end))
              (local.set $dots (i32.const 0))
              (block $domain
                (loop $forth
                  (local.set $byte (i32.load8_u (local.get $end)))
                  (if (i32.and (i32.load8_u offset=256 (local.get $byte)) (i32.const 2)) (then
                    (local.set $end (i32.add (local.get $end) (i32.const 1)))
                    (br $forth)))
                  (br_if $ask (i32.gt_u (i32.sub (i32.sub (local.get $end) (local.get $label)) (i32.const 1)) (i32.const 62)))
                  (br_if $ask (i32.eq (i32.load8_u (local.get $label)) (i32.const 45)))
                  (br_if $ask (i32.eq (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 45)))
                  (br_if $domain (i32.ne (local.get $byte) (i32.const 46)))
                  (local.set $dots (i32.add (local.get $dots) (i32.const 1)))
                  (local.set $second (local.get $label))
                  (local.set $end (i32.add (local.get $end) (i32.const 1)))
                  (local.set $label (local.get $end))
                  (br $forth)))
              (local.set $last (local.get $byte))))
          (br_if $ask (i32.gt_u (i32.sub (local.get $dots) (i32.const 1)) (i32.const 7)))
          (br_if $ask (i32.ge_u (local.get $end) (local.get $hi)))
          (br_if $ask (i32.and (i32.load8_u offset=256 (local.get $last)) (i32.const 8)))
          (br_if $ask (i32.gt_u (i32.sub (i32.sub (local.get $end) (local.get $label)) (i32.const 2)) (i32.const 6)))
          (br_if $ask (i32.gt_u (i32.sub (local.get $end) (local.get $start)) (i32.const 254)))
          (br_if $ask (i32.eqz (call $has (i32.const 2048) (i64.const 12)
            (call $key (i32.add (local.get $folded) (local.get $label)) (i32.add (local.get $folded) (local.get $end))))))
          (br_if $ask (call $has (i32.const 1024) (i64.const 6)
            (call $key (i32.add (local.get $folded) (local.get $second))
                       (i32.add (local.get $folded) (i32.sub (local.get $label) (i32.const 1))))))
          (br_if $ask (call $has (i32.const 512) (i64.const 6)
            (call $key (i32.add (local.get $folded) (local.get $start)) (i32.add (local.get $folded) (local.get $at)))))
          (call $hash (i32.add (local.get $folded) (local.get $start)) (i32.add (local.get $folded) (local.get $end)))
          (call $write (local.get $out) (local.get $start) (local.get $end)
            (i32.or (i32.const 3) (call $alone (local.get $start) (local.get $end))))
          (local.set $done (local.get $end))
          (local.set $at (i32.const 0)))
        (if (local.get $at) (then (call $write (local.get $out) (local.get $at) (local.get $at) (i32.const 1))))
        (local.set $out (i32.add (local.get $out) (i32.const 20)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $next))))

  ;; Which of 16 bytes may stand in a local part: by the lower half of a byte the upper halves with which it may, a bit for each.
  (func $inLocal (param $bytes v128) (result i32)
    (call $classed (local.get $bytes) (v128.const i8x16 0xa8 0xf8 0xf8 0xfc 0xf8 0xfc 0xfc 0xfc 0xf8 0xf8 0xf0 0x54 0x50 0x54 0xd4 0x70)))

  ;; The same for a label of a domain.
  (func $inLabel (param $bytes v128) (result i32)
    (call $classed (local.get $bytes) (v128.const i8x16 0xa8 0xf8 0xf8 0xf8 0xf8 0xf8 0xf8 0xf8 0xf8 0xf8 0xf0 0x50 0x50 0x54 0x50 0x50)))

  (func $classed (param $bytes v128) (param $classes v128) (result i32)
    (i8x16.bitmask (i8x16.ne (v128.const i32x4 0 0 0 0) (v128.and
      (i8x16.swizzle (local.get $classes) (v128.and (local.get $bytes) (i8x16.splat (i32.const 15))))
      (i8x16.swizzle (v128.const i8x16 0x01 0x02 0x04 0x08 0x10 0x20 0x40 0x80 0 0 0 0 0 0 0 0)
        (i8x16.shr_u (local.get $bytes) (i32.const 4)))))))

  ;; Which of 32 bytes are `byte`.
  (func $mask (param $bytes v128) (param $behind v128) (param $byte i32) (result i32)
    (i32.or (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $byte))))
      (i32.shl (i8x16.bitmask (i8x16.eq (local.get $behind) (i8x16.splat (local.get $byte)))) (i32.const 16))))

  (func $hasPair (param $mask i32) (result i32)
    (i32.and (local.get $mask) (i32.shl (local.get $mask) (i32.const 1))))

  ;; Copies [at, end) to `distance` behind, ASCII letters in lower case. Writes up to 15 bytes more.
  (func $fold (param $at i32) (param $end i32) (param $distance i32)
    (local $bytes v128)
    (loop $next
      (local.set $bytes (v128.load (local.get $at)))
      (v128.store (i32.add (local.get $at) (local.get $distance))
        (v128.or (local.get $bytes)
          (v128.and (i8x16.splat (i32.const 32))
            (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 65))) (i8x16.splat (i32.const 26))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end)))))

  ;; How many of the 16 bytes at `at` are digits before the first that is none.
  (func $digits (param $at i32) (result i32)
    (i32.ctz (i32.xor (i32.const 0x1ffff) (i8x16.bitmask
      (i8x16.lt_u (i8x16.sub (v128.load (local.get $at)) (i8x16.splat (i32.const 48))) (i8x16.splat (i32.const 10)))))))

  (func $isDigit (param $byte i32) (result i32)
    (i32.lt_u (i32.sub (local.get $byte) (i32.const 48)) (i32.const 10)))

  ;; As `mailboxes`, for runs of 16 to 19 digits around each address of the list.
  (func (export "cards") (param $list i32) (param $listEnd i32) (param $out i32) (param $lo i32) (param $hi i32)
    (local $at i32) (local $start i32) (local $end i32) (local $length i32) (local $byte i32) (local $range i32)
    (local $verdict i32) (local $done i32)
    (local.set $done (local.get $lo))
    (block $all
      (loop $next
        (br_if $all (i32.ge_u (local.get $list) (local.get $listEnd)))
        (local.set $at (i32.load (local.get $list)))
        (block $written
          (if (i32.lt_u (local.get $at) (local.get $done)) (then
            (call $write (local.get $out) (local.get $at) (local.get $at) (i32.const 0))
            (br $written)))
          (block $ask
            (br_if $ask (i32.eqz (call $isDigit (i32.load8_u (local.get $at)))))
            (local.set $start (local.get $at))
            (block $edge
              (loop $back
                (local.set $byte (i32.load8_u (i32.sub (local.get $start) (i32.const 1))))
                (br_if $edge (i32.eqz (call $isDigit (local.get $byte))))
                (local.set $start (i32.sub (local.get $start) (i32.const 1)))
                (br_if $ask (i32.gt_u (i32.sub (local.get $at) (local.get $start)) (i32.const 18)))
                (br $back)))
            (br_if $ask (i32.le_u (local.get $start) (local.get $lo)))
            (br_if $ask (call $touches (local.get $byte)))
            ;; Sixteen digits, and those behind them.
            (br_if $ask (i32.ne (call $digits (local.get $start)) (i32.const 16)))
            (local.set $length (call $digits (i32.add (local.get $start) (i32.const 16))))
            (br_if $ask (i32.gt_u (local.get $length) (i32.const 3)))
            (local.set $end (i32.add (local.get $start) (i32.add (local.get $length) (i32.const 16))))
            (br_if $ask (i32.ge_u (local.get $end) (local.get $hi)))
            (br_if $ask (call $touches (i32.load8_u (local.get $end))))
            (local.set $range (i32.load8_u offset=34816 (i32.add
              (i32.mul (local.get $length) (i32.const 10000))
              (call $number (local.get $start) (i32.add (local.get $start) (i32.const 4))))))
            (if (i32.and (local.get $range) (i32.const 2)) (then
              (br_if $ask (call $isListed (call $number64 (local.get $start) (local.get $end))))))
            (local.set $verdict (i32.add (i32.const 2)
              (i32.and (local.get $range) (i32.eqz (i32.rem_u (call $luhn (local.get $start) (local.get $end)) (i32.const 10))))))
            (call $hash (local.get $start) (local.get $end))
            (call $write (local.get $out) (local.get $start) (local.get $end)
              (i32.or (local.get $verdict) (call $alone (local.get $start) (local.get $end))))
            (local.set $done (local.get $end))
            (br $written))
          (call $write (local.get $out) (local.get $at) (local.get $at) (i32.const 1)))
        (local.set $out (i32.add (local.get $out) (i32.const 20)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $next))))

  ;; Whether a byte beside digits makes them part of more: a word character, or one that joins numbers.
  (func $touches (param $byte i32) (result i32)
    (i32.or (i32.and (i32.load8_u offset=256 (local.get $byte)) (i32.const 8))
      (i32.or (i32.eq (local.get $byte) (i32.const 32))
        (i32.and (i32.ge_u (local.get $byte) (i32.const 40)) (i32.le_u (local.get $byte) (i32.const 47))))))

  ;; The sum of ISO/IEC 7812-1 annex B over at least 16 digits: every second digit from the right doubled.
  (func $luhn (param $start i32) (param $end i32) (result i32)
    (local $digits v128) (local $at i32) (local $sum i32) (local $digit i32) (local $isDoubled i32)
    (local.set $at (i32.sub (local.get $end) (i32.const 16)))
    (local.set $digits (i8x16.sub (v128.load (local.get $at)) (i8x16.splat (i32.const 48))))
    (local.set $digits (i8x16.add (local.get $digits)
      (v128.and (local.get $digits) (v128.const i16x8 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff))))
    (local.set $digits (i8x16.sub (local.get $digits)
      (v128.and (i8x16.gt_u (local.get $digits) (i8x16.splat (i32.const 9))) (i8x16.splat (i32.const 9)))))
    (local.set $digits (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $digits))))
    (local.set $sum (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $digits)) (i32x4.extract_lane 1 (local.get $digits)))
      (i32.add (i32x4.extract_lane 2 (local.get $digits)) (i32x4.extract_lane 3 (local.get $digits)))))
    (block $done
      (loop $next
        (br_if $done (i32.le_u (local.get $at) (local.get $start)))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (local.set $digit (i32.shl (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)) (local.get $isDoubled)))
        (local.set $sum (i32.add (local.get $sum)
          (i32.sub (local.get $digit) (i32.mul (i32.gt_u (local.get $digit) (i32.const 9)) (i32.const 9)))))
        (local.set $isDoubled (i32.eqz (local.get $isDoubled)))
        (br $next)))
    (local.get $sum))

  (func $number (param $at i32) (param $end i32) (result i32)
    (i32.wrap_i64 (call $number64 (local.get $at) (local.get $end))))

  (func $number64 (param $at i32) (param $end i32) (result i64)
    (local $number i64)
    (loop $next
      (local.set $number (i64.add (i64.mul (local.get $number) (i64.const 10))
                                  (i64.extend_i32_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.get $number))

  (func $isListed (param $number i64) (result i32)
    (local $at i32) (local $left i32)
    (local.set $at (i32.const 74816))
    (local.set $left (i32.load (i32.const 75328)))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $left)))
        (if (i64.eq (i64.load (local.get $at)) (local.get $number)) (then (return (i32.const 1))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i32.const 0)))
