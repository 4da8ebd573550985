/* The cards of a board: which are selected, and what the ranking knows of them. Without this file boxes are
   ticked one by one, and the ranking is behind a link.

   window.peneiraCards.with(card): the selected cards, in order, where this card is one of them; else it alone */
(function () {
  "use strict";

  const BOXES = '[data-board] [data-card] input[name="candidate"]';
  const boxes = () => [...document.querySelectorAll(BOXES)];
  const ticked = () => boxes().filter((box) => box.checked);
  const cardOf = (element) => element?.closest?.("[data-board] [data-card]") || null;
  const boxOf = (card) => card?.querySelector('input[name="candidate"]') || null;
  const isOff = () => document.cookie.split("; ").includes("shortcuts=off");
  let last = null; // code of the card whose box was ticked last, for Shift

  function withCard(card) {
    const cards = ticked().map(cardOf);
    return cards.includes(card) ? cards : [card];
  }

  function show() {
    const bar = document.querySelector("[data-picked]");
    if (!bar) return;
    const count = ticked().length;
    bar.hidden = !count;
    bar.querySelector("[data-picked-count]").textContent = count;
  }

  function clear() {
    boxes().forEach((box) => { box.checked = false; });
    last = null;
    show();
  }

  function tick(box, checked, range) {
    const all = boxes();
    const from = range ? all.findIndex((one) => one.value === last) : -1;
    const to = all.indexOf(box);
    const some = from < 0 ? [box] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
    some.forEach((one) => { one.checked = checked; });
    last = box.value;
    show();
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches?.(BOXES)) tick(event.target, event.target.checked, event.shiftKey);
    if (event.target.closest?.("[data-picked-clear]")) clear();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || !document.querySelector("[data-board]")) return;
    const box = boxOf(cardOf(event.target));
    if (event.key.toLowerCase() === "x" && box && !isOff()) {
      event.preventDefault();
      tick(box, !box.checked, event.shiftKey);
    }
    if (event.key === "Escape" && ticked().length && !document.querySelector(".ghost, .grabbed")) clear();
  });

  document.addEventListener("reset", (event) => { if (event.target.id === "move-form") setTimeout(show); });

  /* How many of the required ones each person meets, as the ranking says; cards that come anew get it again */

  let words = new Map();

  function tellMet() {
    words.forEach((text, pk) => {
      const line = document.getElementById(`met-${pk}`);
      if (!line || line.textContent === text) return;
      line.textContent = text;
      line.hidden = false;
    });
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "board-met") {
      words = new Map([...event.detail.target.querySelectorAll("[data-met]")].map((one) => [one.dataset.met, one.textContent]));
    }
    tellMet();
    show();
  });

  window.addEventListener("pageshow", show);
  window.peneiraCards = { with: withCard };
})();
