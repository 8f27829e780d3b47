;; The trigger automaton over one block of bytes, eight lanes at a time.
;;
;; The next state of a lane waits for the load of its last one, so one chain leaves the processor idle for most of each
;; byte. The block is cut into eight equal parts that are walked side by side. Six lanes are a tenth slower.
;; Nothing in the walk depends on whether a state accepts: what eight bytes led to is written each time, and the place
;; for it moves on when one of them accepts. A branch there was guessed wrong once a hit, for a third of the time.
;; Distances between lanes and the address of the table are constants: the loop is bound by the number of its
;; instructions. They are no multiple of 4,096, so that the lanes do not compete for the same lines of the cache.
;;
;; memory  0      eight i32: where each lane's events end
;;         64     the first byte of lane n at 64 + n * 16576, up to 16,384 of them, with 32 before and 128 behind
;;         133,120  row of a state: 256 u16, the next state for each byte; 512 bytes
;;                states from `flag` (a power of two) on accept, all others are below it
;;         looks  32 bytes for each accepting state. Two looks at a byte near the one just read: i32 distance, i32 address
;;                of 256 bytes that are 0 for a byte that rules the state's patterns out, else 1. Then a look ahead: i32
;;                distance of the first byte, i32 most bytes (0: none), i32 address of the search, i32 what it says when
;;                nothing ends it, 0 or 1
;;         search 256 bytes: what a byte says that ends it, 0 for no. Then what ends it: 16 bytes with a bit for each upper
;;                half of a byte below 128, by its lower half; i32 65,535 when those from 128 on do
;;         out    events of lane n from out + n * room, pairs of i32 (address in lane 0 of the byte, state)
;;         steps  32 bytes for each step of the walk with an accepting state, up to 16,384 of them: eight u16 states, i32
;;                address in lane 0
;;
;; Addresses are not checked here: the caller sizes the memory (trigger-kernel.ts).
(module
  (memory (import "env" "memory") 1)

  ;; Walks all lanes and writes the steps that accept; answers where they end.
  (func $walk (param $part i32) (param $flag i32) (param $step i32)
    (param $s0 i32) (param $s1 i32) (param $s2 i32) (param $s3 i32)
    (param $s4 i32) (param $s5 i32) (param $s6 i32) (param $s7 i32) (result i32)
    (local $at i32) (local $end i32)
    (local.set $at (i32.const 64))
    (local.set $end (i32.add (local.get $at) (local.get $part)))
    (block $done
      (br_if $done (i32.eqz (local.get $part)))
      (loop $next
        (local.set $s0 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s0) (i32.const 9))
          (i32.shl (i32.load8_u offset=0 (local.get $at)) (i32.const 1)))))
        (local.set $s1 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s1) (i32.const 9))
          (i32.shl (i32.load8_u offset=16576 (local.get $at)) (i32.const 1)))))
        (local.set $s2 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s2) (i32.const 9))
          (i32.shl (i32.load8_u offset=33152 (local.get $at)) (i32.const 1)))))
        (local.set $s3 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s3) (i32.const 9))
          (i32.shl (i32.load8_u offset=49728 (local.get $at)) (i32.const 1)))))
        (local.set $s4 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s4) (i32.const 9))
          (i32.shl (i32.load8_u offset=66304 (local.get $at)) (i32.const 1)))))
        (local.set $s5 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s5) (i32.const 9))
          (i32.shl (i32.load8_u offset=82880 (local.get $at)) (i32.const 1)))))
        (local.set $s6 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s6) (i32.const 9))
          (i32.shl (i32.load8_u offset=99456 (local.get $at)) (i32.const 1)))))
        (local.set $s7 (i32.load16_u offset=133120 (i32.add
          (i32.shl (local.get $s7) (i32.const 9))
          (i32.shl (i32.load8_u offset=116032 (local.get $at)) (i32.const 1)))))
        (i32.store16 offset=0 (local.get $step) (local.get $s0))
        (i32.store16 offset=2 (local.get $step) (local.get $s1))
        (i32.store16 offset=4 (local.get $step) (local.get $s2))
        (i32.store16 offset=6 (local.get $step) (local.get $s3))
        (i32.store16 offset=8 (local.get $step) (local.get $s4))
        (i32.store16 offset=10 (local.get $step) (local.get $s5))
        (i32.store16 offset=12 (local.get $step) (local.get $s6))
        (i32.store16 offset=14 (local.get $step) (local.get $s7))
        (i32.store offset=16 (local.get $step) (local.get $at))
        (local.set $step (i32.add (local.get $step) (i32.shl
          (i32.ne (i32.const 0) (i32.and (local.get $flag) (i32.or
            (i32.or (i32.or (local.get $s0) (local.get $s1)) (i32.or (local.get $s2) (local.get $s3)))
            (i32.or (i32.or (local.get $s4) (local.get $s5)) (i32.or (local.get $s6) (local.get $s7))))))
          (i32.const 5))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $end)))))
    (local.get $step))

  ;; What the look ahead from `at` says: 1 when what it looks for comes.
  (func $ahead (param $at i32) (param $count i32) (param $search i32) (param $else i32) (result i32)
    (local $end i32) (local $bytes v128) (local $ends i32) (local $high i32)
    (local $rows v128) (local $columns v128) (local $low v128) (local $zero v128)
    (local.set $end (i32.add (local.get $at) (local.get $count)))
    (local.set $rows (v128.load offset=256 (local.get $search)))
    (local.set $high (i32.load offset=272 (local.get $search)))
    (local.set $columns (v128.const i8x16 1 2 4 8 16 32 64 -128 0 0 0 0 0 0 0 0))
    (local.set $low (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))
    (loop $next
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $ends (i32.or
        (i8x16.bitmask (i8x16.ne (local.get $zero) (v128.and
          (i8x16.swizzle (local.get $rows) (v128.and (local.get $bytes) (local.get $low)))
          (i8x16.swizzle (local.get $columns) (i8x16.shr_u (local.get $bytes) (i32.const 4))))))
        (i32.and (local.get $high) (i8x16.bitmask (local.get $bytes)))))
      (if (local.get $ends) (then
        (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $ends))))
        (return (select
          (i32.ne (i32.const 0) (i32.load8_u (i32.add (local.get $search) (i32.load8_u (local.get $at)))))
          (local.get $else)
          (i32.lt_u (local.get $at) (local.get $end))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.get $else))

  (func (export "lanes")
    (param $part i32) (param $flag i32) (param $looks i32) (param $out i32) (param $room i32) (param $step i32)
    (param $s0 i32) (param $s1 i32) (param $s2 i32) (param $s3 i32)
    (param $s4 i32) (param $s5 i32) (param $s6 i32) (param $s7 i32)
    (local $end i32) (local $flags v128) (local $bits i32) (local $lane i32) (local $state i32) (local $at i32)
    (local $here i32) (local $look i32) (local $to i32) (local $passes i32)
    (i32.store offset=0 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 0))))
    (i32.store offset=4 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 1))))
    (i32.store offset=8 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 2))))
    (i32.store offset=12 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 3))))
    (i32.store offset=16 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 4))))
    (i32.store offset=20 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 5))))
    (i32.store offset=24 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 6))))
    (i32.store offset=28 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 7))))
    ;; The look of a state is at looks + (state - flag) * 32.
    (local.set $looks (i32.sub (local.get $looks) (i32.shl (local.get $flag) (i32.const 5))))
    (local.set $flags (i16x8.splat (local.get $flag)))
    (local.set $end (call $walk (local.get $part) (local.get $flag) (local.get $step)
      (local.get $s0) (local.get $s1) (local.get $s2) (local.get $s3)
      (local.get $s4) (local.get $s5) (local.get $s6) (local.get $s7)))
    (block $done
      (br_if $done (i32.ge_u (local.get $step) (local.get $end)))
      (loop $steps
        (local.set $at (i32.load offset=16 (local.get $step)))
        (local.set $bits (i16x8.bitmask
          (i16x8.eq (local.get $flags) (v128.and (local.get $flags) (v128.load (local.get $step))))))
        (loop $accepting
          (local.set $lane (i32.ctz (local.get $bits)))
          (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
          (local.set $state (i32.load16_u (i32.add (local.get $step) (i32.shl (local.get $lane) (i32.const 1)))))
          (local.set $here (i32.add (local.get $at) (i32.mul (local.get $lane) (i32.const 16576))))
          (local.set $look (i32.add (local.get $looks) (i32.shl (local.get $state) (i32.const 5))))
          (local.set $passes (i32.and
            (i32.load8_u (i32.add (i32.load offset=4 (local.get $look))
              (i32.load8_u (i32.add (local.get $here) (i32.load offset=0 (local.get $look))))))
            (i32.load8_u (i32.add (i32.load offset=12 (local.get $look))
              (i32.load8_u (i32.add (local.get $here) (i32.load offset=8 (local.get $look))))))))
          (if (i32.and (local.get $passes) (i32.ne (i32.const 0) (i32.load offset=20 (local.get $look))))
            (then (local.set $passes (call $ahead
              (i32.add (local.get $here) (i32.load offset=16 (local.get $look)))
              (i32.load offset=20 (local.get $look)) (i32.load offset=24 (local.get $look))
              (i32.load offset=28 (local.get $look))))))
          ;; Written in any case: the next event takes its place unless it passes.
          (local.set $to (i32.load (i32.shl (local.get $lane) (i32.const 2))))
          (i32.store (local.get $to) (local.get $at))
          (i32.store offset=4 (local.get $to) (local.get $state))
          (i32.store (i32.shl (local.get $lane) (i32.const 2))
            (i32.add (local.get $to) (i32.shl (local.get $passes) (i32.const 3))))
          (br_if $accepting (local.get $bits)))
        (local.set $step (i32.add (local.get $step) (i32.const 32)))
        (br_if $steps (i32.lt_u (local.get $step) (local.get $end))))))
  )
