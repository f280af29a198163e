// Downloads: each is made here, and handed to the browser to be saved.

"use strict";

// Gives a file to the browser. The address it has for that is of this page alone, and is taken back.
const hand = ({ name, type, bytes }) => {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};

const save = async (method, args, words) => {
  const made = await engine.download(method, args, words);
  hand(made);
  state.say(`Saved: ${made.name}, in your folder of downloads.`);
};

const KINDS = [
  { form: "html", title: "The report", text: "A page to read, filter and print. It works on its own, without casescreen." },
  { form: "xlsx", title: "A workbook of actions", text: "One row for each thing to do, with an owner and a day, for the weekly meeting." },
  { form: "docx", title: "A draft letter", text: "The sample in sentences, as a letter would say it, to edit in Word." },
  { form: "json", title: "Findings, for next time", text: "Keep it, and drop it here next week to see what has changed." },
  { form: "csv", title: "Findings as a table", text: "One row for each finding, to sort and count.", forOne: true },
  { form: "md", title: "The report as text", text: "To paste from into a document or a mail." },
];

const readership = () => document.querySelector('[name="reader"]:checked').value;

const sharing = (() => {
  const key = () => [...held.beside, ...held.read].find(({ kind }) => kind === "key");

  const say = (text) => {
    by("key-said").textContent = text;
  };

  const describe = () => {
    if (key()) say(`The key is ${key().file.name}. The same case has the same pseudonym whenever it is used.`);
  };

  const take = async (files) => {
    if (!files.length) return;
    const [before, one] = [held.beside, { file: files[0], id: null, kind: "key" }];
    held.beside = [...before.filter(({ kind }) => kind !== "key"), one];
    await engine.giveFiles();
    if ((await engine.kindOf(one)) !== "key") {
      await engine.forget(one);
      held.beside = before;
      throw new Mistake({ what: `${one.file.name} does not hold a key`, why: "Pseudonyms that are made with anything else could be turned back, or differ from those of last time.", advice: "choose the small file that was saved when the key was made (pseudonyms.key), or press “Make a new key”." });
    }
    describe();
  };

  const makeKey = async () => {
    const made = await engine.download("key", {}, "Making a key");
    hand(made);
    await take([new File([made.bytes], made.name)]);
    say(`A new key was saved as ${made.name}, and is used now. Keep it apart from what you share: who has it can turn pseudonyms back.`);
  };

  const parts = () => {
    const input = make("input", { type: "file", id: "key-file", class: "aside", on: { change: (event) => attempt(() => take(taken(event.target))) } });
    return [
      make("p", { text: "Pseudonyms are made with a key, which is a small file. Use the key of last time, or make one." }),
      make("div", { class: "row" }, make("label", { class: "button", for: "key-file", text: "Choose the key" }), input, button("Make a new key", () => attempt(makeKey))),
      make("p", { class: "note", id: "key-said", role: "status" }),
    ];
  };

  const options = () => {
    const kind = readership();
    if (kind === "pseudonyms" && !key()) {
      throw new Mistake({ what: "There is no key yet", advice: "under “Who is it for?”, press “Make a new key”, or choose the key of last time." });
    }
    return {
      pseudonyms: kind === "pseudonyms",
      key: kind === "pseudonyms" ? key().id : null,
      suppress_under: kind === "figures" ? Number(by("least").value) : null,
      by: by("by").value || null,
    };
  };

  return { parts, options, describe };
})();

const saveReport = async (form) => {
  sharing.options();
  await engine.giveFiles();
  await save("report", { form, ...sharing.options() }, "Making the file");
};

const card = ({ form, title, text, forOne }) => {
  const press = button("Save", () => attempt(() => saveReport(form)));
  press.setAttribute("aria-label", `Save: ${title}`);
  const made = make("li", {}, make("h3", { text: title }), make("p", { text }), press);
  if (forOne) made.dataset.forOne = "";
  return made;
};

const showReadership = () => {
  const kind = readership();
  by("with-key").hidden = kind !== "pseudonyms";
  sharing.describe();
  by("with-least").hidden = kind !== "figures";
  for (const one of document.querySelectorAll("[data-for-one]")) one.hidden = kind === "figures";
};

const downloadsListening = () => {
  by("with-key").append(...sharing.parts());
  by("by").append(option("", "themes"), option("manager", "case manager"), option("team", "team"));
  by("downloads-list").append(...KINDS.map(card));
  by("downloads-form").addEventListener("change", showReadership);
  by("downloads-form").addEventListener("submit", (event) => event.preventDefault());
};
