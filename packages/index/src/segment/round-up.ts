const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** The least 32-bit float that is not below a number of 0 or more: a bound stays one. */
export function roundUp(value: number): number {
  number[0] = value;
  // the bits of positive floats are in the order of the floats
  if (number[0] < value) bits[0]!++;
  return number[0];
}
