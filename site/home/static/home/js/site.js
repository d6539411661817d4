// What a page can do beyond reading and following links. Every task works without this file.
(function () {
  "use strict";

  // The filter panel is open where there is room for a sidebar.
  const wide = window.matchMedia("(min-width: 60em)");
  const panels = document.querySelectorAll("details[data-open-when-wide]");
  function openPanels() {
    for (const panel of panels) panel.open = wide.matches;
  }
  if (panels.length) {
    openPanels();
    wide.addEventListener("change", openPanels);
  }

  // On a phone the menu is one row that scrolls: it begins where the reader is.
  const here = document.querySelector(".site-nav__link[aria-current]");
  if (here) {
    const row = here.closest(".site-nav__list");
    row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }

  // The button itself says that it is done, and then is what it was, icon and all.
  function announce(button, text) {
    if (button.dataset.said) return;
    const before = [...button.childNodes];
    button.dataset.said = text;
    button.setAttribute("aria-live", "polite");
    button.replaceChildren(text);
    window.setTimeout(function () {
      button.replaceChildren(...before);
      delete button.dataset.said;
    }, 2000);
  }

  // Buttons that need a script are hidden in the page and shown here; the clipboard is there only over https.
  for (const button of document.querySelectorAll("[data-print], [data-copy], [data-dialog]")) {
    button.hidden = "copy" in button.dataset && !navigator.clipboard;
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-print], [data-copy], [data-dialog]");
    if (!button) return;
    if ("print" in button.dataset) {
      window.print();
    } else if ("dialog" in button.dataset) {
      const dialog = document.getElementById(button.dataset.dialog);
      if (dialog) dialog.showModal();
    } else {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        announce(button, button.dataset.copied || "✓");
      });
    }
  });
})();
