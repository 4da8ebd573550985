/* Moves people from stage to stage without leaving the page, on the board and in lists: asks for the reason in a
   dialog, sends, shows the toast with Undo. Without this file the same forms lead through pages.

   window.peneiraMoves.leaves(stage): whether that stage asks for a reason
   window.peneiraMoves.askReason(stage): the reason as {reason_code, reason}, null when somebody thought better of it
   window.peneiraMoves.send(url, fields): {ok, event}; the page also hears the event "stage-moved" on its body
   window.peneiraMoves.complain(text): a toast that says what went wrong
   <form data-move-form>: its checked boxes named "candidate" go to the stage chosen in "to", or to that of the
   button; data-says-failed: what is said where the page stays as it is when the server could not be reached */
(function () {
  "use strict";

  const LEAVING = ["rejected", "withdrawn"];

  const leaves = (stage) => LEAVING.includes(stage);

  function showFieldsFor(dialog, stage) {
    dialog.querySelectorAll("[data-for]").forEach((element) => {
      const wanted = element.dataset.for === stage;
      element.hidden = !wanted;
      element.querySelectorAll("select").forEach((select) => { select.disabled = !wanted; select.value = ""; });
    });
    dialog.setAttribute("aria-labelledby", dialog.querySelector(`h2[data-for="${stage}"]`).id);
    dialog.querySelector("textarea").value = "";
  }

  function askReason(stage) {
    const dialog = document.getElementById("reason-dialog");
    if (!dialog) return Promise.resolve(null);
    showFieldsFor(dialog, stage);
    dialog.returnValue = "";
    dialog.showModal();
    const select = dialog.querySelector("select:not(:disabled)");
    select.focus();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        const chosen = dialog.returnValue === "move" && select.value;
        resolve(chosen ? { reason_code: select.value, reason: dialog.querySelector("textarea").value } : null);
      }, { once: true });
    });
  }

  function token() {
    return document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  }

  function encoded(fields) {
    const body = new URLSearchParams({ next: location.pathname + location.search });
    for (const [name, value] of Object.entries(fields)) {
      for (const one of [value].flat()) body.append(name, one);
    }
    return body;
  }

  async function send(url, fields) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        body: encoded(fields),
        headers: { "HX-Request": "true", "X-CSRFToken": token() },
      });
    } catch {
      return { ok: false };
    }
    const elsewhere = response.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    const event = JSON.parse(response.headers.get("HX-Trigger") || "{}")["stage-moved"];
    if (!response.ok || !event) return { ok: false };
    const html = await response.text();
    window.htmx.trigger(document.body, "stage-moved", event);
    window.htmx.swap(document.body, html, { swapStyle: "none", swapDelay: 0, settleDelay: 0 });
    return { ok: true, event };
  }

  function complain(text) {
    const box = document.createElement("div");
    box.className = "alert alert-bad";
    box.textContent = text;
    document.getElementById("toasts")?.replaceChildren(box);
  }

  // Where the board shows somebody: whoever was moved by somebody else meanwhile is left where they are
  function stageOf(code) {
    const card = document.querySelector(`[data-board] [data-candidate="${CSS.escape(code)}"]`);
    return card?.closest("[data-stage]")?.dataset.stage || "";
  }

  let sending = false;  // one click is one move, however often somebody clicks

  async function submitMoves(form, submitter) {
    const data = new FormData(form, submitter);
    const to = data.getAll("to").at(-1);
    const reason = leaves(to) && !data.get("reason_code") ? await askReason(to) : {};
    if (!reason) return;
    const fields = Object.fromEntries([...new Set(data.keys())].map((name) => [name, data.getAll(name)]));
    const board = document.querySelector("[data-board]") ? { board: "1", from: data.getAll("candidate").map(stageOf) } : {};
    const sent = await send(form.getAttribute("action"), { ...fields, to, ...board, ...reason });
    if (form.dataset.saysFailed) return void (sent.ok || complain(form.dataset.saysFailed));
    if (!sent.ok) form.submit();  // the page without script says what is wrong
    else form.reset();
  }

  // The answer belongs to the page and not to the form: a list may be drawn anew while it is on its way
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-move-form]");
    if (!form || !window.htmx || event.submitter?.hasAttribute("formaction")) return;
    const data = new FormData(form, event.submitter);
    if (!data.has("candidate") || !data.getAll("to").at(-1)) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    submitMoves(form, event.submitter).finally(() => { sending = false; });
  });

  window.peneiraMoves = { leaves, askReason, send, complain };
})();
