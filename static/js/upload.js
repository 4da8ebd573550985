/* Files dropped onto the form, listed before they are sent, and how far the sending is.
   Without this the form is a file input and a button. */
(function () {
  "use strict";

  const form = document.querySelector("[data-upload]");
  if (!form || !window.DataTransfer) return;
  const words = form.dataset;
  const zone = form.querySelector("[data-drop-zone]");
  const input = form.querySelector("[data-files]");
  const list = form.querySelector("[data-chosen-list]");
  const most = Number(words.mostFiles);
  const mostBytes = Number(words.mostMegabytes) * 1024 * 1024;
  form.querySelectorAll("[data-without-drop]").forEach((element) => { element.hidden = true; });

  function size(bytes) {
    const unit = bytes < 1024 * 1024 ? "kilobyte" : "megabyte";
    const amount = bytes / (unit === "kilobyte" ? 1024 : 1024 * 1024);
    const digits = { maximumFractionDigits: amount < 10 ? 1 : 0 };
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, ...digits }).format(amount);
  }

  function setFiles(files) {
    const chosen = new DataTransfer();
    files.forEach((file) => chosen.items.add(file));
    input.files = chosen.files;
    show();
  }

  function problemOf(file) {
    if (file.size > mostBytes) return words.textTooLarge;
    return file.size === 0 ? words.textEmpty : "";
  }

  function line(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "chosen-name";
    name.textContent = file.name;
    const about = document.createElement("span");
    about.className = "small num";
    about.textContent = size(file.size);
    const problem = document.createElement("span");
    problem.className = "small chosen-problem";
    problem.textContent = problemOf(file);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button-quiet button-small";
    remove.setAttribute("aria-label", words.textRemove.replace("%(name)s", file.name));
    remove.textContent = "×";
    remove.addEventListener("click", () => {
      setFiles([...input.files].filter((other) => other !== file));
      (list.querySelector("button") || input).focus();
    });
    item.append(name, problem, about, remove);
    return item;
  }

  function show() {
    const files = [...input.files];
    form.querySelector("[data-chosen]").hidden = files.length === 0;
    list.replaceChildren(...files.map(line));
    const count = words.textChosen.replace("%(number)s", files.length);
    form.querySelector("[data-chosen-count]").textContent =
      files.length > most ? `${count}. ${words.textTooMany}` : count;
  }

  function known(file) {
    return [...input.files].some((other) => other.name === file.name && other.size === file.size);
  }

  input.addEventListener("change", show);

  /* A file dropped beside the zone must not open in the place of the page */
  ["dragover", "drop"].forEach((kind) => document.addEventListener(kind, (event) => event.preventDefault()));
  ["dragenter", "dragover"].forEach((kind) => zone.addEventListener(kind, () => zone.classList.add("is-over")));
  ["dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, () => zone.classList.remove("is-over")));
  zone.addEventListener("drop", (event) => {
    const dropped = [...event.dataTransfer.files].filter((file) => !known(file));
    setFiles([...input.files, ...dropped]);
  });

  /* Sent by script only to show how far it is; the answer is the page the browser would have come to */
  form.addEventListener("submit", (event) => {
    if (!input.files.length || input.files.length > most) return;
    event.preventDefault();
    const progressLine = form.querySelector("[data-sending]");
    const text = form.querySelector("[data-sending-text]");
    const bar = progressLine.querySelector("progress");
    const button = form.querySelector("button[type=submit]");
    const request = new XMLHttpRequest();
    progressLine.hidden = false;
    button.disabled = true;
    const failed = () => {
      text.textContent = words.textFailed;
      button.disabled = false;
    };
    request.upload.addEventListener("progress", (progress) => {
      if (!progress.lengthComputable) return;
      const percent = Math.round((100 * progress.loaded) / progress.total);
      bar.value = percent;
      text.textContent = words.textSending.replace("%(percent)s", percent).replace("%%", "%");
    });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) window.location.assign(request.responseURL);
      else failed();
    });
    request.addEventListener("error", failed);
    request.open("POST", form.action || window.location.href);
    request.send(new FormData(form));
  });
})();
