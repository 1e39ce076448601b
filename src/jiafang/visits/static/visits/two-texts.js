// @ts-check
/** Beside two texts of a record: a tap takes one field of the other text over into the draft that shall stand. */

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("[data-take]");
  if (!button) return;
  const field = document.querySelector(`form [name="${button.getAttribute("data-take")}"]`);
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  field.value = button.getAttribute("data-text") ?? "";
  field.scrollIntoView({ block: "center", behavior: "smooth" });
  field.focus();
});
