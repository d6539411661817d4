// Tables that are filled in by keyboard: arrows and Enter go from cell to cell. The form works without this file.
(function () {
  "use strict";

  const all = document.querySelector("[data-check-all]");
  if (all) {
    all.addEventListener("change", function () {
      for (const box of document.querySelectorAll('input[name="claim"]')) box.checked = all.checked;
    });
  }

  const table = document.querySelector("[data-grid]");
  if (!table) return;
  const rows = Array.from(table.tBodies[0].rows);
  const points = Array.from(table.querySelectorAll("thead [data-points]"), function (cell) {
    return Number(cell.dataset.points);
  });
  const search = document.querySelector("[data-grid-search]");
  const totals = Array.from(table.querySelectorAll("[data-total]"));

  function inputsOf(row) {
    return Array.from(row.querySelectorAll("input"));
  }

  function value(input) {
    const text = input.value.trim();
    const wrong = text !== "" && !/^[0-9]{1,2}$/.test(text);
    input.toggleAttribute("data-wrong", wrong);
    return wrong ? 0 : Number(text);
  }

  function add() {
    const sums = points.map(() => 0);
    for (const row of rows) {
      inputsOf(row).forEach(function (input, column) {
        sums[column] += value(input) * points[column];
      });
    }
    totals.forEach(function (cell, column) {
      cell.textContent = sums[column] || "";
    });
  }

  function go(input, down, right) {
    const shown = rows.filter((row) => !row.hidden);
    const row = input.closest("tr");
    const column = inputsOf(row).indexOf(input) + right;
    const target = shown[shown.indexOf(row) + down];
    // After the last of the rows that were searched for, the search is for the next household.
    const next = target ? inputsOf(target)[column] : down > 0 && search && search.value.trim() ? search : null;
    if (next) {
      next.focus();
      next.select();
    }
  }

  function fillDown(input) {
    const column = inputsOf(input.closest("tr")).indexOf(input);
    const shown = rows.filter((row) => !row.hidden);
    for (const row of shown.slice(shown.indexOf(input.closest("tr")) + 1)) inputsOf(row)[column].value = input.value;
    add();
  }

  const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: [1, 0] };
  table.addEventListener("keydown", function (event) {
    const input = event.target.closest("input");
    if (!input || event.isComposing) return;
    if (event.key === "ArrowDown" && event.ctrlKey) {
      event.preventDefault();
      fillDown(input);
    } else if (moves[event.key]) {
      event.preventDefault();
      go(input, ...moves[event.key]);
    } else if (event.key === "ArrowRight" && input.selectionEnd === input.value.length) {
      event.preventDefault();
      go(input, 0, 1);
    } else if (event.key === "ArrowLeft" && input.selectionStart === 0) {
      event.preventDefault();
      go(input, 0, -1);
    }
  });
  table.addEventListener("input", add);
  table.addEventListener("focusin", function (event) {
    if (event.target.matches("input")) event.target.select();
  });

  if (search) {
    search.addEventListener("input", function () {
      const wanted = search.value.trim();
      for (const row of rows) row.hidden = wanted !== "" && !row.textContent.includes(wanted);
    });
    search.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = rows.find((row) => !row.hidden);
      if (first) inputsOf(first)[0].focus();
    });
    search.focus();
  } else {
    inputsOf(rows[0])[0].focus();
  }
  add();
})();
