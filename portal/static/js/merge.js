// [data-merge] on the page about two versions: pressing one of the texts puts it into the field that is saved.
"use strict";
for (const fieldset of document.querySelectorAll("[data-merge]")) {
  const field = fieldset.querySelector("textarea");
  const texts = fieldset.querySelectorAll("[data-theirs], [data-mine]");
  for (const text of texts) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = fieldset.dataset.merge;
    button.addEventListener("click", () => {
      field.value = text.textContent;
      field.focus();
    });
    text.after(button);
  }
}
