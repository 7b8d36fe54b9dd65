// [data-auto-submit] on a form: a choice in one of its select boxes shows the list at once.
"use strict";
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
}
