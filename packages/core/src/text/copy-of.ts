/** The same string in memory of its own: engines let a slice keep its whole text. */
export function copyOf(text: string): string {
  let copy = "";
  for (let i = 0; i < text.length; i += 1024) {
    const codes: number[] = [];
    for (let j = i; j < Math.min(i + 1024, text.length); j++) codes.push(text.charCodeAt(j));
    copy += String.fromCharCode(...codes);
  }
  return copy;
}
