// Draws a Markdown text anew while it is typed; hangs on <form data-preview="url"> and fills #preview.
"use strict";
(() => {
  const form = document.querySelector("form[data-preview]");
  const shown = document.getElementById("preview");
  if (!form || !shown) return;
  const PAUSE = 400;
  let waiting = 0;
  let latest = 0;

  async function draw() {
    const mine = ++latest;
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      // The server has cleaned this HTML; an answer that was overtaken by a later one is dropped.
      if (answer.ok && mine === latest) shown.innerHTML = (await answer.json()).html;
    } catch {
      // Without network the last preview stays; saving works as soon as it is back.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, PAUSE);
  });
})();
