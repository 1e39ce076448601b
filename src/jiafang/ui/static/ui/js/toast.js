// @ts-check
/** A short word after an act, with ten seconds to take it back. */
import { csrfToken } from "./page.js";

const SECONDS = 10;

/** `<toast-note text undo bad>`; `undo` is the address that takes the act back when it is POSTed. */
class ToastNote extends HTMLElement {
  connectedCallback() {
    const place = this.closest(".toasts");
    const undo = this.getAttribute("undo");
    const said = document.createElement("span");
    said.textContent = this.getAttribute("text");
    this.replaceChildren(said);
    if (undo) this.append(this.undoForm(undo, place?.getAttribute("data-undo-label") ?? ""));
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "✕";
    close.setAttribute("aria-label", place?.getAttribute("data-close-label") ?? "");
    close.addEventListener("click", () => this.remove());
    this.append(close);
    this.countDown(undo ? SECONDS : this.hasAttribute("bad") ? SECONDS : 5);
  }

  /**
   * @param {string} address
   * @param {string} label
   */
  undoForm(address, label) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = csrfToken();
    const button = document.createElement("button");
    button.append(`${label} `, document.createElement("span"));
    form.append(token, button);
    return form;
  }

  /** Stops while somebody reads or aims at it.
   * @param {number} seconds
   */
  countDown(seconds) {
    const shown = this.querySelector("form button span");
    const tick = () => {
      if (shown) shown.textContent = String(seconds);
      if (seconds <= 0) this.remove();
      if (!this.isConnected) clearInterval(timer);
      if (!this.matches(":hover, :focus-within")) seconds -= 1;
    };
    const timer = setInterval(tick, 1000);
    tick();
  }
}

/** @param {{text: string, undo?: string, bad?: boolean}} toast */
export function showToast({ text, undo, bad }) {
  const note = document.createElement("toast-note");
  note.setAttribute("text", text);
  if (undo) note.setAttribute("undo", undo);
  if (bad) note.setAttribute("bad", "");
  document.getElementById("toasts")?.append(note);
}

customElements.define("toast-note", ToastNote);
