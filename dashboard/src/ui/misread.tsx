/** What an address says that could not be read. */

/** An old or mistyped link opens with what can be understood. */
export function Misread({ faults }: { readonly faults: readonly string[] }) {
  if (faults.length === 0) return null;
  return (
    <div class="stale" role="status">
      <div>
        <p>Some of this link could not be understood; the rest is shown.</p>
        <ul class="misread">
          {faults.map((fault) => (
            <li key={fault}>
              <bdi>{fault}</bdi>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
