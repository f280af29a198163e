// Findings: what comes first, in a line, and below it the page of the report, as it would be saved.

"use strict";

// Links within the report lead to places in it, and are followed here; no other link is followed at all.
const followWithin = (frame) => {
  frame.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    goTo(frame, link.getAttribute("href") || "");
  });
};

const goTo = (frame, place) => {
  if (!/^#[\w-]+$/.test(place)) return;
  const { location } = frame.contentWindow;
  location.replace(location.href.split("#")[0] + place);
  const target = frame.contentDocument.getElementById(place.slice(1));
  if (target) target.scrollIntoView();
};

// The frame is as tall as what is in it, so that there is one page to scroll and not two.
const asTallAsItsContents = (frame) => {
  const page = frame.contentDocument.documentElement;
  const fit = () => {
    frame.style.height = `${Math.ceil(page.getBoundingClientRect().height)}px`;
  };
  new ResizeObserver(fit).observe(page);
  fit();
};

// A page of the engine is written into a new frame each time. As its srcdoc, or under an address, a browser would keep it: Firefox
// writes what stands in srcdoc to its disk, so that it can open the tab again.
const inNewFrame = (id, text) => {
  const frame = by(id).cloneNode(false);
  frame.setAttribute("sandbox", "allow-same-origin allow-scripts allow-modals");
  by(id).replaceWith(frame);
  const page = frame.contentDocument;
  page.open();
  page.write(text);
  page.close();
  followWithin(frame);
  asTallAsItsContents(frame);
  return frame;
};

const findings = (() => {
  let frame = by("report");

  const next = (waiting) => [
    waiting ? button(`Answer ${counted(waiting, "open question")}`, () => steps.go("desk"), "main") : null,
    button("Save or share", () => steps.go("downloads"), waiting ? "" : "main"),
    button("Enquiry sheets", () => steps.go("sheets")),
    button("Compare with last time", () => steps.go("comparison")),
    button("Print the report", () => frame.contentWindow.print()),
  ];

  const show = (result) => {
    frame = inNewFrame("report", result.report_html);
    by("findings-sums").textContent = result.words;
    by("findings-next").replaceChildren(...next(result.waiting).filter(Boolean));
    by("why-case").replaceChildren(...result.cases.map((id) => option(id, id)));
    by("why-criterion").replaceChildren(...result.criteria.map(({ id, title }) => option(id, title)));
    by("why-answer").replaceChildren();
    state.say(`Done. ${result.words}`);
  };

  return { show };
})();

const explanation = ({ item_label, sentences, proof }) => [
  item_label ? make("h3", { text: item_label }) : null,
  ...sentences.map((text) => make("p", { text })),
  opening("Every condition, and what was read for it", make("pre", { class: "proof", tabindex: "0", text: proof })),
];

const explain = async () => {
  const reply = await engine.ask("explain", { case: by("why-case").value, criterion: by("why-criterion").value });
  by("why-answer").replaceChildren(
    make("h2", { text: `${reply.case}: ${reply.title}` }),
    reply.words ? make("p", { text: reply.words }) : "",
    ...reply.findings.flatMap(explanation).filter(Boolean),
  );
  by("why-answer").focus();
};

by("why-form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(explain);
});
