/* The board: cards are dragged with mouse, touch (held first) or keyboard. A card goes where it is dropped at
   once, and back when the server says no. Needs moving.js. */
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
    if (live) live.textContent = board().dataset[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
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

  function origin(card) {
    return { column: columnOf(card), after: card.nextElementSibling };
  }

  function putBack(card, from) {
    if (from.after?.isConnected) from.after.before(card);
    else from.column.querySelector("[data-cards]:last-of-type").append(card);
  }

  async function commit(card, from, column) {
    const values = { name: card.dataset.name, stage: from.column.dataset.label };
    const stage = column.dataset.stage;
    const reason = leaves(stage) ? await askReason(stage) : {};
    if (!reason) {
      putBack(card, from);
      say("saysBack", values);
      return false;
    }
    card.classList.add("waiting");
    const fields = { candidate: card.dataset.candidate, to: stage, from: from.column.dataset.stage, board: "1" };
    const sent = await send(board().dataset.move, { ...fields, ...reason });
    card.classList.remove("waiting");
    if (!sent.ok) {
      putBack(card, from);
      complain(values);
      return false;
    }
    if (!sent.event.conflicts.length) say("saysDropped", { name: values.name, stage: column.dataset.label });
    return true;
  }

  const handleOf = (id) => document.getElementById(id)?.querySelector("[data-grab]");

  async function finish(card, from, column, focus) {
    const id = card.id;
    if (column === from.column) {
      putBack(card, from);
      say("saysBack", { name: card.dataset.name, stage: column.dataset.label });
    } else {
      await commit(card, from, column);
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

  let grabbed = null;  // {card, from}
  let shifting = false;  // a card that changes its place loses the focus for a moment

  function release(pressed) {
    grabbed.card.classList.remove("grabbed");
    grabbed.card.querySelector("[data-grab]").setAttribute("aria-pressed", String(pressed));
    const held = grabbed;
    grabbed = null;
    return held;
  }

  function grab(card) {
    grabbed = { card, from: origin(card) };
    card.classList.add("grabbed");
    card.querySelector("[data-grab]").setAttribute("aria-pressed", "true");
    say("saysGrabbed", { name: card.dataset.name, stage: columnOf(card).dataset.label });
  }

  function letGo() {
    const { card, from } = release(false);
    shifting = true;
    putBack(card, from);
    card.querySelector("[data-grab]").focus();
    shifting = false;
    say("saysBack", { name: card.dataset.name, stage: from.column.dataset.label });
  }

  function dropHere() {
    const { card, from } = release(false);
    finish(card, from, columnOf(card), true);
  }

  function shift(step) {
    const all = columns();
    const next = all[all.indexOf(columnOf(grabbed.card)) + step];
    if (!next) return;
    shifting = true;
    if (next === grabbed.from.column) putBack(grabbed.card, grabbed.from);
    else place(grabbed.card, next);
    grabbed.card.querySelector("[data-grab]").focus();
    shifting = false;
    grabbed.card.scrollIntoView({ block: "nearest", inline: "nearest" });
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
    if (grabbed && !shifting && grabbed.card.contains(event.target)) {
      const { card, from } = release(false);
      putBack(card, from);
      say("saysBack", { name: card.dataset.name, stage: from.column.dataset.label });
    }
  });

  /* Mouse and touch */

  let press = null;  // {card, x, y, id, timer}
  let drag = null;  // {card, from, ghost, dx, dy, over, x}

  function begin() {
    const { card, x, y } = press;
    const box = card.getBoundingClientRect();
    const ghost = card.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.removeAttribute("data-card");
    ghost.setAttribute("aria-hidden", "true");
    ghost.classList.add("ghost");
    ghost.style.width = `${box.width}px`;
    document.body.append(ghost);
    card.classList.add("origin");
    board().classList.add("dragging");
    drag = { card, from: origin(card), ghost, dx: x - box.left, dy: y - box.top, over: null, x };
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
    const { card, from, ghost, over } = drag;
    ghost.remove();
    card.classList.remove("origin");
    board().classList.remove("dragging");
    over?.classList.remove("over");
    drag = null;
    endPress();
    return { card, from, over };
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
    const { card, from, over } = endDrag();
    if (!over || over === from.column) return;
    place(card, over);
    finish(card, from, over, false);
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
