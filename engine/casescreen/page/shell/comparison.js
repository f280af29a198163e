// Since last time: the findings of an earlier day beside those of now.

"use strict";

const comparison = (() => {
  const AT_FIRST = 10;
  let earlier = null;

  const tile = ({ title, count }) =>
    make("div", { class: "tile" }, make("dt", { text: title }), make("dd", {}, make("b", { text: count.toLocaleString("en-GB") })));

  const list = ({ title, meaning, count, lines, more_lines }) => {
    const rows = lines.map(({ case: id, owner, says }) =>
      make("li", {}, make("b", { text: id }), make("span", { class: "owner", text: owner || "" }), make("span", { class: "says", text: says })),
    );
    return make(
      "section",
      {},
      make("h2", { text: `${title}: ${count.toLocaleString("en-GB")}` }),
      meaning ? make("p", { class: "note", text: meaning }) : "",
      rows.length ? make("ul", { class: "cases changes" }, rows.slice(0, AT_FIRST)) : "",
      rows.length > AT_FIRST
        ? opening(`And ${(count - AT_FIRST).toLocaleString("en-GB")} more`, make("ul", { class: "cases changes" }, rows.slice(AT_FIRST)), andMore(more_lines) || "")
        : "",
    );
  };

  const take = async (files) => {
    if (!files.length) return;
    const one = { file: files[0], id: null, kind: "findings" };
    held.beside = [...held.beside.filter(({ kind }) => kind !== "findings"), one];
    try {
      await compare(one);
    } catch (fault) {
      if (fault instanceof Mistake) await engine.forget(one);
      throw fault;
    }
  };

  const compare = async (one) => {
    await engine.giveFiles();
    const reply = await engine.ask("compare", { id: one.id }, "Comparing");
    earlier = one;
    by("compared").replaceChildren(
      make("p", { class: "large block", text: reply.sentences[0] || reply.words }),
      ...reply.sentences.slice(1).map((text) => make("p", { text })),
      make("dl", { class: "sums" }, reply.classes.map(tile)),
      ...reply.classes.filter(({ count }) => count).map(list),
      reply.notes.length ? opening("What to bear in mind", bullets(reply.notes)) : "",
      make("div", { class: "row" }, button("Save what has changed", () => attempt(() => save("comparison", { id: one.id }, "Writing it down")))),
    );
    state.say(`Done. ${reply.sentences[0] || reply.words}`);
    focusOn(by("compared"));
  };

  // Findings that came with the cases are compared as soon as somebody asks what has changed.
  const opened = async () => {
    const came = [...held.beside, ...held.read].find(({ kind }) => kind === "findings");
    if (came && came !== earlier) await compare(came);
  };

  const listen = () => {
    by("earlier").addEventListener("change", () => attempt(() => take(taken(by("earlier")))));
    droppable(by("earlier-drop"), take);
    steps.onShow("comparison", opened);
  };

  const clear = () => {
    earlier = null;
    by("compared").replaceChildren();
  };

  return { listen, clear };
})();
