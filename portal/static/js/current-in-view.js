// [data-current-in-view] on a row of links that scrolls sideways: the current one is in sight from the start.
"use strict";
for (const row of document.querySelectorAll("[data-current-in-view]")) {
  const current = row.querySelector("[aria-current]");
  if (!current) continue;
  const [outer, inner] = [row.getBoundingClientRect(), current.getBoundingClientRect()];
  row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}
