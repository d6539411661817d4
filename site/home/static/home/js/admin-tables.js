// Tells each cell of a list what its column is called, so that a phone can show it (admin-tables.css).
(() => {
  const label = (table) => {
    const heads = [...table.querySelectorAll(":scope > thead > tr:last-child > th")];
    const rows = [...table.querySelectorAll(":scope > tbody > tr")];
    const sums = [...table.querySelectorAll(":scope > tfoot > tr")];
    const fits = (row) => row.cells.length === heads.length && [...row.cells].every((cell) => cell.colSpan === 1);
    // Pages are listed by Wagtail's own layout; a table whose cells span others is no list.
    if (!heads.length || table.querySelector(".bulk-action-checkbox-cell") || ![...rows, ...sums].every(fits)) return;
    for (const row of [...rows, ...sums]) {
      [...row.cells].forEach((cell, at) => {
        const text = heads[at].textContent.trim();
        if (text) cell.dataset.label = text;
        cell.classList.toggle("xy-empty", !cell.textContent.trim() && !cell.querySelector("input, img, svg, button"));
      });
    }
    table.classList.add("xy-stack");
  };
  const all = () => document.querySelectorAll("table.listing").forEach(label);
  document.addEventListener("DOMContentLoaded", all);
  // Searching and turning the page over replace the list.
  document.addEventListener("w-swap:success", all);
})();
