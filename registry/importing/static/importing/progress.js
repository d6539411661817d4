// Moves the bar while an import runs, and shows the result when it is over.
const bar = document.getElementById("import-progress");

async function look() {
  try {
    const answer = await fetch(bar.dataset.url, { headers: { Accept: "application/json" } });
    const { done, rows, over } = await answer.json();
    if (over) {
      location.reload();
      return;
    }
    bar.max = rows || 1;
    bar.value = done;
  } catch {
    // The next look may find the server back.
  }
  setTimeout(look, 700);
}

if (bar) look();
