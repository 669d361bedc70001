// Runs before the first paint, so that a chosen theme never flashes. A file of its own: the policy forbids inline scripts.
(() => {
  try {
    const chosen = localStorage.getItem('headwater.theme');
    if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's preference then decides.
  }
})();
