/** A description from outside as text, with `names` in backticks as code: no other markup is read. */
export function Prose({ text }: { readonly text: string }) {
  return <bdi>{text.split('`').map((part, at, all) => (isCode(at, all) ? <code key={at}>{part}</code> : part))}</bdi>;
}

/** Every second part is between two backticks; one without its second is a letter as any other. */
const isCode = (at: number, parts: readonly string[]): boolean => at % 2 === 1 && at < parts.length - 1;
