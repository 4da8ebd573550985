/* The slider of cuts: each step is a row of the table below the plot, already in the reader's language.
   Without this file the form asks the server for the same figures. */
(function () {
  "use strict";

  const page = document.querySelector("[data-cuts]");
  const slider = page && page.querySelector("input[type=range]");
  if (!slider) return;
  const rows = page.querySelector("[data-steps]").rows;
  const cells = page.querySelectorAll("[data-cell]");
  const marks = page.querySelectorAll("[data-mark]");

  function show() {
    const row = rows[slider.value];
    cells.forEach((cell) => { cell.textContent = row.cells[cell.dataset.cell].textContent; });
    marks.forEach((mark) => mark.setAttribute("transform", `translate(${row.dataset[mark.dataset.mark]})`));
    slider.setAttribute("aria-valuetext", row.cells[0].textContent);
  }

  slider.addEventListener("input", show);
  page.querySelector("[data-to-stored]").addEventListener("click", (event) => {
    event.preventDefault();
    slider.value = slider.dataset.stored;
    show();
  });
  page.querySelector("[data-without-cuts]").hidden = true;
  if (slider.value !== slider.getAttribute("value")) show(); // the browser kept an older place
})();
