/* Comfort for requirements and weights: focus after a change, the number beside a slider. Pages work without. */
(function () {
  "use strict";

  /* What was pressed is gone with the old list: go on at its undo, else at the list */

  document.addEventListener("htmx:afterSettle", () => {
    const list = document.getElementById("requirements");
    if (!list || document.activeElement !== document.body) return;
    const next = list.querySelector("#last-change button") || list;
    next.focus({ preventScroll: next === list });
  });

  const form = document.getElementById("weigh");
  if (!form) return;

  const written = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 2 });

  function show(slider) {
    const output = form.querySelector(`[data-shows="${CSS.escape(slider.id)}"]`);
    if (output) output.textContent = written.format(slider.valueAsNumber);
  }

  /* Without script these are fields for numbers, which show what they hold by themselves */
  form.querySelectorAll("[data-slider]").forEach((field) => { field.type = "range"; });

  form.addEventListener("input", (event) => {
    if (event.target.type === "range") show(event.target);
  });
  /* The browser may bring back sliders as they were left */
  form.querySelectorAll("input[type=range]").forEach(show);
})();
