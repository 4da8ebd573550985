/* Keys of the API: copying the one that is shown once, choosing all scopes of a column. Nothing needs it. */
(function () {
  "use strict";

  function say(text) {
    const status = document.getElementById("status");
    if (status) status.textContent = text;
  }

  function copied(button) {
    button.textContent = button.dataset.copied;
    say(button.dataset.copied);
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.querySelector(button.dataset.copy);
    field.addEventListener("focus", () => field.select());
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        copied(button);
      } catch {
        // Without https there is no clipboard: the older way works on what is selected
        if (document.execCommand("copy")) copied(button);
      }
    });
  }

  for (const button of document.querySelectorAll("[data-all]")) {
    const boxes = [...document.querySelectorAll(`[data-verb="${button.dataset.all}"]`)];
    button.hidden = false;
    button.addEventListener("click", () => {
      const choose = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = choose;
    });
  }
})();
