;; The trigger automaton over one block of bytes, eight lanes at a time.
;;
;; The next state of a lane waits for the load of its last one, so one chain leaves the processor idle for most of each
;; byte. The block is cut into eight equal parts that are walked side by side. Six lanes are as fast, ten too, four a tenth
;; slower.
;; Distances between lanes and the address of the table are constants: the loop is bound by the number of its
;; instructions. They are no multiple of 4,096, so that the lanes do not compete for the same lines of the cache.
;;
;; memory  0      eight i32: where each lane's events end
;;         64     the first byte of lane n at 64 + n * 16576, up to 16,384 of them, with at least 32 on either side
;;         133,120  row of a state: 256 u16, the next state for each byte; 512 bytes
;;                states from `flag` (a power of two) on accept, all others are below it
;;         looks  16 bytes for each accepting state, two looks at a byte near the one just read: i32 distance, i32 address
;;                of 256 bytes that are 0 for a byte that rules the state's patterns out
;;         out    events of lane n from out + n * room, pairs of i32 (address in lane 0 of the byte, state)
;;
;; Addresses are not checked here: the caller sizes the memory (trigger-kernel.ts).
(module
  (memory (import "env" "memory") 1)

  ;; Writes an event of a byte and an accepting state unless what stands near the byte rules it out. `here`: address of
  ;; the byte, `at`: that of the byte of lane 0, `end`: that of where the lane's events end.
  (func $note (param $here i32) (param $at i32) (param $state i32) (param $look i32) (param $end i32)
    (local $out i32)
    (if (i32.eqz (i32.load8_u (i32.add (i32.load offset=4 (local.get $look))
          (i32.load8_u (i32.add (local.get $here) (i32.load (local.get $look)))))))
      (then (return)))
    (if (i32.eqz (i32.load8_u (i32.add (i32.load offset=12 (local.get $look))
          (i32.load8_u (i32.add (local.get $here) (i32.load offset=8 (local.get $look)))))))
      (then (return)))
    (local.set $out (i32.load (local.get $end)))
    (i32.store (local.get $out) (local.get $at))
    (i32.store offset=4 (local.get $out) (local.get $state))
    (i32.store (local.get $end) (i32.add (local.get $out) (i32.const 8))))

  (func (export "lanes")
    (param $part i32) (param $flag i32) (param $looks i32) (param $out i32) (param $room i32)
    (param $s0 i32) (param $s1 i32) (param $s2 i32) (param $s3 i32)
    (param $s4 i32) (param $s5 i32) (param $s6 i32) (param $s7 i32)
    (local $at i32) (local $end i32)
    (local.set $at (i32.const 64))
    (local.set $end (i32.add (local.get $at) (local.get $part)))
    (i32.store offset=0 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 0))))
    (i32.store offset=4 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 1))))
    (i32.store offset=8 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 2))))
    (i32.store offset=12 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 3))))
    (i32.store offset=16 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 4))))
    (i32.store offset=20 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 5))))
    (i32.store offset=24 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 6))))
    (i32.store offset=28 (i32.const 0) (i32.add (local.get $out) (i32.mul (local.get $room) (i32.const 7))))
    ;; The look of a state is at looks + (state - flag) * 16.
    (local.set $looks (i32.sub (local.get $looks) (i32.shl (local.get $flag) (i32.const 4))))
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
        (if (i32.and (local.get $flag)
              (i32.or (i32.or (i32.or (local.get $s0) (local.get $s1)) (i32.or (local.get $s2) (local.get $s3))) (i32.or (i32.or (local.get $s4) (local.get $s5)) (i32.or (local.get $s6) (local.get $s7)))))
          (then
            (if (i32.and (local.get $flag) (local.get $s0)) (then
              (call $note (i32.add (local.get $at) (i32.const 0)) (local.get $at) (local.get $s0)
                (i32.add (local.get $looks) (i32.shl (local.get $s0) (i32.const 4))) (i32.const 0))))
            (if (i32.and (local.get $flag) (local.get $s1)) (then
              (call $note (i32.add (local.get $at) (i32.const 16576)) (local.get $at) (local.get $s1)
                (i32.add (local.get $looks) (i32.shl (local.get $s1) (i32.const 4))) (i32.const 4))))
            (if (i32.and (local.get $flag) (local.get $s2)) (then
              (call $note (i32.add (local.get $at) (i32.const 33152)) (local.get $at) (local.get $s2)
                (i32.add (local.get $looks) (i32.shl (local.get $s2) (i32.const 4))) (i32.const 8))))
            (if (i32.and (local.get $flag) (local.get $s3)) (then
              (call $note (i32.add (local.get $at) (i32.const 49728)) (local.get $at) (local.get $s3)
                (i32.add (local.get $looks) (i32.shl (local.get $s3) (i32.const 4))) (i32.const 12))))
            (if (i32.and (local.get $flag) (local.get $s4)) (then
              (call $note (i32.add (local.get $at) (i32.const 66304)) (local.get $at) (local.get $s4)
                (i32.add (local.get $looks) (i32.shl (local.get $s4) (i32.const 4))) (i32.const 16))))
            (if (i32.and (local.get $flag) (local.get $s5)) (then
              (call $note (i32.add (local.get $at) (i32.const 82880)) (local.get $at) (local.get $s5)
                (i32.add (local.get $looks) (i32.shl (local.get $s5) (i32.const 4))) (i32.const 20))))
            (if (i32.and (local.get $flag) (local.get $s6)) (then
              (call $note (i32.add (local.get $at) (i32.const 99456)) (local.get $at) (local.get $s6)
                (i32.add (local.get $looks) (i32.shl (local.get $s6) (i32.const 4))) (i32.const 24))))
            (if (i32.and (local.get $flag) (local.get $s7)) (then
              (call $note (i32.add (local.get $at) (i32.const 116032)) (local.get $at) (local.get $s7)
                (i32.add (local.get $looks) (i32.shl (local.get $s7) (i32.const 4))) (i32.const 28))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $end)))))
    ))
