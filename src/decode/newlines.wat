;; Counts newlines, 64 bytes at a time. Addresses are not checked here: the caller sizes the memory (newlines.ts).
(module
  (memory (import "env" "memory") 1)

  ;; Newlines in bytes [at, end), a multiple of 64 bytes and at most 64 * 255: more would not fit into bytes.
  (func $few (param $at i32) (param $end i32) (result i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $newline v128)
    (local.set $newline (i8x16.splat (i32.const 10)))
    (loop $next
      (local.set $a (i8x16.sub (local.get $a) (i8x16.eq (v128.load (local.get $at)) (local.get $newline))))
      (local.set $b (i8x16.sub (local.get $b) (i8x16.eq (v128.load offset=16 (local.get $at)) (local.get $newline))))
      (local.set $c (i8x16.sub (local.get $c) (i8x16.eq (v128.load offset=32 (local.get $at)) (local.get $newline))))
      (local.set $d (i8x16.sub (local.get $d) (i8x16.eq (v128.load offset=48 (local.get $at)) (local.get $newline))))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.set $a (i16x8.add
      (i16x8.add (i16x8.extadd_pairwise_i8x16_u (local.get $a)) (i16x8.extadd_pairwise_i8x16_u (local.get $b)))
      (i16x8.add (i16x8.extadd_pairwise_i8x16_u (local.get $c)) (i16x8.extadd_pairwise_i8x16_u (local.get $d)))))
    (local.set $a (i32x4.extadd_pairwise_i16x8_u (local.get $a)))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
      (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a)))))

  ;; Newlines in bytes [at, end), a multiple of 64 bytes.
  (func (export "count") (param $at i32) (param $end i32) (result i32)
    (local $count i32) (local $to i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $to (i32.add (local.get $at) (i32.const 16320)))
        (local.set $to (select (local.get $to) (local.get $end) (i32.lt_u (local.get $to) (local.get $end))))
        (local.set $count (i32.add (local.get $count) (call $few (local.get $at) (local.get $to))))
        (local.set $at (local.get $to))
        (br $next)))
    (local.get $count)))
