// Moves the bar of a batch. Without it the page loads itself anew every five seconds.
(() => {
  const box = document.querySelector("[data-batch]");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-batch-${name}]`);
  let wait = 1500;

  async function look() {
    try {
      const answer = await fetch(box.dataset.batch, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const batch = await answer.json();
      part("bar").max = batch.total;
      part("bar").value = batch.ended;
      part("done").textContent = batch.done;
      part("failed").textContent = batch.failed;
      part("cancelled").textContent = batch.cancelled;
      // Said again, it would be read out again.
      if (part("state").textContent !== batch.state_text) part("state").textContent = batch.state_text;
      if (batch.is_over) {
        window.location.reload();
        return;
      }
      wait = 1500;
    } catch {
      // The server may be restarting: ask less often, and go on.
      wait = Math.min(wait * 2, 30000);
    }
    window.setTimeout(look, document.hidden ? wait * 4 : wait);
  }

  window.setTimeout(look, wait);
})();
