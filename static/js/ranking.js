/* The ranked list: selecting and moving people by keyboard. The page does all of it without this file. */
(function () {
  "use strict";

  const BOXES = '#ranked-list [name="candidate"]';
  let chosen = new Set(); // codes that stay selected when the list is drawn anew
  let here = ""; // code of the person whose row had the focus
  let last = null; // box that was ticked last, for Shift

  const all = (selector) => [...document.querySelectorAll(selector)];
  const boxes = () => all(BOXES);
  const ticked = () => boxes().filter((box) => box.checked);
  const rowOf = (element) => element?.closest?.("#ranked-list [data-row]") || null;
  const boxOf = (row) => row?.querySelector('[name="candidate"]') || null;
  const focusedRow = () => rowOf(document.activeElement);
  const isOff = () => document.cookie.split("; ").includes("shortcuts=off");

  function say(text) {
    const status = document.getElementById("status");
    if (status && text) status.textContent = text;
  }

  /* Selection */

  function show() {
    const count = ticked().length;
    const bulk = document.getElementById("bulk");
    if (!bulk) return;
    bulk.querySelector("[data-count]").textContent = count || "";
    const stages = new Set(ticked().map((box) => rowOf(box).dataset.stage));
    const from = bulk.querySelector("[data-from]");
    if (from) from.value = stages.size === 1 ? [...stages][0] : "";
    const compare = bulk.querySelector("[data-compare]");
    if (compare) compare.disabled = count < 2 || count > 5;
    all("[data-pick-all]").forEach((box) => {
      const own = [...box.closest("table").querySelectorAll('[name="candidate"]')];
      box.checked = own.length > 0 && own.every((one) => one.checked);
      box.indeterminate = !box.checked && own.some((one) => one.checked);
    });
  }

  function tick(box, checked) {
    if (!box) return;
    box.checked = checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function tickRange(box) {
    const list = boxes();
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) list.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }

  function clear() {
    boxes().forEach((box) => { box.checked = false; });
    chosen = new Set();
    show();
    say(document.getElementById("bulk")?.dataset.saysNone);
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches?.("[data-pick-all]")) {
      box.closest("table").querySelectorAll('[name="candidate"]').forEach((one) => { one.checked = box.checked; });
    } else if (!box.matches?.(BOXES)) {
      return;
    }
    show();
    const words = document.querySelector(".bulk-count");
    say(words ? words.textContent.trim() : "");
  });

  document.addEventListener("click", (event) => {
    if (event.target.matches?.(BOXES)) {
      if (event.shiftKey && last) tickRange(event.target);
      last = event.target;
      show();
    }
    // One menu at a time, and none once somebody clicks elsewhere
    all("#ranking details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("submit", (event) => {
    const menu = event.target.closest?.("#ranking .ranking-tools details.menu");
    if (menu) menu.open = false;
  });

  document.addEventListener("reset", (event) => {
    if (event.target.id === "bulk") setTimeout(clear);
  });

  /* Keys: those of the row that has the focus, unless people are selected */

  function subject() {
    const row = focusedRow();
    if (!ticked().length && row) tick(boxOf(row), true);
    return ticked().length > 0;
  }

  function moveOn() {
    const bulk = document.getElementById("bulk");
    if (!bulk?.querySelector("[data-move]") || !subject()) return;
    const next = new Set(ticked().map((box) => rowOf(box).dataset.next || ""));
    if (next.size !== 1 || next.has("")) {
      chooseStage();
      say(bulk.dataset.saysMixed);
      return;
    }
    bulk.querySelector("[data-to]").value = [...next][0];
    bulk.querySelector("[data-move]").click();
  }

  function chooseStage() {
    if (subject()) document.querySelector("#bulk [data-to]")?.focus();
  }

  function reject() {
    if (!subject()) return;
    const menu = document.querySelector("#bulk .bulk-out");
    if (!menu) return;
    menu.open = true;
    menu.querySelector("select").focus();
  }

  function step(by) {
    const links = all("#ranked-list [data-row-link]");
    const at = links.findIndex((link) => rowOf(link) === focusedRow());
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  const keys = {
    " ": () => { const box = boxOf(focusedRow()); tick(box, !box.checked); last = box; },
    x: clear,
    e: moveOn,
    r: reject,
    s: chooseStage,
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
  };
  const ONLY_IN_A_ROW = [" ", "ArrowDown", "ArrowUp"];

  function isTaken(target) {
    if (target.matches?.(BOXES)) return false;
    return target.closest?.("input, textarea, select, summary, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close(event);
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return undefined;
    if (document.querySelector("dialog[open]")) return undefined;
    const letter = event.key.length === 1 && event.key !== " ";
    if (letter && isOff()) return undefined;
    const inRow = focusedRow() !== null;
    if (ONLY_IN_A_ROW.includes(event.key) && (!inRow || event.target.matches?.("button, summary"))) return undefined;
    if (event.key === " " && event.target.matches?.(BOXES)) return undefined; // the box does it itself
    const action = keys[event.key];
    if (!action || !document.getElementById("ranked-list")) return undefined;
    event.preventDefault();
    return action();
  });

  function close(event) {
    const menu = event.target.closest?.("#ranking details.menu[open]");
    if (!menu && event.target.closest?.("#bulk")) rowLinkOf(here)?.focus(); // from where "s" led here
    if (!menu) return;
    menu.open = false;
    (rowLinkOf(here) || menu.querySelector("summary")).focus();
  }

  document.addEventListener("focusin", (event) => {
    const box = boxOf(rowOf(event.target));
    if (box) here = box.value;
  });

  function rowLinkOf(code) {
    const box = boxes().find((one) => one.value === code);
    return box ? rowOf(box).querySelector("[data-row-link]") : null;
  }

  /* Rejecting asks for a reason that fits before anything is sent */

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#bulk [data-out]");
    if (!button) return;
    const select = document.querySelector("#bulk [name=reason_code]");
    const fits = select.selectedOptions[0]?.dataset.for === button.value;
    select.setCustomValidity(fits ? "" : select.dataset.saysMissing);
    if (fits) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    select.reportValidity();
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("#bulk [name=reason_code]")) event.target.setCustomValidity("");
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#bulk [data-move]");
    const select = document.querySelector("#bulk [data-to]");
    if (!button || select.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    select.focus();
  }, true);

  /* The list is drawn anew after a move, a filter, a new ranking: who was selected and where we were stays */

  let drawnAnew = false;
  let mayTakeFocus = false;
  let unfolded = []; // which menus are open
  let begun = null; // what somebody had begun to say of those selected when a new list came by itself
  let moved = false;

  function whatIsBegun() {
    const bulk = document.getElementById("bulk");
    if (!bulk || moved) return null;
    const fields = [...bulk.elements].filter((field) => field.id && field.matches("select, input[type=text]"));
    const at = bulk.contains(document.activeElement) ? document.activeElement.id : "";
    return { values: fields.map((field) => [field.id, field.value]), at };
  }

  function goOnWith({ values, at }) {
    values.forEach(([id, value]) => { const field = document.getElementById(id); if (field) field.value = value; });
    if (!at) return;
    mayTakeFocus = false;
    document.getElementById(at)?.focus();
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const id = event.detail.target?.id;
    if (id !== "ranking" && id !== "ranked-list") return;
    drawnAnew = true;
    chosen = new Set(ticked().map((box) => box.value));
    unfolded = all("#ranking details.menu").map((menu) => menu.open);
    begun = whatIsBegun();
    const active = document.activeElement;
    mayTakeFocus = active === document.body || rowOf(active) !== null || active?.closest?.("#bulk") !== null;
  });

  /* Somebody said fit or not: the list is put in order at once, and what it asks next stays in sight */

  let asked = "";

  document.addEventListener("feedback-given", () => { asked = here; });

  document.addEventListener("stage-moved", () => {
    all("#bulk details.menu[open]").forEach((menu) => { menu.open = false; });
    chosen = new Set();
    moved = true;
    boxes().forEach((box) => { box.checked = false; });
    show();
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!drawnAnew || !document.getElementById("ranked-list")) return;
    drawnAnew = false;
    boxes().forEach((box) => { if (chosen.has(box.value)) box.checked = true; });
    all("#ranking [data-needs-script]").forEach((element) => { element.hidden = false; });
    all("#ranking [data-without-script]").forEach((element) => { element.hidden = true; });
    all("#ranking details.menu").forEach((menu, place) => { if (unfolded[place]) menu.open = true; });
    unfolded = [];
    if (begun) goOnWith(begun);
    begun = null;
    moved = false;
    if (mayTakeFocus && here) rowLinkOf(here)?.focus();
    mayTakeFocus = false;
    sayWhy();
    show();
    keepUp();
  });

  function sayWhy() {
    const details = asked ? rowOf(rowLinkOf(asked))?.querySelector(".opinion details") : null;
    asked = "";
    if (!details) return;
    details.open = true;
    details.closest("[data-row]").scrollIntoView({ block: "nearest" });
  }

  /* What stands outside the list says the same filters: group and order that were clicked in it */

  function sayWrong(field) {
    const sentence = `${field.name}-error`;
    if (document.getElementById(sentence)) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", sentence);
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }

  function keepUp() {
    const list = document.getElementById("ranked-list");
    const query = new URLSearchParams(list.dataset.listQuery);
    const form = document.querySelector("[data-ranking-filters]");
    if (form) {
      form.elements.group.value = query.get("group") || "";
      if (form.elements.sort) form.elements.sort.value = query.get("sort") || "";
      all("[data-ranking-filters] [name]:not([type=hidden])").forEach(sayWrong);
    }
    const out = document.querySelector("[data-list-parameters]");
    if (!out) return;
    out.querySelectorAll("[data-list-parameter]").forEach((input) => input.remove());
    query.forEach((value, name) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      input.dataset.listParameter = "";
      out.prepend(input);
    });
    all("#ranking form [name=next]").forEach((input) => {
      input.value = list.getAttribute("hx-get");
    });
  }

  show();
})();
