// Enquiry sheets: one shown at a time, and all of them saved, for somebody to read the cases by.

"use strict";

const enquirySheets = (() => {
  let frame = by("sheet");
  let shown = "";
  let ids = [];

  const reader = () => by("sheets-reader").value.trim();

  const saving = (text, args, kind = "") =>
    button(text, () => attempt(() => save("sheets", { reader: reader(), ...args }, "Making the enquiry sheets")), kind);

  const beside = (text, by) => {
    const id = ids[ids.indexOf(shown) + by];
    return id === undefined ? null : button(text, () => attempt(() => show(id)));
  };

  const next = () =>
    [
      saving("Save all as Word documents", { form: "docx" }, "main"),
      saving("Save all as workbooks", { form: "xlsx" }),
      saving("Save all as one page", { form: "html" }),
      saving("Save this one as a document", { form: "docx", case: shown }),
      button("Print this one", () => frame.contentWindow.print()),
      beside("The case before", -1),
      beside("The next case", 1),
    ].filter(Boolean);

  const show = async (id) => {
    const reply = await engine.ask("sheet", { case: id || null, reader: reader() }, "Making the enquiry sheet");
    shown = reply.case;
    ids = reply.cases;
    by("sheets-sums").textContent = reply.words;
    by("sheets-case").replaceChildren(...ids.map((one) => option(one, one, one === shown)));
    by("sheets-next").replaceChildren(...next());
    frame = inNewFrame("sheet", reply.html);
    state.say(`The sheet of ${shown} is shown.`);
  };

  const listen = () => {
    by("sheets-case").addEventListener("change", () => attempt(() => show(by("sheets-case").value)));
    by("sheets-reader").addEventListener("change", () => attempt(() => show(shown)));
    steps.onShow("sheets", () => show(shown));
  };

  const clear = () => {
    shown = "";
  };

  return { listen, clear };
})();
