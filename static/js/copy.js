// A button that copies what stands in a field: <button data-copies="link" data-said="Copied" hidden>Copy</button>.
// Without JavaScript, or where the browser keeps the clipboard shut, it stays hidden: the field can be copied by hand.
"use strict";

(function () {
  if (!navigator.clipboard) {
    return;
  }
  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async function () {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        return; // refused: what is selected can still be copied by hand
      }
      button.textContent = button.dataset.said;
      setTimeout(function () {
        button.textContent = words;
      }, 4000);
    });
  }
})();
