// @ts-check
/** What runs on every page: components, htmx's token and errors, dialogs, the palette, keys. */
import "./toast.js";
import "./list-page.js";
import "./saved-views.js";
import "./autosave.js";
import "./chart-view.js";
import "./map-view.js";
import "./copy-button.js";
import { guardForms } from "./confirm.js";
import { forgetDrafts } from "./drafts.js";
import { csrfToken } from "./page.js";
import { showToast } from "./toast.js";

/** @param {string} id */
const dialog = (id) => /** @type {HTMLDialogElement | null} */ (document.getElementById(id));

/** Sheets and the palette open by `data-open`, close by `data-close`, a tap beside them, or Esc. */
function openAndClose() {
  document.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const opener = target.closest("[data-open]");
    if (opener) dialog(opener.getAttribute("data-open") ?? "")?.showModal();
    if (target.closest("[data-close]") || target.matches("dialog.sheet, dialog.palette")) target.closest("dialog")?.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target)) menu.removeAttribute("open");
    }
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[data-back]")) window.history.back();
  });
  for (const button of document.querySelectorAll("[data-back]")) {
    if (button instanceof HTMLElement && window.history.length > 1) button.hidden = false;
  }
}

/** "/" looks for something, Esc closes an open menu. Keys typed into a field stay there. */
function keys() {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      dialog("search-palette")?.showModal();
    }
    if (event.key === "Escape") {
      const menu = target.closest("details.menu[open]");
      menu?.removeAttribute("open");
      menu?.querySelector("summary")?.focus();
    }
  });
  dialog("search-palette")?.addEventListener("keydown", (event) => {
    // a search field would only empty itself
    if (event.key === "Escape") dialog("search-palette")?.close();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const palette = /** @type {HTMLElement} */ (event.currentTarget);
    const stops = [...palette.querySelectorAll("input[type=search], .palette-found a")];
    const here = stops.indexOf(/** @type {Element} */ (document.activeElement));
    const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (next instanceof HTMLElement) {
      event.preventDefault();
      next.focus();
    }
  });
}

/** Every htmx request carries the token; a refused one says why in a toast. */
function htmxManners() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    /** @type {CustomEvent} */ (event).detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const xhr = /** @type {CustomEvent} */ (event).detail.xhr;
    if (xhr.status === 401) {
      window.location.reload();
      return;
    }
    const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const said = answer.querySelector(".note")?.textContent?.trim().replace(/\s+/g, " ");
    showToast({ text: said || "没有办成，请稍后再试。", bad: true });
  });
  document.body.addEventListener("htmx:sendError", () => {
    showToast({ text: "网络不通，没有办成。连上网后再试一次。", bad: true });
  });
  document.body.addEventListener("toast", (event) => showToast(/** @type {CustomEvent} */ (event).detail));
}

openAndClose();
keys();
htmxManners();
guardForms();
const wrong = document.querySelector("[data-focus]");
if (wrong instanceof HTMLElement) wrong.focus();
for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", forgetDrafts);
