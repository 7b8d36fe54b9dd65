// Loads the page again while something is under way; hangs on data-refresh="seconds".
"use strict";
(() => {
  const waiting = document.querySelector("[data-refresh]");
  if (!waiting) return;
  setTimeout(() => {
    if (!document.hidden) location.reload();
    else document.addEventListener("visibilitychange", () => location.reload(), { once: true });
  }, Number(waiting.dataset.refresh) * 1000);
})();
