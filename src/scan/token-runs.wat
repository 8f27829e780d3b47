;; Runs of twelve or more letters, digits, `_` and `-` that hold a digit: where a credential without any word of its
;; own may stand. Sixteen bytes at a time; a block without an end of such a run costs no branch that is missed.
;;
;; memory  0       i32, i32: length of the run that is open at the end, and how many of it are digits
;;         1024    the block, a multiple of 16 bytes; out: pairs of i32 (address behind the run, its length, negative when
;;                 all of it is digits)
;;
;; Addresses are not checked here: the caller sizes the memory (token-runs.ts).
(module
  (memory (import "env" "memory") 1)

  ;; Answers the address behind the last pair. `run` and `digits` are those open before `at`.
  (func (export "runs")
    (param $at i32) (param $end i32) (param $run i32) (param $digits i32) (param $out i32) (result i32)
    (local $bytes v128) (local $digit v128) (local $core i32) (local $drawn i32) (local $gap i32) (local $lead i32)
    (local $long i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $digit (i8x16.lt_u
          (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 48)))
          (i8x16.splat (i32.const 10))))
        (local.set $drawn (i8x16.bitmask (local.get $digit)))
        (local.set $core (i8x16.bitmask (v128.or
          (v128.or
            (local.get $digit)
            (i8x16.lt_u
              (i8x16.sub (v128.or (local.get $bytes) (i8x16.splat (i32.const 32))) (i8x16.splat (i32.const 97)))
              (i8x16.splat (i32.const 26))))
          (v128.or
            (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 95)))
            (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 45)))))))
        (if (i32.eq (local.get $core) (i32.const 0xffff))
          (then
            (local.set $run (i32.add (local.get $run) (i32.const 16)))
            (local.set $digits (i32.add (local.get $digits) (i32.popcnt (local.get $drawn)))))
          (else
            ;; The open run ends here.
            (local.set $gap (i32.xor (local.get $core) (i32.const 0xffff)))
            (local.set $lead (i32.ctz (local.get $gap)))
            (local.set $run (i32.add (local.get $run) (local.get $lead)))
            (if (i32.ge_u (local.get $run) (i32.const 12)) (then
              (local.set $digits (i32.add (local.get $digits) (i32.popcnt
                (i32.and (local.get $drawn) (i32.sub (i32.shl (i32.const 1) (local.get $lead)) (i32.const 1))))))
              (if (local.get $digits)
                (then
                  (i32.store (local.get $out) (i32.add (local.get $at) (local.get $lead)))
                  (i32.store offset=4 (local.get $out) (call $signed (local.get $run) (local.get $digits)))
                  (local.set $out (i32.add (local.get $out) (i32.const 8)))))))
            ;; One within the block: bit n of `long` is set where twelve core bytes begin, so there is one at most.
            (local.set $long (i32.and (local.get $core) (i32.shr_u (local.get $core) (i32.const 1))))
            (local.set $long (i32.and (local.get $long) (i32.shr_u (local.get $long) (i32.const 2))))
            (local.set $long (i32.and (local.get $long) (i32.shr_u (local.get $long) (i32.const 4))))
            (local.set $long (i32.and (local.get $long) (i32.shr_u (local.get $long) (i32.const 4))))
            (if (i32.and (i32.ne (local.get $long) (i32.const 0)) (i32.eqz (i32.and (local.get $long) (i32.const 1)))) (then
              (local.set $lead (i32.ctz (local.get $long)))
              (local.set $run (i32.ctz (i32.or (i32.const 0x10000) (i32.shr_u (local.get $gap) (local.get $lead)))))
              (local.set $digits (i32.popcnt (i32.and
                (i32.shr_u (local.get $drawn) (local.get $lead))
                (i32.sub (i32.shl (i32.const 1) (local.get $run)) (i32.const 1)))))
              (if (i32.and
                    (i32.lt_u (i32.add (local.get $run) (local.get $lead)) (i32.const 16))
                    (i32.ne (i32.const 0) (local.get $digits)))
                (then
                  (i32.store (local.get $out)
                    (i32.add (local.get $at) (i32.add (local.get $lead) (local.get $run))))
                  (i32.store offset=4 (local.get $out) (call $signed (local.get $run) (local.get $digits)))
                  (local.set $out (i32.add (local.get $out) (i32.const 8)))))))
            ;; What is open at the end of the block.
            (local.set $lead (i32.sub (i32.const 32) (i32.clz (local.get $gap))))
            (local.set $run (i32.sub (i32.const 16) (local.get $lead)))
            (local.set $digits (i32.popcnt (i32.shr_u (local.get $drawn) (local.get $lead))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (i32.store (i32.const 0) (local.get $run))
    (i32.store offset=4 (i32.const 0) (local.get $digits))
    (local.get $out))

  (func $signed (param $run i32) (param $digits i32) (result i32)
    (select (i32.sub (i32.const 0) (local.get $run)) (local.get $run) (i32.eq (local.get $run) (local.get $digits)))))
