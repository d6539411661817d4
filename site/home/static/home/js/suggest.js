// Suggestions below the search box: a combobox whose list holds what the site offers for the letters typed so far.
// Without this file the box is a plain form. Pattern: ARIA 1.2 combobox with a listbox, focus stays in the input.
(function () {
  "use strict";

  const DELAY = 120; // milliseconds of rest before asking
  const FEWEST = 2; // characters
  const REMEMBERED = 50; // answers

  function enhance(input) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    const form = input.form;
    if (!list || !form) return;

    const answers = new Map();
    let timer = 0;
    let request = null;
    let active = -1;
    let typed = "";
    let composing = false;

    function options() {
      return list.querySelectorAll("[role=option]");
    }

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function stop() {
      window.clearTimeout(timer);
      if (request) request.abort();
      request = null;
    }

    function open() {
      if (!list.childElementCount) return;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }

    // What was typed, marked where it stands in the phrase.
    function written(phrase, text) {
      const element = document.createElement("span");
      const place = text ? phrase.toLowerCase().indexOf(text.toLowerCase()) : -1;
      if (place < 0) {
        element.textContent = phrase;
        return element;
      }
      const mark = document.createElement("mark");
      mark.textContent = phrase.slice(place, place + text.length);
      element.append(phrase.slice(0, place), mark, phrase.slice(place + text.length));
      return element;
    }

    function show(suggestions, text) {
      list.replaceChildren(
        ...suggestions.map(function (suggestion, number) {
          const option = document.createElement("li");
          option.id = list.id + "-" + number;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = suggestion.url;
          option.dataset.phrase = suggestion.phrase;
          option.append(written(suggestion.phrase, text));
          if (suggestion.label) {
            const kind = document.createElement("span");
            kind.className = "kind";
            kind.textContent = suggestion.label;
            option.append(kind);
          }
          return option;
        })
      );
      active = -1;
      input.removeAttribute("aria-activedescendant");
      if (suggestions.length && document.activeElement === input) open();
      else close();
    }

    function ask() {
      const text = input.value.trim();
      typed = input.value;
      stop();
      if (Array.from(text).length < FEWEST) {
        list.replaceChildren();
        close();
        return;
      }
      if (answers.has(text)) {
        show(answers.get(text), text);
        return;
      }
      timer = window.setTimeout(function () {
        const call = new AbortController();
        request = call;
        const address = input.dataset.suggestUrl + "?format=json&q=" + encodeURIComponent(text);
        fetch(address, { signal: call.signal, headers: { Accept: "application/json" }, credentials: "same-origin" })
          .then(function (response) {
            return response.ok ? response.json() : { suggestions: [] };
          })
          .then(function (answer) {
            if (answers.size >= REMEMBERED) answers.delete(answers.keys().next().value);
            answers.set(text, answer.suggestions);
            if (input.value.trim() === text) show(answer.suggestions, text);
          })
          .catch(function () {
            // Aborted by the next letter, or no connection: the form works as ever.
          });
      }, DELAY);
    }

    function move(step) {
      const all = options();
      if (!all.length) return;
      if (active >= 0) all[active].setAttribute("aria-selected", "false");
      // One place more than there are options: the input itself, with what was typed.
      active = ((active + 1 + step + all.length + 1) % (all.length + 1)) - 1;
      if (active < 0) {
        input.value = typed;
        input.removeAttribute("aria-activedescendant");
        return;
      }
      all[active].setAttribute("aria-selected", "true");
      all[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", all[active].id);
      input.value = all[active].dataset.phrase;
    }

    function choose(option) {
      close();
      window.location.assign(option.dataset.url);
    }

    input.addEventListener("compositionstart", function () { composing = true; });
    input.addEventListener("compositionend", function () {
      composing = false;
      ask();
    });
    input.addEventListener("input", function () {
      // While pinyin is being composed its letters are asked for too: lihun finds 离婚.
      ask();
    });
    input.addEventListener("focus", function () {
      if (input.value === typed && list.childElementCount) open();
    });
    input.addEventListener("blur", function () {
      stop();
      close();
    });
    input.addEventListener("keydown", function (event) {
      if (composing || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          if (event.key === "ArrowUp" || !list.childElementCount) return;
          open();
        }
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        input.value = typed;
        close();
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(options()[active]);
      } else if (event.key === "Tab") {
        close();
      }
    });
    // The press, not the click: the click comes after the input has lost its focus and the list is gone.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    form.addEventListener("submit", function () {
      stop();
      close();
    });
  }

  for (const input of document.querySelectorAll("input[data-suggest-url]")) enhance(input);
})();
