import wabt from "wabt";

/** Reads every byte of [from, to), a multiple of 64 bytes, once, and does next to nothing with it. */
export type OnePass = (from: number, to: number) => bigint;

const text = `(module
  (import "clew" "memory" (memory 0 65536 shared))
  (func (export "pass") (param $from i32) (param $to i32) (result i64)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $next
      (local.set $a (v128.or (local.get $a) (v128.load (local.get $from))))
      (local.set $b (v128.or (local.get $b) (v128.load offset=16 (local.get $from))))
      (local.set $c (v128.or (local.get $c) (v128.load offset=32 (local.get $from))))
      (local.set $d (v128.or (local.get $d) (v128.load offset=48 (local.get $from))))
      (local.set $from (i32.add (local.get $from) (i32.const 64)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $to))))
    (i64x2.extract_lane 0
      (v128.or (v128.or (local.get $a) (local.get $b)) (v128.or (local.get $c) (local.get $d))))))`;

interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly pass: OnePass } };
}

/** The yardstick of a scan: one pass over the same memory, as fast as WebAssembly can read it. */
export async function onePass(memory: object): Promise<OnePass> {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyLike }).WebAssembly;
  const { buffer } = (await wabt()).parseWat("one-pass.wat", text, { simd: true, threads: true }).toBinary({});
  return new Instance(new Module(buffer), { clew: { memory } }).exports.pass;
}
