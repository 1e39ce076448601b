// @ts-check
/** A list of rows in a form: add, remove, move up and down. Without JavaScript the rows that stand are still sent. */

/** `<row-list>` holds `[data-rows]` with a `[data-row]` each, a `<template>` of a new row, and a `[data-add]` button. */
export class RowList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      const row = /** @type {HTMLElement | null} */ (target.closest("[data-row]"));
      if (target.closest("[data-add]")) this.add();
      else if (row && target.closest("[data-remove]")) this.drop(row);
      else if (row && target.closest("[data-up]")) this.move(row, row.previousElementSibling, "beforebegin", "[data-up]");
      else if (row && target.closest("[data-down]")) this.move(row, row.nextElementSibling, "afterend", "[data-down]");
    });
  }

  add() {
    const fresh = this.querySelector("template")?.content.firstElementChild?.cloneNode(true);
    if (!(fresh instanceof HTMLElement)) return;
    this.querySelector("[data-rows]")?.append(fresh);
    this.tell();
    /** @type {HTMLElement | null} */ (fresh.querySelector("input:not([type=hidden]), textarea, select"))?.focus();
  }

  /** @param {HTMLElement} row */
  drop(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.tell();
    const focus = next?.querySelector("[data-remove]") ?? this.querySelector("[data-add]");
    if (focus instanceof HTMLElement) focus.focus();
  }

  /**
   * @param {HTMLElement} row
   * @param {Element | null} other
   * @param {"beforebegin" | "afterend"} where
   * @param {string} button
   */
  move(row, other, where, button) {
    if (!other) return;
    other.insertAdjacentElement(where, row);
    this.tell();
    const focus = row.querySelector(button);
    if (focus instanceof HTMLElement) focus.focus();
  }

  tell() {
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("row-list", RowList);
