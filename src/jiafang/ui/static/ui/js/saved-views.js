// @ts-check
/** Filters somebody comes back to, kept on this machine: a name and the address it stands for. */

const PREFIX = "jiafang:views:";

class SavedViews extends HTMLElement {
  connectedCallback() {
    this.draw();
  }

  /** @returns {{name: string, query: string}[]} */
  views() {
    return JSON.parse(localStorage.getItem(PREFIX + this.getAttribute("name")) ?? "[]");
  }

  /** @param {{name: string, query: string}[]} views */
  keep(views) {
    localStorage.setItem(PREFIX + this.getAttribute("name"), JSON.stringify(views));
    this.draw();
  }

  draw() {
    const views = this.views();
    const query = this.getAttribute("query") ?? "";
    this.hidden = !views.length && !query;
    const menu = document.createElement("details");
    menu.className = "menu";
    const summary = document.createElement("summary");
    summary.className = "btn btn-quiet";
    summary.textContent = "常用筛选";
    const sheet = document.createElement("div");
    sheet.className = "menu-sheet";
    for (const view of views) sheet.append(this.line(view));
    if (query) sheet.append(this.form(query));
    menu.append(summary, sheet);
    this.replaceChildren(menu);
  }

  /** @param {{name: string, query: string}} view */
  line(view) {
    const row = document.createElement("div");
    row.className = "btn-row";
    const link = document.createElement("a");
    link.className = "menu-item line-text";
    link.href = `?${view.query}`;
    link.textContent = view.name;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-quiet btn-icon";
    drop.textContent = "✕";
    drop.setAttribute("aria-label", `不再保留“${view.name}”`);
    drop.addEventListener("click", () => this.keep(this.views().filter((other) => other.name !== view.name)));
    row.append(link, drop);
    return row;
  }

  /** @param {string} query */
  form(query) {
    const form = document.createElement("form");
    form.className = "saved-views-form";
    const input = document.createElement("input");
    input.className = "form-control";
    input.placeholder = "给现在的筛选起个名字";
    input.setAttribute("aria-label", input.placeholder);
    input.maxLength = 20;
    input.required = true;
    const button = document.createElement("button");
    button.className = "btn btn-primary";
    button.textContent = "存下";
    form.append(input, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const name = input.value.trim();
      this.keep([...this.views().filter((view) => view.name !== name), { name, query }]);
    });
    return form;
  }
}

customElements.define("saved-views", SavedViews);
