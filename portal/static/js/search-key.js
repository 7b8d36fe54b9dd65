// "/" puts the cursor into the page's search box [data-search-key], or opens the search behind [data-search-link].
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("[data-search-key]");
  const link = document.querySelector("[data-search-link]");
  if (!box && !link) return;
  event.preventDefault();
  if (box) box.focus();
  else location.assign(link.href);
});
