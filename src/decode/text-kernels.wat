;; Loops over decoded and encoded text, sixteen bytes at a time.
;;
;; memory  0    i32, i32: where `unescape` stopped in input and output
;;         256  a byte for each byte after a backslash: what it stands for, 0 when it is no simple escape (RFC 8259, 7)
;;         512  a byte for each byte: the value of a hexadecimal digit, -1 for others
;;         768  a byte for each byte: 1 when it may stand between the start of a string and the first quote of JSON in it
;;         1024 a byte for each byte: 1 when a quote behind it cannot be the first one of JSON: neither such a byte nor a quote
;;
;; Addresses are not checked here: the caller sizes the memory (text-kernels.ts).
(module
  (memory (import "env" "memory") 1)

  ;; How many of the bytes [at, end) are `byte`.
  (func (export "count") (param $at i32) (param $end i32) (param $byte i32) (result i32)
    (local $count i32)
    (local $wanted v128)
    (local.set $wanted (i8x16.splat (local.get $byte)))
    (block $short
      (loop $next
        (br_if $short (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        (local.set $count (i32.add (local.get $count)
          (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $wanted))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $count (i32.add (local.get $count) (i32.eq (i32.load8_u (local.get $at)) (local.get $byte))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $count))

  ;; Undoes JSON escapes of [in, end) to [out, limit), with 16 bytes of slack behind both. Stops before an escape that it
  ;; leaves to the caller: one near the end, a broken one, a lone surrogate, an escaped quote that may be the first one of
  ;; JSON inside the string. At least 64 bytes before `in` are there to look back at. Only an escape writes beyond `limit`.
  (func (export "unescape") (param $in i32) (param $end i32) (param $out i32) (param $limit i32)
    (local $bytes v128) (local $behind v128) (local $run i32) (local $room i32) (local $next i32) (local $simple i32)
    (local $code i32) (local $low i32) (local $back i32) (local $isEscape i32)
    (block $stop
      (loop $more
        ;; 32 bytes or all up to an escape at a time, and that escape with them, without a branch that depends on
        ;; where it stands: one guessed wrong costs more than the rest. What takes more than that goes on below.
        (block $slow
          (loop $fast
            (br_if $slow (i32.or (i32.gt_u (i32.add (local.get $in) (i32.const 48)) (local.get $end))
                                 (i32.gt_u (i32.add (local.get $out) (i32.const 48)) (local.get $limit))))
            (local.set $bytes (v128.load (local.get $in)))
            (local.set $behind (v128.load offset=16 (local.get $in)))
            (v128.store (local.get $out) (local.get $bytes))
            (v128.store offset=16 (local.get $out) (local.get $behind))
            (local.set $run (i32.ctz (i32.or
              (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 92))))
              (i32.shl (i8x16.bitmask (i8x16.eq (local.get $behind) (i8x16.splat (i32.const 92)))) (i32.const 16)))))
            (local.set $isEscape (i32.lt_u (local.get $run) (i32.const 32)))
            (local.set $back (i32.add (local.get $in) (local.get $run)))
            (local.set $next (i32.load8_u offset=1 (local.get $back)))
            (local.set $simple (i32.load8_u offset=256 (local.get $next)))
            (br_if $slow (i32.and (local.get $isEscape) (i32.eqz (i32.and
              (i32.ne (local.get $simple) (i32.const 0))
              (i32.or (i32.ne (local.get $next) (i32.const 34))
                      (i32.load8_u offset=1024 (i32.load8_u (i32.sub (local.get $back) (i32.const 1)))))))))
            ;; Without an escape this byte is written over by what follows.
            (i32.store8 (i32.add (local.get $out) (local.get $run)) (local.get $simple))
            (local.set $in (i32.add (local.get $back) (i32.shl (local.get $isEscape) (i32.const 1))))
            (local.set $out (i32.add (i32.add (local.get $out) (local.get $run)) (local.get $isEscape)))
            (br $fast)))
        (br_if $stop (i32.or (i32.ge_u (local.get $in) (local.get $end)) (i32.ge_u (local.get $out) (local.get $limit))))
        (local.set $bytes (v128.load (local.get $in)))
        (v128.store (local.get $out) (local.get $bytes))
        ;; The bit above the mask stands for sixteen bytes without a backslash.
        (local.set $run (i32.ctz (i32.or (i32.const 0x10000)
          (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 92)))))))
        (local.set $room (i32.sub (local.get $limit) (local.get $out)))
        (local.set $run (select (local.get $run) (local.get $room) (i32.lt_u (local.get $run) (local.get $room))))
        (local.set $room (i32.sub (local.get $end) (local.get $in)))
        (local.set $run (select (local.get $run) (local.get $room) (i32.lt_u (local.get $run) (local.get $room))))
        (local.set $in (i32.add (local.get $in) (local.get $run)))
        (local.set $out (i32.add (local.get $out) (local.get $run)))
        (br_if $more (i32.eq (local.get $run) (i32.const 16)))
        (br_if $stop (i32.or (i32.gt_u (i32.add (local.get $in) (i32.const 12)) (local.get $end))
                             (i32.ge_u (local.get $out) (local.get $limit))))
        (local.set $next (i32.load8_u offset=1 (local.get $in)))
        (local.set $simple (i32.load8_u offset=256 (local.get $next)))
        (if (local.get $simple) (then
          (if (i32.eq (local.get $next) (i32.const 34)) (then
            ;; Back over what may stand before it, to the quote that starts the string.
            (local.set $back (i32.sub (local.get $in) (i32.const 1)))
            (block $seen
              (loop $look
                (br_if $seen (i32.le_u (local.get $back) (i32.sub (local.get $in) (i32.const 63))))
                (br_if $seen (i32.eqz (i32.load8_u offset=768 (i32.load8_u (local.get $back)))))
                (local.set $back (i32.sub (local.get $back) (i32.const 1)))
                (br $look)))
            (br_if $stop (i32.eq (i32.load8_u (local.get $back)) (i32.const 34)))))
          (i32.store8 (local.get $out) (local.get $simple))
          (local.set $out (i32.add (local.get $out) (i32.const 1)))
          (local.set $in (i32.add (local.get $in) (i32.const 2)))
          (br $more)))
        (br_if $stop (i32.ne (local.get $next) (i32.const 117)))
        (local.set $code (call $hex (i32.add (local.get $in) (i32.const 2))))
        (br_if $stop (i32.lt_s (local.get $code) (i32.const 0)))
        (if (i32.eq (i32.and (local.get $code) (i32.const 0xf800)) (i32.const 0xd800)) (then
          (br_if $stop (i32.ge_u (local.get $code) (i32.const 0xdc00)))
          (br_if $stop (i32.ne (i32.load16_u offset=6 (local.get $in)) (i32.const 0x755c)))
          (local.set $low (call $hex (i32.add (local.get $in) (i32.const 8))))
          (br_if $stop (i32.ne (i32.and (local.get $low) (i32.const 0xfffffc00)) (i32.const 0xdc00)))
          (local.set $code (i32.add (i32.const 0x10000) (i32.add
            (i32.shl (i32.sub (local.get $code) (i32.const 0xd800)) (i32.const 10))
            (i32.sub (local.get $low) (i32.const 0xdc00)))))
          (local.set $in (i32.add (local.get $in) (i32.const 6)))))
        (local.set $in (i32.add (local.get $in) (i32.const 6)))
        (local.set $out (call $utf8 (local.get $out) (local.get $code)))
        (br $more)))
    (i32.store (i32.const 0) (local.get $in))
    (i32.store offset=4 (i32.const 0) (local.get $out)))

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
