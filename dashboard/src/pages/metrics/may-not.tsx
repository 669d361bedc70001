export function MayNot() {
  return (
    <p>
      Metrics are made and changed with a token of scope <code>sql</code> or <code>admin</code>: sign in with such a
      one, or ask an administrator.
    </p>
  );
}
