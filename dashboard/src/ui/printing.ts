/** Whether the page is being made ready for paper, or printed: all of it is then in view. */

export const isPrinting = (): boolean => document.documentElement.dataset.printing === 'yes';

export function setPrinting(on: boolean): void {
  if (on) document.documentElement.dataset.printing = 'yes';
  else delete document.documentElement.dataset.printing;
}
