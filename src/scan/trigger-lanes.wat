;; The trigger automaton over one block of bytes, six lanes at a time.
;;
;; The next state of a lane waits for the load of its last one, so one chain leaves the processor idle for most of each
;; byte. The block is cut into six equal parts that are walked side by side. Four lanes are a tenth slower, eight spill.
;;
;; memory  0      six i32: where each lane's events end
;;         table  row of a state: 256 u16, the next state for each byte; 512 bytes
;;                states from `flag` (a power of two) on accept, all others are below it
;;         block  the bytes; out: events of lane n from out + n * room, pairs of i32 (address of the byte, state)
;;
;; Addresses are not checked here: the caller sizes the memory (trigger-kernel.ts).
(module
  (memory (import "env" "memory") 1)
  (func (export "lanes")
    (param $at i32) (param $part i32) (param $table i32) (param $flag i32) (param $out i32) (param $room i32)
    (param $s0 i32)
    (param $s1 i32)
    (param $s2 i32)
    (param $s3 i32)
    (param $s4 i32)
    (param $s5 i32)
    (local $end i32)
    (local $d1 i32) (local $d2 i32) (local $d3 i32) (local $d4 i32) (local $d5 i32)
    (local $o0 i32) (local $o1 i32) (local $o2 i32) (local $o3 i32) (local $o4 i32) (local $o5 i32)
    (local.set $end (i32.add (local.get $at) (local.get $part)))
    (local.set $d1 (i32.mul (local.get $part) (i32.const 1)))
    (local.set $d2 (i32.mul (local.get $part) (i32.const 2)))
    (local.set $d3 (i32.mul (local.get $part) (i32.const 3)))
    (local.set $d4 (i32.mul (local.get $part) (i32.const 4)))
    (local.set $d5 (i32.mul (local.get $part) (i32.const 5)))
    (local.set $o0 (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 0))))
    (local.set $o1 (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 1))))
    (local.set $o2 (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 2))))
    (local.set $o3 (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 3))))
    (local.set $o4 (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 4))))
    (local.set $o5 (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 5))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $s0 (i32.load16_u (i32.add (local.get $table) (i32.add
          (i32.shl (local.get $s0) (i32.const 9))
          (i32.shl (i32.load8_u (local.get $at)) (i32.const 1))))))
        (local.set $s1 (i32.load16_u (i32.add (local.get $table) (i32.add
          (i32.shl (local.get $s1) (i32.const 9))
          (i32.shl (i32.load8_u (i32.add (local.get $at) (local.get $d1))) (i32.const 1))))))
        (local.set $s2 (i32.load16_u (i32.add (local.get $table) (i32.add
          (i32.shl (local.get $s2) (i32.const 9))
          (i32.shl (i32.load8_u (i32.add (local.get $at) (local.get $d2))) (i32.const 1))))))
        (local.set $s3 (i32.load16_u (i32.add (local.get $table) (i32.add
          (i32.shl (local.get $s3) (i32.const 9))
          (i32.shl (i32.load8_u (i32.add (local.get $at) (local.get $d3))) (i32.const 1))))))
        (local.set $s4 (i32.load16_u (i32.add (local.get $table) (i32.add
          (i32.shl (local.get $s4) (i32.const 9))
          (i32.shl (i32.load8_u (i32.add (local.get $at) (local.get $d4))) (i32.const 1))))))
        (local.set $s5 (i32.load16_u (i32.add (local.get $table) (i32.add
          (i32.shl (local.get $s5) (i32.const 9))
          (i32.shl (i32.load8_u (i32.add (local.get $at) (local.get $d5))) (i32.const 1))))))
        (if (i32.and (local.get $flag)
              (i32.or (i32.or (i32.or (local.get $s0) (local.get $s1)) (i32.or (local.get $s2) (local.get $s3)))
                      (i32.or (local.get $s4) (local.get $s5))))
          (then
            (if (i32.and (local.get $flag) (local.get $s0)) (then
              (i32.store (local.get $o0) (local.get $at))
              (i32.store offset=4 (local.get $o0) (local.get $s0))
              (local.set $o0 (i32.add (local.get $o0) (i32.const 8)))))
            (if (i32.and (local.get $flag) (local.get $s1)) (then
              (i32.store (local.get $o1) (i32.add (local.get $at) (local.get $d1)))
              (i32.store offset=4 (local.get $o1) (local.get $s1))
              (local.set $o1 (i32.add (local.get $o1) (i32.const 8)))))
            (if (i32.and (local.get $flag) (local.get $s2)) (then
              (i32.store (local.get $o2) (i32.add (local.get $at) (local.get $d2)))
              (i32.store offset=4 (local.get $o2) (local.get $s2))
              (local.set $o2 (i32.add (local.get $o2) (i32.const 8)))))
            (if (i32.and (local.get $flag) (local.get $s3)) (then
              (i32.store (local.get $o3) (i32.add (local.get $at) (local.get $d3)))
              (i32.store offset=4 (local.get $o3) (local.get $s3))
              (local.set $o3 (i32.add (local.get $o3) (i32.const 8)))))
            (if (i32.and (local.get $flag) (local.get $s4)) (then
              (i32.store (local.get $o4) (i32.add (local.get $at) (local.get $d4)))
              (i32.store offset=4 (local.get $o4) (local.get $s4))
              (local.set $o4 (i32.add (local.get $o4) (i32.const 8)))))
            (if (i32.and (local.get $flag) (local.get $s5)) (then
              (i32.store (local.get $o5) (i32.add (local.get $at) (local.get $d5)))
              (i32.store offset=4 (local.get $o5) (local.get $s5))
              (local.set $o5 (i32.add (local.get $o5) (i32.const 8)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i32.store offset=0 (i32.const 0) (local.get $o0))
    (i32.store offset=4 (i32.const 0) (local.get $o1))
    (i32.store offset=8 (i32.const 0) (local.get $o2))
    (i32.store offset=12 (i32.const 0) (local.get $o3))
    (i32.store offset=16 (i32.const 0) (local.get $o4))
    (i32.store offset=20 (i32.const 0) (local.get $o5))))
