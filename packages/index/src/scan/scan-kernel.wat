;; Dot products of rows of int8 codes with one query of int16 codes, in 128-bit integer arithmetic.
;; `npm run kernel` in packages/index makes scan-kernel-bytes.ts of it.
;;
;; runs..runsEnd  pairs of 32-bit words: address of a row, and how many rows follow one another from there
;; stride         bytes a row, a multiple of 32; what a row holds beyond its dimensions meets zeros of the query
;; query          address of `stride` int16 codes whose magnitudes sum to less than 2^31 / 128, so that no sum overflows
;; out            address of one int32 for each row, in the order of the runs
(module
  (import "clew" "memory" (memory 0 65536 shared))
  (func (export "scan")
    (param $runs i32) (param $runsEnd i32) (param $stride i32) (param $query i32) (param $out i32)
    (local $row i32) (local $left i32) (local $at i32) (local $queryEnd i32) (local $even v128) (local $odd v128)
    (local.set $queryEnd (i32.add (local.get $query) (i32.shl (local.get $stride) (i32.const 1))))
    (block $done
      (loop $eachRun
        (br_if $done (i32.ge_u (local.get $runs) (local.get $runsEnd)))
        (local.set $row (i32.load (local.get $runs)))
        (local.set $left (i32.load offset=4 (local.get $runs)))
        (local.set $runs (i32.add (local.get $runs) (i32.const 8)))
        (loop $eachRow
          (br_if $eachRun (i32.eqz (local.get $left)))
          (local.set $even (v128.const i32x4 0 0 0 0))
          (local.set $odd (v128.const i32x4 0 0 0 0))
          (local.set $at (local.get $query))
          ;; 32 dimensions a step, in two chains of additions that do not wait for one another
          (loop $along
            (local.set $even (i32x4.add (local.get $even) (i32x4.add
              (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row)) (v128.load (local.get $at)))
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row)) (v128.load offset=16 (local.get $at))))))
            (local.set $odd (i32x4.add (local.get $odd) (i32x4.add
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=16 (local.get $row)) (v128.load offset=32 (local.get $at)))
              (i32x4.dot_i16x8_s (v128.load8x8_s offset=24 (local.get $row)) (v128.load offset=48 (local.get $at))))))
            (local.set $row (i32.add (local.get $row) (i32.const 32)))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br_if $along (i32.lt_u (local.get $at) (local.get $queryEnd))))
          ;; the sum of the eight lanes
          (local.set $even (i32x4.add (local.get $even) (local.get $odd)))
          (local.set $even (i32x4.add (local.get $even)
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $even) (local.get $even))))
          (i32.store (local.get $out)
            (i32.add (i32x4.extract_lane 0 (local.get $even)) (i32x4.extract_lane 1 (local.get $even))))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br $eachRow))))))
