// Since last time: the findings of an earlier day beside those of now.

"use strict";

const comparison = (() => {
  let earlier = null;

  const list = ({ title, meaning, count, lines, more }) => {
    const rows = lines.map(({ case: id, owner, says }) =>
      make("li", {}, make("b", { text: id }), " ", make("span", { class: "owner", text: owner || "" }), make("span", { class: "says", text: says })),
    );
    return make(
      "section",
      {},
      make("h2", { text: `${title}: ${count.toLocaleString("en-GB")}` }),
      meaning ? make("p", { class: "note", text: meaning }) : "",
      rows.length ? make("ol", { class: "changes" }, rows) : "",
      andMore(more) || "",
    );
  };

  const compare = async (files) => {
    if (!files.length) return;
    const one = { file: files[0], id: null };
    held.files = [...held.files.filter((other) => other !== earlier), one];
    earlier = one;
    await engine.giveFiles();
    const told = await engine.ask("compare", { id: one.id }, "Comparing");
    by("compared").replaceChildren(
      make("p", { class: "large", text: told.words }),
      make("dl", { class: "sums" }, told.classes.map(({ title, count }) => make("div", { class: "tile" }, make("dt", { text: title }), make("dd", {}, make("b", { text: String(count) }))))),
      ...told.classes.filter(({ count }) => count).map(list),
    );
    focusOn(by("compared"));
  };

  const listen = () => {
    by("earlier").addEventListener("change", () => attempt(() => compare([...by("earlier").files])));
    droppable(by("earlier-drop"), compare);
  };

  const clear = () => {
    earlier = null;
    by("compared").replaceChildren();
  };

  return { listen, clear };
})();
