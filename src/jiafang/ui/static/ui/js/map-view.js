// @ts-check
/** Places and ways, on a plain ground unless the installation has a tile server. */
import { dataOf, loadLibrary, token } from "./page.js";

/**
 * @typedef {{lat: number, lon: number, label: string, text?: string, href?: string, mark?: string | number,
 *   tone?: "" | "accent" | "school"}} Point
 * @typedef {{points: Point[], ways?: {name?: string, line: [number, number][]}[], tiles?: string, title?: string}} Spec
 */

class MapView extends HTMLElement {
  async connectedCallback() {
    const spec = /** @type {Spec} */ (dataOf(this));
    await loadLibrary(this.getAttribute("library") ?? "");
    if (!this.isConnected || !spec?.points?.length) return;
    const leaflet = window.L;
    const map = leaflet.map(this, { attributionControl: Boolean(spec.tiles), zoomSnap: 0.5 });
    if (spec.tiles) leaflet.tileLayer(spec.tiles, { maxZoom: 18 }).addTo(map);
    leaflet.control.scale({ imperial: false }).addTo(map);
    for (const [n, way] of (spec.ways ?? []).entries()) {
      const look = { color: token(`--chart-${(n % 6) + 1}`), weight: 3, opacity: 0.75, dashArray: n % 2 ? "7 6" : undefined };
      leaflet.polyline(way.line, look).addTo(map);
    }
    for (const point of spec.points) this.pin(leaflet, point).addTo(map);
    map.fitBounds(leaflet.latLngBounds(spec.points.map((point) => [point.lat, point.lon])).pad(0.15), { maxZoom: 16 });
    this.map = map;
  }

  disconnectedCallback() {
    this.map?.remove();
  }

  /**
   * @param {typeof L} leaflet
   * @param {Point} point
   */
  pin(leaflet, point) {
    const said = document.createElement(point.href ? "a" : "span");
    if (said instanceof HTMLAnchorElement) said.href = point.href ?? "";
    said.textContent = point.label;
    const more = document.createElement("div");
    more.textContent = point.text ?? "";
    const box = document.createElement("div");
    box.append(said, more);
    const mark = document.createElement("span");
    mark.textContent = String(point.mark ?? "");
    const icon = leaflet.divIcon({ className: `map-pin map-pin-${point.tone ?? ""}`, html: mark, iconSize: [26, 26] });
    return leaflet.marker([point.lat, point.lon], { icon, title: point.label, alt: point.label }).bindPopup(box);
  }
}

customElements.define("map-view", MapView);
