/** What a list is searched by, where its panel has the tools for it: the prompt says what it finds. */

interface Props {
  /** For who does not see the prompt. */
  readonly label?: string;
  readonly prompt: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function SearchField({ prompt, label = prompt, value, onInput }: Props) {
  return (
    <label class="field">
      <span class="hidden">{label}</span>
      <input type="search" placeholder={prompt} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}
