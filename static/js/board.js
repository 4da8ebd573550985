/* The board: cards are dragged with mouse, touch (held first) or keyboard. A card goes where it is dropped at
   once, and back when the server says no; the selected cards go with it when it is one of them. Needs moving.js
   and board_cards.js. */
(function () {
  "use strict";

  const { leaves, askReason, send, complain: complainTo } = window.peneiraMoves;
  const FAR = 6;  // pixels until a press of the mouse becomes a drag
  const HOLD = 350;  // milliseconds until a touch does
  const EDGE = 60;  // pixels from the edge where the board scrolls by itself

  const board = () => document.querySelector("[data-board]");
  const columns = () => [...board().querySelectorAll("[data-stage]")];
  const columnOf = (card) => card.closest("[data-stage]");
  const columnAt = (stage) => board().querySelector(`[data-stage="${stage}"]`);
  const cardCoded = (code) => board()?.querySelector(`[data-candidate="${CSS.escape(code)}"]`);

  /* Saying what happens */

  function say(key, values) {
    const live = board().querySelector("[data-live]");
    const sentence = values.count > 1 ? board().dataset[`${key}Many`] : board().dataset[key];
    if (live) live.textContent = sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function sayOver(column) {
    const all = columns();
    say("saysOver", { stage: column.dataset.label, number: all.indexOf(column) + 1, columns: all.length });
  }

  function complain(values) {
    say("saysFailed", values);
    complainTo(board().querySelector("[data-live]").textContent);
  }

  /* Where a card is, and putting it elsewhere */

  function place(card, column, before = null) {
    const list = column.querySelector("[data-cards]");
    if (before && before.isConnected) before.before(card);
    else list.prepend(card);
  }

  // Who is carried, and from where: the card that was taken first, then those selected with it
  function take(card) {
    const all = window.peneiraCards.with(card);
    const held = all.map((one, order) => ({ card: one, order, column: columnOf(one), after: one.nextElementSibling }));
    return held.sort((a, b) => (b.card === card) - (a.card === card));
  }

  function putBack(held) {
    for (const { card, column, after } of [...held].sort((a, b) => b.order - a.order)) {
      if (after?.isConnected && columnOf(after) === column) after.before(card);
      else column.querySelector("[data-cards]:last-of-type").append(card);
    }
  }

  function words(held, stage) {
    return { name: held[0].card.dataset.name, count: held.length, stage };
  }

  function stays(held) {
    putBack(held);
    say("saysBack", words(held, held[0].column.dataset.label));
  }

  async function commit(held, column) {
    const stage = column.dataset.stage;
    const reason = leaves(stage) ? await askReason(stage) : {};
    if (!reason) return stays(held);
    held.forEach(({ card }) => card.classList.add("waiting"));
    const candidate = held.map(({ card }) => card.dataset.candidate);
    const from = held.map((one) => one.column.dataset.stage);
    const sent = await send(board().dataset.move, { candidate, to: stage, from, board: "1", ...reason });
    held.forEach(({ card }) => card.classList.remove("waiting"));
    if (!sent.ok) {
      putBack(held);
      return complain(words(held, held[0].column.dataset.label));
    }
    if (!sent.event.conflicts.length) say("saysDropped", words(held, column.dataset.label));
  }

  const handleOf = (id) => document.getElementById(id)?.querySelector("[data-grab]");

  async function finish(held, column, focus) {
    const id = held[0].card.id;
    const moving = held.filter((one) => one.column !== column);
    if (!moving.length) stays(held);
    else {
      putBack(held.filter((one) => one.column === column));
      [...moving].reverse().forEach(({ card }) => place(card, column));
      await commit(moving, column);
    }
    if (focus) handleOf(id)?.focus();  // the server sent the card anew
  }

  /* What others on this page, or the undo of a toast, moved */

  document.body.addEventListener("stage-moved", (event) => {
    const { to, moved = [], conflicts = [] } = event.detail;
    if (!board()) return;
    if (event.detail.undone !== undefined) {
      window.htmx.ajax("GET", board().dataset.url, { target: "#board", swap: "outerHTML" });
      return;
    }
    for (const [code, stage] of [
      ...moved.map((code) => [code, to]),
      ...conflicts.map((one) => [one.candidate, one.stage]),
    ]) {
      const card = cardCoded(code);
      if (card && columnOf(card) !== columnAt(stage)) place(card, columnAt(stage));
    }
  });

  // What is shown already decides where "show more" goes on
  document.body.addEventListener("htmx:configRequest", (event) => {
    const column = event.target.closest?.(".more")?.closest("[data-stage]");
    if (!column) return;
    event.detail.path = event.detail.path.replace(/start=\d+/, `start=${column.querySelectorAll("[data-card]").length}`);
  });

  /* Keyboard */

  let grabbed = null;  // who is held
  let shifting = false;  // a card that changes its place loses the focus for a moment

  function release() {
    const held = grabbed;
    held.forEach(({ card }) => card.classList.remove("grabbed"));
    held[0].card.querySelector("[data-grab]").setAttribute("aria-pressed", "false");
    grabbed = null;
    return held;
  }

  function grab(card) {
    grabbed = take(card);
    grabbed.forEach((one) => one.card.classList.add("grabbed"));
    card.querySelector("[data-grab]").setAttribute("aria-pressed", "true");
    say("saysGrabbed", words(grabbed, columnOf(card).dataset.label));
  }

  function letGo() {
    const held = release();
    shifting = true;
    stays(held);
    held[0].card.querySelector("[data-grab]").focus();
    shifting = false;
  }

  function dropHere() {
    const held = release();
    finish(held, columnOf(held[0].card), true);
  }

  function shift(step) {
    const all = columns();
    const [first] = grabbed;
    const next = all[all.indexOf(columnOf(first.card)) + step];
    if (!next) return;
    shifting = true;
    if (next === first.column) putBack([first]);
    else place(first.card, next);
    first.card.querySelector("[data-grab]").focus();
    shifting = false;
    first.card.scrollIntoView({ block: "nearest", inline: "nearest" });
    sayOver(next);
  }

  function walk(card, key) {
    const own = [...columnOf(card).querySelectorAll("[data-card]")];
    if (key === "ArrowUp" || key === "ArrowDown") {
      own[own.indexOf(card) + (key === "ArrowDown" ? 1 : -1)]?.querySelector("[data-grab]").focus();
      return;
    }
    const filled = columns().filter((column) => column.querySelector("[data-card]"));
    const next = filled[filled.indexOf(columnOf(card)) + (key === "ArrowRight" ? 1 : -1)];
    next?.querySelector("[data-grab]").focus();
  }

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.("[data-grab]");
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = handle.closest("[data-card]");
    const keys = grabbed
      ? { " ": dropHere, Enter: dropHere, Escape: letGo, ArrowLeft: () => shift(-1), ArrowRight: () => shift(1),
          ArrowUp: () => {}, ArrowDown: () => {} }
      : { " ": () => grab(card), Enter: () => grab(card), ArrowLeft: () => walk(card, event.key),
          ArrowRight: () => walk(card, event.key), ArrowUp: () => walk(card, event.key),
          ArrowDown: () => walk(card, event.key) };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.addEventListener("focusout", (event) => {
    if (grabbed && !shifting && grabbed[0].card.contains(event.target)) stays(release());
  });

  /* Mouse and touch */

  let press = null;  // {card, x, y, id, timer}
  let drag = null;  // {held, ghost, dx, dy, over, x}

  function begin() {
    const { card, x, y } = press;
    const box = card.getBoundingClientRect();
    const ghost = card.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.removeAttribute("data-card");
    ghost.setAttribute("aria-hidden", "true");
    ghost.classList.add("ghost");
    ghost.style.width = `${box.width}px`;
    const held = take(card);
    if (held.length > 1) ghost.dataset.count = held.length;
    document.body.append(ghost);
    held.forEach((one) => one.card.classList.add("origin"));
    board().classList.add("dragging");
    drag = { held, ghost, dx: x - box.left, dy: y - box.top, over: null, x };
    follow(x, y);
    requestAnimationFrame(scrollAtEdges);
  }

  function follow(x, y) {
    drag.x = x;
    drag.ghost.style.transform = `translate(${x - drag.dx}px, ${y - drag.dy}px)`;
    const under = document.elementFromPoint(x, y)?.closest("[data-stage]") || null;
    if (under === drag.over) return;
    drag.over?.classList.remove("over");
    drag.over = under;
    under?.classList.add("over");
  }

  function scrollAtEdges() {
    if (!drag) return;
    const scroller = board().querySelector("[data-scroller]");
    const box = scroller.getBoundingClientRect();
    if (drag.x > Math.min(box.right, innerWidth) - EDGE) scroller.scrollLeft += 10;
    else if (drag.x < Math.max(box.left, 0) + EDGE) scroller.scrollLeft -= 10;
    requestAnimationFrame(scrollAtEdges);
  }

  function endPress() {
    clearTimeout(press?.timer);
    press = null;
  }

  function endDrag() {
    const { held, ghost, over } = drag;
    ghost.remove();
    held.forEach(({ card }) => card.classList.remove("origin"));
    board().classList.remove("dragging");
    over?.classList.remove("over");
    drag = null;
    endPress();
    return { held, over };
  }

  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest?.("[data-dnd] [data-card]");
    if (!card || event.button !== 0 || !event.isPrimary || event.target.closest("input")) return;
    press = { card, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType !== "mouse" };
    if (press.touch) press.timer = setTimeout(begin, HOLD);
  });

  document.addEventListener("pointermove", (event) => {
    if (!press || event.pointerId !== press.id) return;
    if (drag) return follow(event.clientX, event.clientY);
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < FAR) return;
    if (press.touch) endPress();  // a finger that moves at once scrolls
    else begin();
  });

  function swallowClick() {
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
  }

  document.addEventListener("pointerup", (event) => {
    if (!press || event.pointerId !== press.id) return;
    if (!drag) return endPress();
    swallowClick();
    const { held, over } = endDrag();
    if (over && held.some((one) => one.column !== over)) finish(held, over, false);
  });

  document.addEventListener("pointercancel", () => (drag ? endDrag() : endPress()));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && drag) endDrag(); });
  document.addEventListener("touchmove", (event) => { if (drag) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (drag || press?.touch) event.preventDefault(); });
  document.addEventListener("selectstart", (event) => { if (drag || press?.touch) event.preventDefault(); });

  /* Only where there is a handle may this person move anybody */

  function setUp() {
    if (!board()?.querySelector("[data-grab]")) return;
    board().dataset.dnd = "";
    board().querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  }

  setUp();
  document.body.addEventListener("htmx:afterSwap", setUp);
})();
