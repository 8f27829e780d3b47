;; Runs of twelve or more letters, digits, `_` and `-` that hold a digit, where the table of issuers may know something:
;; one of its beginnings stands where a name may end, or one of its words or an address stands near. A run that is left
;; out is none for the table; one that is written may be none. 64 bytes at a time, in one bit each.
;;
;; memory  256      class of each byte: 1 letter or digit, 2 of a run, 4 of what a value may begin with before its run,
;;                  8 visible but for quotes, brackets and commas; 16 to 64 kind: digit 1, upper 2, other 3, sign 4
;;         512      1 for the bytes behind which digits alone are nothing
;;         768      three letters each that say credential, then a zero
;;         1024     by which of eight bytes are letters or digits, their places; 8 bytes each
;;         3200     up to 96 letters and digits near a run, in lower case, at least 48 bytes behind others
;;         3392     what is before each: 0 nothing, 1 a new part of the name, 2 a new name
;;         4096     bits by hash of the beginnings' first three bytes, 2^17
;;         20,480   bits by hash of the beginnings' first bytes, eight at most, 2^17
;;         36,864   bits by hash of the words' first four letters, 2^17
;;         53,248   bits by hash of the last four letters of what stands before values, and the first three and a mark, 2^17
;;         69,632   two bits of an i32 by hash of each word, 2^13
;;         102,400  the text
;;
;; Addresses are not checked here: the caller sizes the memory (token-runs.ts).
(module
  (memory (import "env" "memory") 1)
  (global $from (mut i32) (i32.const 0))
  (global $to (mut i32) (i32.const 0))
  (global $out (mut i32) (i32.const 0))

  ;; Writes the runs that end in (begin, end] and start in [from, to), of a text that is known from `at` on: triples of
  ;; i32 (where the run starts, behind its end, 1 for a beginning and 2 for a word). Answers where the triples end.
  (func (export "runs") (param $at i32) (param $begin i32) (param $end i32) (param $from i32) (param $to i32) (param $out i32)
    (result i32)
    (local $core i64) (local $digits i64) (local $sum i64) (local $carry i64) (local $found i64)
    (local $two i64) (local $four i64) (local $eight i64) (local $long i64)
    (local $core0 i64) (local $two0 i64) (local $four0 i64) (local $long0 i64)
    (local $c0 i32) (local $c1 i32) (local $c2 i32) (local $c3 i32) (local $d0 i32) (local $d1 i32) (local $d2 i32) (local $d3 i32)
    (local $low i32) (local $bytes v128) (local $digit v128)
    (local $zero v128) (local $nine v128) (local $fold v128) (local $a v128) (local $z v128)
    (local $underscore v128) (local $dash v128)
    (local.set $zero (i8x16.splat (i32.const 48)))
    (local.set $nine (i8x16.splat (i32.const 9)))
    (local.set $fold (i8x16.splat (i32.const 32)))
    (local.set $a (i8x16.splat (i32.const 97)))
    (local.set $z (i8x16.splat (i32.const 25)))
    (local.set $underscore (i8x16.splat (i32.const 95)))
    (local.set $dash (i8x16.splat (i32.const 45)))
    (global.set $from (local.get $from))
    (global.set $to (local.get $to))
    (global.set $out (local.get $out))
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load offset=0 (local.get $at)))
        (local.set $digit (i8x16.le_u (i8x16.sub (local.get $bytes) (local.get $zero)) (local.get $nine)))
        (local.set $d0 (i8x16.bitmask (local.get $digit)))
        (local.set $c0 (i8x16.bitmask (v128.or
          (v128.or (local.get $digit)
            (i8x16.le_u (i8x16.sub (v128.or (local.get $bytes) (local.get $fold)) (local.get $a)) (local.get $z)))
          (v128.or
            (i8x16.eq (local.get $bytes) (local.get $underscore))
            (i8x16.eq (local.get $bytes) (local.get $dash))))))
        (local.set $bytes (v128.load offset=16 (local.get $at)))
        (local.set $digit (i8x16.le_u (i8x16.sub (local.get $bytes) (local.get $zero)) (local.get $nine)))
        (local.set $d1 (i8x16.bitmask (local.get $digit)))
        (local.set $c1 (i8x16.bitmask (v128.or
          (v128.or (local.get $digit)
            (i8x16.le_u (i8x16.sub (v128.or (local.get $bytes) (local.get $fold)) (local.get $a)) (local.get $z)))
          (v128.or
            (i8x16.eq (local.get $bytes) (local.get $underscore))
            (i8x16.eq (local.get $bytes) (local.get $dash))))))
        (local.set $bytes (v128.load offset=32 (local.get $at)))
        (local.set $digit (i8x16.le_u (i8x16.sub (local.get $bytes) (local.get $zero)) (local.get $nine)))
        (local.set $d2 (i8x16.bitmask (local.get $digit)))
        (local.set $c2 (i8x16.bitmask (v128.or
          (v128.or (local.get $digit)
            (i8x16.le_u (i8x16.sub (v128.or (local.get $bytes) (local.get $fold)) (local.get $a)) (local.get $z)))
          (v128.or
            (i8x16.eq (local.get $bytes) (local.get $underscore))
            (i8x16.eq (local.get $bytes) (local.get $dash))))))
        (local.set $bytes (v128.load offset=48 (local.get $at)))
        (local.set $digit (i8x16.le_u (i8x16.sub (local.get $bytes) (local.get $zero)) (local.get $nine)))
        (local.set $d3 (i8x16.bitmask (local.get $digit)))
        (local.set $c3 (i8x16.bitmask (v128.or
          (v128.or (local.get $digit)
            (i8x16.le_u (i8x16.sub (v128.or (local.get $bytes) (local.get $fold)) (local.get $a)) (local.get $z)))
          (v128.or
            (i8x16.eq (local.get $bytes) (local.get $underscore))
            (i8x16.eq (local.get $bytes) (local.get $dash))))))
        (local.set $core (i64.or
          (i64.extend_i32_u (i32.or (local.get $c0) (i32.shl (local.get $c1) (i32.const 16))))
          (i64.shl (i64.extend_i32_u (i32.or (local.get $c2) (i32.shl (local.get $c3) (i32.const 16)))) (i64.const 32))))
        (local.set $digits (i64.or
          (i64.extend_i32_u (i32.or (local.get $d0) (i32.shl (local.get $d1) (i32.const 16))))
          (i64.shl (i64.extend_i32_u (i32.or (local.get $d2) (i32.shl (local.get $d3) (i32.const 16)))) (i64.const 32))))
        ;; Adding the digits to the runs carries a bit behind the end of each run that holds one.
        (local.set $sum (i64.add (i64.add (local.get $core) (local.get $digits)) (local.get $carry)))
        (local.set $carry (i64.shr_u
          (i64.or (local.get $digits) (i64.and (local.get $core) (i64.xor (local.get $sum) (i64.const -1))))
          (i64.const 63)))
        ;; Bytes that have one, three, seven and eleven of a run before them.
        (local.set $two (i64.and (local.get $core)
          (i64.or (i64.shl (local.get $core) (i64.const 1)) (i64.shr_u (local.get $core0) (i64.const 63)))))
        (local.set $four (i64.and (local.get $two)
          (i64.or (i64.shl (local.get $two) (i64.const 2)) (i64.shr_u (local.get $two0) (i64.const 62)))))
        (local.set $eight (i64.and (local.get $four)
          (i64.or (i64.shl (local.get $four) (i64.const 4)) (i64.shr_u (local.get $four0) (i64.const 60)))))
        (local.set $long (i64.and (local.get $eight)
          (i64.or (i64.shl (local.get $four) (i64.const 8)) (i64.shr_u (local.get $four0) (i64.const 56)))))
        (local.set $found (i64.and
          (i64.and (local.get $sum) (i64.xor (local.get $core) (i64.const -1)))
          (i64.or (i64.shl (local.get $long) (i64.const 1)) (i64.shr_u (local.get $long0) (i64.const 63)))))
        (local.set $core0 (local.get $core))
        (local.set $two0 (local.get $two))
        (local.set $four0 (local.get $four))
        (local.set $long0 (local.get $long))
        (block $none
          (loop $more
            (br_if $none (i64.eqz (local.get $found)))
            (local.set $low (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $found)))))
            (local.set $found (i64.and (local.get $found) (i64.sub (local.get $found) (i64.const 1))))
            (if (i32.and (i32.gt_u (local.get $low) (local.get $begin)) (i32.le_u (local.get $low) (local.get $end)))
              (then (call $judge (local.get $low))))
            (br $more)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (global.get $out))

  ;; Writes the run that ends before `end` unless the table knows nothing of it.
  (func $judge (param $end i32)
    (local $start i32) (local $class i32) (local $kind i32) (local $before i32)
    (local $changes i32) (local $digits i32) (local $lead i32) (local $hint i32)
    (local.set $start (local.get $end))
    (block $begun
      (loop $back
        (local.set $class (i32.load8_u offset=256 (i32.load8_u (i32.sub (local.get $start) (i32.const 1)))))
        (br_if $begun (i32.eqz (i32.and (local.get $class) (i32.const 2))))
        (local.set $start (i32.sub (local.get $start) (i32.const 1)))
        (local.set $kind (i32.shr_u (local.get $class) (i32.const 4)))
        (local.set $digits (i32.add (local.get $digits) (i32.eq (local.get $kind) (i32.const 1))))
        (local.set $changes (i32.add (local.get $changes) (i32.ne (local.get $kind) (local.get $before))))
        (local.set $before (local.get $kind))
        (br_if $back (i32.le_u (i32.sub (local.get $end) (local.get $start)) (i32.const 1024)))
        (return)))
    (if (i32.or
          (i32.or (i32.lt_s (local.get $start) (global.get $from)) (i32.ge_s (local.get $start) (global.get $to)))
          (i32.and
            (i32.eq (local.get $digits) (i32.sub (local.get $end) (local.get $start)))
            (i32.load8_u offset=512 (i32.load8_u (i32.sub (local.get $start) (i32.const 1))))))
      (then (return)))
    (local.set $lead (call $lead (local.get $start) (i32.const 4)))
    (local.set $hint (call $begins (local.get $lead) (i32.sub (local.get $end) (i32.const 2))))
    (if (i32.and
          (i32.ge_u (local.get $digits) (i32.const 2))
          (i32.gt_u (i32.mul (local.get $changes) (i32.const 6)) (i32.sub (local.get $end) (local.get $start))))
      (then
        (if (call $near (local.get $start) (local.get $lead) (local.get $end))
          (then (local.set $hint (i32.or (local.get $hint) (i32.const 2)))))))
    (if (local.get $hint)
      (then
        (i32.store (global.get $out) (local.get $start))
        (i32.store offset=4 (global.get $out) (local.get $end))
        (i32.store offset=8 (global.get $out) (local.get $hint))
        (global.set $out (i32.add (global.get $out) (i32.const 12))))))

  ;; Whether a word or address tells something of a run, whichever of the bytes before it belong to its value.
  (func $near (param $start i32) (param $lead i32) (param $end i32) (result i32)
    (local $far i32) (local $address i32)
    (local.set $address (call $address (local.get $end)))
    (local.set $far (call $lead (local.get $start) (i32.const 8)))
    (if (call $word (local.get $far) (local.get $address)) (then (return (i32.const 1))))
    (if (i32.ne (local.get $lead) (local.get $far))
      (then (if (call $word (local.get $lead) (local.get $address)) (then (return (i32.const 1))))))
    (if (i32.eq (local.get $start) (local.get $lead)) (then (return (i32.const 0))))
    (call $word (local.get $start) (local.get $address)))

  ;; Where a value begins that goes on before its run in bytes of a class: 128 bytes at most, and with no sign alone.
  (func $lead (param $start i32) (param $class i32) (result i32)
    (local $at i32) (local $stop i32)
    (local.set $at (local.get $start))
    (local.set $stop (i32.sub (local.get $start) (i32.const 128)))
    (block $stopped
      (loop $back
        (br_if $stopped (i32.le_u (local.get $at) (local.get $stop)))
        (br_if $stopped (i32.eqz (i32.and (local.get $class)
          (i32.load8_u offset=256 (i32.load8_u (i32.sub (local.get $at) (i32.const 1)))))))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (br $back)))
    (block $stopped
      (loop $sign
        (br_if $stopped (i32.ge_u (local.get $at) (local.get $start)))
        (br_if $stopped (i32.and (i32.const 1) (i32.load8_u offset=256 (i32.load8_u (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $sign)))
    (local.get $at))

  ;; Whether the bit of eight bytes is set.
  (func $has (param $bits i32) (param $text i64) (result i32)
    (local $hash i32)
    (local.set $hash (i32.shr_u
      (i32.add
        (i32.mul (i32.wrap_i64 (local.get $text)) (i32.const 0x9E3779B1))
        (i32.mul (i32.wrap_i64 (i64.shr_u (local.get $text) (i64.const 32))) (i32.const 0x85EBCA77)))
      (i32.const 15)))
    (i32.and (i32.const 1) (i32.shr_u
      (i32.load8_u (i32.add (local.get $bits) (i32.shr_u (local.get $hash) (i32.const 3))))
      (i32.and (local.get $hash) (i32.const 7)))))

  ;; 1 when one of the beginnings may stand at a byte of [at, end) where a name may end, or at the first.
  (func $begins (param $at i32) (param $end i32) (result i32)
    (local $places i32)
    (local.set $places (i32.const 1))
    (loop $next
      (local.set $places (i32.or (local.get $places)
        (i32.xor (i32.const 0xffff)
          (i8x16.bitmask (call $alnum (v128.load (i32.sub (local.get $at) (i32.const 1))))))))
      (block $none
        (loop $place
          (br_if $none (i32.eqz (local.get $places)))
          (br_if $none (i32.ge_u (i32.add (local.get $at) (i32.ctz (local.get $places))) (local.get $end)))
          (if (call $beginning (i32.add (local.get $at) (i32.ctz (local.get $places)))) (then (return (i32.const 1))))
          (local.set $places (i32.and (local.get $places) (i32.sub (local.get $places) (i32.const 1))))
          (br $place)))
      (local.set $places (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (i32.const 0))

  ;; 1 when one of the beginnings may stand at a byte.
  (func $beginning (param $at i32) (result i32)
    (local $text i64) (local $rest i64)
    (local.set $text (i64.load (local.get $at)))
    (if (i32.eqz (call $has (i32.const 4096) (i64.and (local.get $text) (i64.const 0xffffff)))) (then (return (i32.const 0))))
    (local.set $rest (i64.const 40))
    (loop $longer
      (if (call $has (i32.const 20480) (i64.shr_u (i64.shl (local.get $text) (local.get $rest)) (local.get $rest))) (then (return (i32.const 1))))
      (local.set $rest (i64.sub (local.get $rest) (i64.const 8)))
      (br_if $longer (i64.ge_s (local.get $rest) (i64.const 0))))
    (i32.const 0))

  ;; Whether `://` begins in the 64 bytes behind a run.
  (func $address (param $at i32) (result i32)
    (local $stop i32)
    (local.set $stop (i32.add (local.get $at) (i32.const 64)))
    (loop $next
      (if (i8x16.bitmask (v128.and
            (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 58)))
            (v128.and
              (i8x16.eq (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 47)))
              (i8x16.eq (v128.load offset=2 (local.get $at)) (i8x16.splat (i32.const 47))))))
        (then (return (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $stop))))
    (i32.const 0))

  ;; Whether a word may stand in the 96 bytes before a place where a value may begin, with what names it a credential; or
  ;; only that, when an address stands behind the value.
  (func $word (param $place i32) (param $address i32) (result i32)
    (local $at i32) (local $count i32) (local $bits i32) (local $first i32) (local $said i32) (local $ends i32)
    (local.set $count (call $letters (local.get $place)))
    (local.set $said (call $says (local.get $count)))
    (if (i32.and (i32.ne (local.get $said) (i32.const 0)) (local.get $address)) (then (return (i32.const 1))))
    (local.set $ends (call $ends (local.get $count)))
    (if (i32.eqz (i32.or (local.get $said) (local.get $ends))) (then (return (i32.const 0))))
    (loop $next
      (local.set $bits (i32.and
        (i32.xor
          (i8x16.bitmask (i8x16.eq (v128.load offset=3392 (local.get $at)) (i8x16.splat (i32.const 0))))
          (i32.const 0xffff))
        (select
          (i32.const 0xffff)
          (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $count) (local.get $at))) (i32.const 1))
          (i32.ge_s (i32.sub (local.get $count) (local.get $at)) (i32.const 16)))))
      (block $none
        (loop $begin
          (br_if $none (i32.eqz (local.get $bits)))
          (local.set $first (i32.add (local.get $at) (i32.ctz (local.get $bits))))
          (if (call $has (i32.const 36864) (i64.load32_u offset=3200 (local.get $first)))
            (then
              (if (call $whole (local.get $first) (local.get $count) (local.get $said) (local.get $ends))
                (then (return (i32.const 1))))))
          (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
          (br $begin)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $count))))
    (i32.const 0))

  ;; Reads the letters and digits of the 96 bytes before a place, and what is before each; answers how many.
  (func $letters (param $place i32) (result i32)
    (local $at i32) (local $count i32) (local $mask i32)
    (local $bytes v128) (local $one v128) (local $upper v128) (local $order v128)
    (local.set $at (i32.sub (local.get $place) (i32.const 96)))
    (loop $next
      (local.set $bytes (v128.load64_zero (local.get $at)))
      (local.set $one (v128.load64_zero (i32.sub (local.get $at) (i32.const 1))))
      (local.set $mask (i32.and (i8x16.bitmask (call $alnum (local.get $bytes))) (i32.const 255)))
      (local.set $order (v128.load64_zero offset=1024 (i32.shl (local.get $mask) (i32.const 3))))
      (local.set $upper (call $range (local.get $bytes) (i32.const 65) (i32.const 25)))
      (v128.store64_lane offset=3200 0 (local.get $count)
        (i8x16.swizzle
          (v128.or (local.get $bytes) (v128.and (local.get $upper) (i8x16.splat (i32.const 32))))
          (local.get $order)))
      (v128.store64_lane offset=3392 0 (local.get $count)
        (i8x16.swizzle
          (v128.bitselect
            ;; A new part where a capital follows a small letter.
            (v128.and
              (i8x16.splat (i32.const 1))
              (v128.and (local.get $upper) (call $range (local.get $one) (i32.const 97) (i32.const 25))))
            ;; A new part behind one sign that joins, a new name behind two signs or another.
            (i8x16.add
              (i8x16.splat (i32.const 2))
              (v128.and
                (call $joins (local.get $one))
                (call $alnum (v128.load64_zero (i32.sub (local.get $at) (i32.const 2))))))
            (call $alnum (local.get $one)))
          (local.get $order)))
      (local.set $count (i32.add (local.get $count) (i32.popcnt (local.get $mask))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $place))))
    ;; Nothing goes on to the first or behind the last.
    (i32.store8 offset=3392 (i32.const 0) (i32.const 2))
    (i32.store offset=3200 (local.get $count) (i32.const 0))
    (i32.store8 offset=3392 (local.get $count) (i32.const 2))
    (local.get $count))

  (func $range (param $bytes v128) (param $first i32) (param $more i32) (result v128)
    (i8x16.le_u (i8x16.sub (local.get $bytes) (i8x16.splat (local.get $first))) (i8x16.splat (local.get $more))))

  (func $alnum (param $bytes v128) (result v128)
    (v128.or
      (call $range (local.get $bytes) (i32.const 48) (i32.const 9))
      (call $range (v128.or (local.get $bytes) (i8x16.splat (i32.const 32))) (i32.const 97) (i32.const 25))))

  ;; Which bytes join the parts of a name: space, `-`, `.` and `_`.
  (func $joins (param $bytes v128) (result v128)
    (v128.or
      (v128.or
        (call $range (local.get $bytes) (i32.const 45) (i32.const 1))
        (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 32))))
      (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 95)))))

  ;; Whether the letters end with a word of a credential or one of the words: the last four of it, or all of a shorter one.
  (func $ends (param $count i32) (result i32)
    (local $last i64) (local $skip i64)
    (local.set $last (i64.load32_u offset=3196 (local.get $count)))
    (loop $less
      (if (call $has (i32.const 53248) (i64.shr_u (local.get $last) (local.get $skip))) (then (return (i32.const 1))))
      (local.set $skip (i64.add (local.get $skip) (i64.const 8)))
      (br_if $less (i64.lt_u (local.get $skip) (i64.const 32))))
    (i32.const 0))

  ;; Where the last of what says credential begins among the last 48 letters, as far as three letters tell, plus one; 0: nowhere.
  (func $says (param $count i32) (result i32)
    (local $at i32) (local $one v128) (local $two v128) (local $three v128) (local $places i64)
    (local $found0 v128) (local $found1 v128) (local $found2 v128)
    (local.set $at (i32.const 768))
    (loop $next
      (local.set $one (v128.load8_splat (local.get $at)))
      (local.set $two (v128.load8_splat offset=1 (local.get $at)))
      (local.set $three (v128.load8_splat offset=2 (local.get $at)))
      (local.set $found0 (v128.or (local.get $found0) (v128.and
        (i8x16.eq (v128.load offset=3152 (local.get $count)) (local.get $one))
        (v128.and
          (i8x16.eq (v128.load offset=3153 (local.get $count)) (local.get $two))
          (i8x16.eq (v128.load offset=3154 (local.get $count)) (local.get $three))))))
      (local.set $found1 (v128.or (local.get $found1) (v128.and
        (i8x16.eq (v128.load offset=3168 (local.get $count)) (local.get $one))
        (v128.and
          (i8x16.eq (v128.load offset=3169 (local.get $count)) (local.get $two))
          (i8x16.eq (v128.load offset=3170 (local.get $count)) (local.get $three))))))
      (local.set $found2 (v128.or (local.get $found2) (v128.and
        (i8x16.eq (v128.load offset=3184 (local.get $count)) (local.get $one))
        (v128.and
          (i8x16.eq (v128.load offset=3185 (local.get $count)) (local.get $two))
          (i8x16.eq (v128.load offset=3186 (local.get $count)) (local.get $three))))))
      (local.set $at (i32.add (local.get $at) (i32.const 3)))
      (br_if $next (i32.load8_u (local.get $at))))
    (local.set $places (i64.or
      (i64.extend_i32_u (i32.or
        (i8x16.bitmask (local.get $found0))
        (i32.shl (i8x16.bitmask (local.get $found1)) (i32.const 16))))
      (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $found2))) (i64.const 32))))
    (local.set $at (i32.sub
      (i32.add (local.get $count) (i32.const 16))
      (i32.wrap_i64 (i64.clz (local.get $places)))))
    (select (local.get $at) (i32.const 0)
      (i32.and (i64.ne (local.get $places) (i64.const 0)) (i32.gt_s (local.get $at) (i32.const 0)))))

  ;; Whether one of the words may begin at a letter, end where a name may end, and what is between it and the value name
  ;; a credential. Longer words may have the word of a credential glued on.
  (func $whole (param $at i32) (param $count i32) (param $said i32) (param $ends i32) (result i32)
    (local $hash i32) (local $size i32) (local $mark i32) (local $bits i32)
    (block $no
      (loop $next
        (local.set $hash (i32.add
          (i32.mul (local.get $hash) (i32.const 31))
          (i32.load8_u offset=3200 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $size (i32.add (local.get $size) (i32.const 1)))
        (local.set $mark (i32.load8_u offset=3392 (local.get $at)))
        (if (i32.or
              (i32.ge_u (local.get $size) (i32.const 5))
              (i32.and (i32.ge_u (local.get $size) (i32.const 3)) (i32.ne (local.get $mark) (i32.const 0))))
          (then
            (local.set $bits (i32.mul (local.get $hash) (i32.const 0x9E3779B1)))
            (if (i32.eqz (i32.and
                  (i32.xor (i32.const -1)
                    (i32.load offset=69632 (i32.shl (i32.shr_u (local.get $bits) (i32.const 19)) (i32.const 2))))
                  (i32.or
                    (i32.shl (i32.const 1) (i32.and (i32.shr_u (local.get $bits) (i32.const 14)) (i32.const 31)))
                    (i32.shl (i32.const 1) (i32.and (i32.shr_u (local.get $bits) (i32.const 9)) (i32.const 31))))))
              (then
                (if (i32.or (i32.gt_u (local.get $said) (local.get $at)) (i32.eq (local.get $at) (local.get $count)))
                  (then (if (local.get $mark) (then (return (i32.const 1))))))
                (if (i32.or (i32.gt_u (local.get $said) (local.get $at)) (local.get $ends))
                  (then (if (call $goes (local.get $at)) (then (return (i32.const 1))))))))))
        (br_if $no (i32.eq (local.get $mark) (i32.const 2)))
        (br_if $next (i32.lt_u (local.get $size) (i32.const 24)))))
    (i32.const 0))

  ;; Whether a word of a credential may begin at a letter: its first three, or all of a shorter one.
  (func $goes (param $at i32) (result i32)
    (local $text i64) (local $rest i64)
    (local.set $text (i64.load32_u offset=3200 (local.get $at)))
    (local.set $rest (i64.const 40))
    (loop $less
      (if (call $has (i32.const 53248) (i64.or
            (i64.const 0x100000000)
            (i64.shr_u (i64.shl (local.get $text) (local.get $rest)) (local.get $rest))))
        (then (return (i32.const 1))))
      (local.set $rest (i64.add (local.get $rest) (i64.const 8)))
      (br_if $less (i64.lt_u (local.get $rest) (i64.const 64))))
    (i32.const 0))
)
