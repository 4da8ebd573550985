/* Comfort for the list of candidates: filters are sent when they are ticked, rows selected with the space key.
   Without this file the button "Apply" sends the filters, and boxes are ticked by themselves. */
(function () {
  "use strict";

  const picks = () => [...document.querySelectorAll("[data-pick]")];

  /* Wide pages show the filters, narrow ones fold them away until they are asked for */

  const wide = window.matchMedia("(min-width: 56.01rem)");

  let folded = true;

  function unfold() {
    const facets = document.querySelector("[data-facets]");
    if (facets) facets.open = wide.matches || !folded;
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-facets]") && !wide.matches) folded = !event.target.open;
  }, true);

  function showPicked() {
    const all = picks();
    const picked = all.filter((box) => box.checked).length;
    const count = document.querySelector("[data-picked-count]");
    if (count) count.textContent = picked ? `(${picked})` : "";
    const whole = document.querySelector("[data-pick-all]");
    if (!whole) return;
    whole.checked = picked > 0 && picked === all.length;
    whole.indeterminate = picked > 0 && picked < all.length;
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-facet]")) box.form.requestSubmit();
    if (box.matches("[data-pick-all]")) picks().forEach((one) => { one.checked = box.checked; });
    if (box.matches("[data-pick], [data-pick-all]")) showPicked();
  });

  function row() {
    return document.activeElement?.closest("[data-row]");
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.cookie.includes("shortcuts=off") || document.querySelector("dialog[open]")) return;
    if (event.key === " " && document.activeElement?.matches("[data-row-link]")) {
      const box = row()?.querySelector("[data-pick]");
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      showPicked();
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && document.activeElement?.matches("[data-row-link]")) {
      const links = [...document.querySelectorAll("[data-row-link]")];
      const next = links[links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    }
  });

  function prepare() {
    unfold();
    document.querySelectorAll("#found [data-needs-script]").forEach((element) => { element.hidden = false; });
    if (window.htmx) {
      document.querySelectorAll("#found [data-without-script]").forEach((element) => { element.hidden = true; });
    }
    showPicked();
  }

  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.closest?.("#found, body")) prepare(); });
  wide.addEventListener("change", unfold);
  prepare();
})();
