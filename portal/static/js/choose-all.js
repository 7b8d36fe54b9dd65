// [data-choose-all] on a list: its first box ticks all the others.
"use strict";
for (const list of document.querySelectorAll("[data-choose-all]")) {
  const [all, ...others] = list.querySelectorAll("input[type=checkbox]");
  all.addEventListener("change", () => {
    for (const other of others) other.checked = all.checked;
  });
  list.addEventListener("change", (event) => {
    if (event.target !== all && !event.target.checked) all.checked = false;
  });
}
