;; Finds where a JSON string ends.
(module
  (memory (import "env" "memory") 1)

  ;; The first quote of the bytes [at, end) that is not escaped, or the first `stop` if that is no quote; `end` when there is none,
  ;; one more when the byte at `end` is escaped. Reads up to 15 bytes behind `end`.
  (func (export "ends") (param $at i32) (param $end i32) (param $stop i32) (result i32)
    (local $bytes v128) (local $marks i32) (local $byte i32)
    (block $none
      (loop $next
        (br_if $none (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $marks (i8x16.bitmask (v128.or
          (v128.or (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 34)))
                   (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 92))))
          (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $stop))))))
        (if (i32.eqz (local.get $marks)) (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $next)))
        (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $marks))))
        (br_if $none (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (i32.ne (local.get $byte) (i32.const 92)) (then (return (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.add (local.get $end) (i32.const 1)))))
        ;; A line break ends the string, though it is escaped.
        (local.set $byte (i32.load8_u (local.get $at)))
        (br_if $next (i32.and (i32.eq (local.get $byte) (local.get $stop)) (i32.ne (local.get $byte) (i32.const 34))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $end)))
