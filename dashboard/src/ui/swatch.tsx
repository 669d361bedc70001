/** A patch of a column's colour: an SVG attribute, since the policy forbids inline styles. */
export function Swatch({ colour }: { readonly colour: string }) {
  return (
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" rx="3" fill={colour} />
    </svg>
  );
}
