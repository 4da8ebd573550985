/* Comfort for weights: the number beside a slider follows it. The page works without. */
(function () {
  "use strict";

  const form = document.getElementById("weigh");
  if (!form) return;

  const written = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 2 });

  function show(slider) {
    const output = form.querySelector(`[data-shows="${CSS.escape(slider.id)}"]`);
    if (output) output.textContent = written.format(slider.valueAsNumber);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "range") show(event.target);
  });
  /* The browser may bring back sliders as they were left */
  form.querySelectorAll("input[type=range]").forEach(show);
})();
