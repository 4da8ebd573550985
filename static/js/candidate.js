/* One person's page: colleagues offered after @, focus where a button points, a form not left by accident. */
(function () {
  "use strict";

  /* Mentions: a list below the text, moved through with the arrow keys */

  const WORD = /(^|[^\w@.])@([\w.+-]*)$/;

  function listOf(area) {
    return area.closest(".notes")?.querySelector("[data-colleagues]") || null;
  }

  function begun(area) {
    const found = WORD.exec(area.value.slice(0, area.selectionStart));
    return found ? found[2] : null;
  }

  function offered(list) {
    return [...list.children].filter((entry) => !entry.hidden);
  }

  function choose(area, list, entry) {
    list.querySelectorAll("[aria-selected='true']").forEach((old) => old.setAttribute("aria-selected", "false"));
    if (!entry) return;
    entry.setAttribute("aria-selected", "true");
    entry.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", entry.id);
  }

  function close(area, list) {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
    area.setAttribute("aria-expanded", "false");
  }

  function offer(area) {
    const list = listOf(area);
    if (!list) return;
    const word = begun(area);
    if (word === null) return close(area, list);
    const wanted = word.toLowerCase();
    for (const entry of list.children) {
      entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    }
    const some = offered(list);
    if (!some.length || (some.length === 1 && some[0].dataset.username.toLowerCase() === wanted)) {
      return close(area, list);
    }
    area.after(list);
    area.setAttribute("role", "combobox");
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-expanded", "true");
    list.hidden = false;
    choose(area, list, some[0]);
  }

  function insert(area, list, entry) {
    const before = area.value.slice(0, area.selectionStart).replace(WORD, `$1@${entry.dataset.username} `);
    const after = area.value.slice(area.selectionStart);
    area.value = before + after;
    area.setSelectionRange(before.length, before.length);
    close(area, list);
    area.focus();
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-mentions]")) offer(event.target);
  });

  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (!area.matches?.("[data-mentions]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return area.form.requestSubmit();
    const list = listOf(area);
    if (!list || list.hidden) return;
    const some = offered(list);
    const here = some.findIndex((entry) => entry.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose(area, list, some[(here + 1) % some.length]);
    else if (event.key === "ArrowUp") choose(area, list, some[(here - 1 + some.length) % some.length]);
    else if (event.key === "Enter" || event.key === "Tab") insert(area, list, some[Math.max(here, 0)]);
    else if (event.key === "Escape") close(area, list);
    else return;
    event.preventDefault();
  });

  document.addEventListener("mousedown", (event) => {
    const entry = event.target.closest?.("[data-colleagues] > li");
    if (!entry) return;
    event.preventDefault();
    const area = entry.closest(".notes").querySelector("[data-mentions]");
    insert(area, entry.parentElement, entry);
  });

  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("[data-mentions]")) {
      const list = listOf(event.target);
      if (list) close(event.target, list);
    }
  });

  /* A link to a field puts the cursor there */

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-focus]");
    const field = link && document.getElementById(link.dataset.focus);
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });

  /* Whoever leaves a changed form is asked */

  document.querySelectorAll("form[data-unsaved]").forEach((form) => {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  });
})();
