/** A text of so many characters at most, where no style can cut it: in options of a select, in names. Pure. */
export function cutText(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}
