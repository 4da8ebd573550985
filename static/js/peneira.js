/* Comfort on top of pages that work without it: theme, keyboard, toasts. No page needs this file. */
(function () {
  "use strict";

  const root = document.documentElement;
  const YEAR = 60 * 60 * 24 * 365;

  function remember(name, value) {
    document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax`;
  }

  function remembered(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? found.slice(name.length + 1) : "";
  }

  /* Theme: the server reads the cookie, so the right colours are there at the first paint */

  function isDark() {
    return root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function setUpTheme(button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember("theme", root.dataset.theme);
      button.setAttribute("aria-pressed", String(isDark()));
    });
  }

  /* Style sheets that came within the page are kept for the next one, which then links them */

  async function keepSheets(sheets) {
    const answers = await Promise.all(sheets.map((sheet) => fetch(sheet.dataset.sheet, { priority: "low" })));
    await Promise.all(answers.map((answer) => answer.text()));
    if (answers.every((answer) => answer.ok)) remember("styles", sheets[0].dataset.release);
  }

  /* Keyboard: single letters, unless turned off (WCAG 2.1.4) or somebody is typing */

  function rowLinks() {
    return [...document.querySelectorAll("[data-row-link]")].filter((link) => link.offsetParent !== null);
  }

  function moveRow(step) {
    const links = rowLinks();
    if (!links.length) return;
    const here = links.findIndex((link) => {
      const row = link.closest("[data-row]") || link;
      return row.contains(document.activeElement);
    });
    const next = here === -1 ? (step > 0 ? 0 : links.length - 1) : here + step;
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
  }

  function showShortcuts() {
    const dialog = document.getElementById("shortcuts");
    if (dialog && !dialog.open) dialog.showModal();
  }

  const actions = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    "?": showShortcuts,
  };

  function isTyping(target) {
    return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (remembered("shortcuts") === "off" || document.querySelector("dialog[open]")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  function setUpShortcutSwitch(box) {
    box.checked = remembered("shortcuts") !== "off";
    box.addEventListener("change", () => remember("shortcuts", box.checked ? "on" : "off"));
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".alert").remove();
    if (event.target.closest("[data-open-shortcuts]")) showShortcuts();
  });

  /* What was pressed may be gone from the page when its answer comes: what the answer says to people stays */

  document.addEventListener("htmx:oobErrorNoTarget", (event) => {
    const words = event.detail.content;
    const target = words.id && document.getElementById(words.id);
    if (!target) return;
    target.replaceChildren(...words.childNodes);
    window.htmx.process(target);
  });

  /* A second click sends a form no second time; some seconds later, or back on the page, it may be meant */

  const TWICE = 3000;
  let sent = new WeakMap();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    const before = sent.get(form);
    if (before && before.by === event.submitter && Date.now() - before.at < TWICE) event.preventDefault();
    else sent.set(form, { by: event.submitter, at: Date.now() });
  });
  window.addEventListener("pageshow", () => { sent = new WeakMap(); });

  /* A filter form that htmx sends by itself needs its button only without htmx */

  const sheets = [...document.querySelectorAll("style[data-sheet]")];
  if (sheets.length) window.addEventListener("load", () => keepSheets(sheets).catch(() => {})); // next time then

  document.querySelectorAll("[data-theme-toggle]").forEach(setUpTheme);
  document.querySelectorAll("[data-shortcut-switch]").forEach(setUpShortcutSwitch);
  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  if (window.htmx) {
    document.querySelectorAll("[data-without-script]").forEach((element) => { element.hidden = true; });
  }
})();
