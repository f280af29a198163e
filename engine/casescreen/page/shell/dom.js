// Making what stands on the page. Whatever comes from a record is only ever text.

"use strict";

const by = (id) => document.getElementById(id);

const ENTERED = new Set(["form", "input", "select", "textarea"]);

// An element. Attributes are set by name; "text" is its text, "on" its listeners, "class" its classes.
// Browsers keep on disk what is entered in a field, unless they are told not to: its form too, for Chromium.
const make = (tag, attributes = {}, ...inside) => {
  const made = document.createElement(tag);
  if (ENTERED.has(tag)) made.setAttribute("autocomplete", "off");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name === "on") for (const [event, does] of Object.entries(value)) made.addEventListener(event, does);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
};

const button = (text, does, kind = "") => make("button", { type: "button", class: kind || null, text, on: { click: does } });

const counted = (number, thing, many = `${thing}s`) => `${number.toLocaleString("en-GB")} ${number === 1 ? thing : many}`;

const bullets = (texts) => make("ul", { class: "wide-list" }, texts.map((text) => make("li", { text })));

// What opens to a list, of which not more than so many lines are on the page.
const opening = (title, ...inside) => make("details", { class: "more" }, make("summary", { text: title }), ...inside);

const andMore = (number) => (number ? make("p", { class: "note", text: `And ${number.toLocaleString("en-GB")} more.` }) : null);

const option = (value, text, chosen = false) => {
  const made = make("option", { value, text });
  made.selected = chosen;
  return made;
};

// A problem as it is told everywhere: what, where, why it matters, what to do.
const problemParts = ({ what, where, why, advice }) => [
  make("p", {}, make("b", { text: what }), where ? ` (${where})` : ""),
  why ? make("p", { text: why }) : null,
  advice ? make("p", {}, make("b", { text: "What to do: " }), advice) : null,
];

// The files of a field, which does not hold them any longer: browsers keep on disk where they are.
const taken = (field) => {
  const files = [...field.files];
  field.value = "";
  return files;
};

const focusOn = (element) => {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
};

const inWords = (iso) => {
  const [year, month, day] = String(iso).split("-").map(Number);
  if (!day) return String(iso);
  return new Date(Date.UTC(year, month - 1, day)).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
};

const todayHere = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};
