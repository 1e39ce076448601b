// @ts-check
/** The timetable as a calendar. A dragged trip asks the server first; what a rule forbids goes back to its place. */
import { csrfToken, dataOf, loadLibrary } from "../../ui/js/page.js";
import { showToast } from "../../ui/js/toast.js";

/**
 * @typedef {{id: string, start: string, end: string, words: string}} Slot
 * @typedef {{events: any[], slots: Slot[], move: string, date: string, few: boolean, words: Record<string, string>}} Spec
 * @typedef {{allowed: boolean, text: string, minutes: number, again: number, undo?: string, message?: string}} Answer
 */

const PHONE = window.matchMedia("(max-width: 767.98px)");

/** "2026-03-02T17:30" in the machine's own clock, as the events are written.
 * @param {Date} moment
 */
function written(moment) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}:00`;
}

class TimetableCalendar extends HTMLElement {
  /** When a trip was last let go: the click that follows opens nothing. */
  dropped = 0;

  async connectedCallback() {
    this.spec = /** @type {Spec} */ (dataOf(this));
    await loadLibrary(this.getAttribute("library") ?? "");
    if (!this.isConnected) return;
    const place = document.createElement("div");
    this.append(place);
    // @ts-ignore the library is a classic script
    this.calendar = window.EventCalendar.create(place, this.options());
    this.tidy(place);
    new MutationObserver(() => this.tidy(place)).observe(place, { childList: true, subtree: true });
  }

  /** Says for readers of the screen what the library leaves unsaid.
   * @param {HTMLElement} place
   */
  tidy(place) {
    const { words } = /** @type {Spec} */ (this.spec);
    for (const name of ["prev", "next"]) {
      place.querySelector(`button.ec-${name}`)?.setAttribute("aria-label", words[name]);
    }
    // It claims tables and lists that it does not keep to; plain boxes with dates and links read better.
    for (const item of place.querySelectorAll(".ec[role], .ec [role]")) {
      if (item.getAttribute("role") !== "button") item.removeAttribute("role");
    }
    for (const name of ["colindex", "rowindex", "colcount", "rowcount", "colspan", "rowspan"]) {
      for (const item of place.querySelectorAll(`[aria-${name}]`)) item.removeAttribute(`aria-${name}`);
    }
    for (const head of place.querySelectorAll("h4")) head.setAttribute("role", "presentation");
  }

  disconnectedCallback() {
    // @ts-ignore
    if (this.calendar) window.EventCalendar.destroy(this.calendar);
  }

  /** Trips, and the school's slots as a light ground under them. */
  events() {
    const { events, slots } = /** @type {Spec} */ (this.spec);
    const ground = slots.map((slot) => ({ id: `slot:${slot.id}`, start: slot.start, end: slot.end, display: "background" }));
    return [...ground, ...events];
  }

  options() {
    const { words, date, few } = /** @type {Spec} */ (this.spec);
    // Side by side the trips of a whole school are too thin to read, so its days are lists.
    return {
      view: PHONE.matches ? "listWeek" : few ? "timeGridWeek" : "dayGridWeek",
      date,
      locale: document.documentElement.lang || "zh-CN",
      firstDay: 1,
      height: PHONE.matches || !few ? "auto" : "44rem",
      headerToolbar: { start: "prev,next today", center: "title", end: PHONE.matches ? "listWeek,dayGridMonth" : "dayGridWeek,timeGridWeek,dayGridMonth,listWeek" },
      buttonText: { today: words.today, dayGridWeek: words.days, dayGridMonth: words.month, timeGridWeek: words.week, listWeek: words.list },
      noEventsContent: words.none,
      allDaySlot: false,
      slotMinTime: "08:00:00",
      slotMaxTime: "21:30:00",
      slotDuration: "00:30:00",
      slotHeight: 26,
      nowIndicator: true,
      dayMaxEvents: true,
      eventDurationEditable: false,
      eventStartEditable: true,
      dragScroll: true,
      events: this.events(),
      eventContent: (/** @type {any} */ info) => this.content(info.event, info.view?.type ?? ""),
      eventDragStop: () => {
        this.dropped = Date.now();
      },
      eventDrop: (/** @type {any} */ info) => this.drop(info),
    };
  }

  /**
   * @param {any} event
   * @param {string} view
   */
  content(event, view) {
    if (event.display === "background") return "";
    const title = document.createElement("a");
    title.className = "trip-title";
    title.href = event.extendedProps.href;
    title.draggable = false;
    title.addEventListener("click", (click) => {
      if (Date.now() - this.dropped < 400) click.preventDefault();
    });
    title.textContent = /^(dayGrid|list)/.test(view) ? `${written(event.start).slice(11, 16)} ${event.title}` : event.title;
    const more = document.createElement("span");
    more.className = "trip-more";
    more.textContent = `${event.extendedProps.klass} · ${event.extendedProps.homes}`;
    more.title = event.extendedProps.families;
    return { domNodes: [title, more] };
  }

  /** The slot a trip was dropped on: of that day, the one that holds the hour, else the nearest.
   * @param {Date} moment
   */
  slotAt(moment) {
    const at = written(moment);
    const day = /** @type {Spec} */ (this.spec).slots.filter((slot) => slot.start.slice(0, 10) === at.slice(0, 10));
    const away = (/** @type {Slot} */ slot) => Math.abs(new Date(slot.start).getTime() - moment.getTime());
    return day.find((slot) => slot.start <= at && at < slot.end) ?? day.sort((a, b) => away(a) - away(b))[0];
  }

  /** @param {any} info */
  async drop(info) {
    const { words, move } = /** @type {Spec} */ (this.spec);
    const slot = this.slotAt(info.event.start);
    info.revert();
    if (!slot) {
      showToast({ text: words.no_slot, bad: true });
      return;
    }
    if (slot.id === info.event.extendedProps.slot) return;
    const asked = new URLSearchParams({ what: info.event.id, slot: slot.id });
    const answer = await this.ask(`${move}?${asked}`, "GET");
    if (!answer?.allowed) {
      showToast({ text: answer?.text ?? answer?.message ?? words.refused, bad: true });
      return;
    }
    this.confirm(`${info.event.title} → ${slot.words}`, answer.text, () => this.go(asked));
  }

  /** @param {URLSearchParams} asked */
  async go(asked) {
    const answer = await this.ask(/** @type {Spec} */ (this.spec).move, "POST", asked);
    showToast({ text: answer?.text ?? answer?.message ?? "", undo: answer?.undo, bad: !answer?.allowed });
    await this.refresh();
  }

  async refresh() {
    const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    Object.assign(/** @type {Spec} */ (this.spec), await answer.json());
    this.calendar?.setOption("events", this.events());
  }

  /**
   * @param {string} address
   * @param {string} method
   * @param {URLSearchParams} [body]
   * @returns {Promise<Answer | null>}
   */
  async ask(address, method, body) {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    try {
      return await (await fetch(address, { method, headers, body })).json();
    } catch {
      return null;
    }
  }

  /** The move sheet: what would follow, and yes or no.
   * @param {string} what
   * @param {string} said
   * @param {() => void} then
   */
  confirm(what, said, then) {
    const sheet = document.getElementById("move-sheet");
    const yes = document.getElementById("move-yes");
    if (!(sheet instanceof HTMLDialogElement) || !yes) return;
    /** @type {HTMLElement} */ (document.getElementById("move-what")).textContent = what;
    /** @type {HTMLElement} */ (document.getElementById("move-answer")).textContent = said;
    yes.onclick = () => {
      sheet.close();
      then();
    };
    sheet.showModal();
  }
}

customElements.define("timetable-calendar", TimetableCalendar);
