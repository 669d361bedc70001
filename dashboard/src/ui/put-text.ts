/** Put a text into a field at once, over the part from one place to another (what is selected, if none is named). The caret
 * comes to stand behind it before the next key is typed. Answers the whole text that is there then. */
export function putText(
  field: HTMLTextAreaElement,
  text: string,
  from = field.selectionStart,
  to = field.selectionEnd,
): string {
  field.focus();
  field.setRangeText(text, from, to, 'end');
  return field.value;
}
