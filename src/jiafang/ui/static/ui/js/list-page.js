// @ts-check
/** Keys and choices in a list: ↑↓ walk the rows, Enter opens one, Esc leaves; ticked rows show what can be done. */
class ListPage extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", (event) => this.ticked(/** @type {HTMLElement} */ (event.target)));
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.pressed(event);
    document.addEventListener("keydown", this.onKey);
    this.foldFilters();
  }

  /** On a phone only the search field stands open until more is asked for, or a filter is at work. */
  foldFilters() {
    const form = this.querySelector(".filters-form");
    const button = this.querySelector(".filters-fold");
    if (!form || !button) return;
    const fold = (/** @type {boolean} */ folded) => {
      form.toggleAttribute("data-folded", folded);
      button.setAttribute("aria-expanded", String(!folded));
    };
    const narrowed = form.querySelector(".filters-clear");
    fold(!narrowed || Boolean(form.querySelector(".filter-extra")));
    button.addEventListener("click", () => fold(!form.hasAttribute("data-folded")));
  }

  disconnectedCallback() {
    if (this.onKey) document.removeEventListener("keydown", this.onKey);
  }

  rows() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll("tbody tr[data-href]")]);
  }

  boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll("input[name=ids]")]);
  }

  /** A click anywhere on the row opens it, unless it meant something else there.
   * @param {MouseEvent} event
   */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("[data-bulk-clear]")) {
      for (const box of this.boxes()) box.checked = false;
      return this.count();
    }
    const row = target.closest("tr[data-href]");
    if (!row || target.closest("a, button, input, label, details, select") || getSelection()?.toString()) return;
    const href = row.getAttribute("data-href") ?? "";
    if (event.ctrlKey || event.metaKey) window.open(href);
    else window.location.assign(href);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]") || target.closest("details.menu[open]")) return;
    const rows = this.rows();
    const here = rows.findIndex((row) => row === target);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (here < 0 && target !== document.body && !this.contains(target)) return;
      const next = rows[here < 0 ? 0 : here + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    } else if (here >= 0 && event.key === "Enter") {
      window.location.assign(rows[here].getAttribute("data-href") ?? "");
    } else if (here >= 0 && event.key === " ") {
      const box = rows[here].querySelector("input[name=ids]");
      if (box instanceof HTMLInputElement) {
        event.preventDefault();
        box.click();
      }
    } else if (here >= 0 && event.key === "Escape") {
      target.blur();
    }
  }

  /** @param {HTMLElement} box */
  ticked(box) {
    if (box instanceof HTMLInputElement && box.matches("[data-bulk-all]")) {
      for (const other of this.boxes()) other.checked = box.checked;
    }
    if (box.matches("[data-bulk-all], [name=ids]")) this.count();
  }

  count() {
    const n = this.boxes().filter((box) => box.checked).length;
    const all = this.querySelector("[data-bulk-all]");
    if (all instanceof HTMLInputElement) {
      all.checked = n > 0 && n === this.boxes().length;
      all.indeterminate = n > 0 && !all.checked;
    }
    const bar = this.querySelector(".bulk");
    if (bar instanceof HTMLElement) bar.hidden = n === 0;
    const said = this.querySelector(".bulk-count");
    if (said) said.textContent = `选中 ${n} 条`;
  }
}

customElements.define("list-page", ListPage);
