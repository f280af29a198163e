// Start: the files and the day, what is made up to try it on, and the workbook to fill in.

"use strict";

const chosen = (() => {
  const list = by("chosen");
  const title = by("chosen-title");

  const remove = (one) => {
    held.files = held.files.filter((other) => other !== one);
    show();
    (held.files.length ? title : by("files")).focus();
  };

  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000)).toLocaleString("en-GB")} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  const line = (one) => {
    const name = pathOf(one.file);
    const off = button("Remove", () => remove(one), "small");
    off.setAttribute("aria-label", `Remove ${name}`);
    return make("li", {}, make("span", {}, name, " ", make("span", { class: "owner", text: `${size(one.file.size)}${one.isReplacing ? ", in place of the one chosen before" : ""}` })), off);
  };

  const show = () => {
    list.replaceChildren(...held.files.slice(0, 50).map(line));
    if (held.files.length > 50) list.append(make("li", { text: `And ${counted(held.files.length - 50, "more file")}.` }));
    title.hidden = !held.files.length;
    title.textContent = `${counted(held.files.length, "file")} chosen`;
  };

  // A file takes the place of one of the same path that was chosen before. Of those that come together, all are kept.
  const add = (files) => {
    steps.clear();
    const paths = new Set(files.map(pathOf));
    const before = new Set(held.files.map(({ file }) => pathOf(file)).filter((path) => paths.has(path)));
    held.files = held.files.filter(({ file }) => !before.has(pathOf(file)));
    held.files.push(...files.map((file) => ({ file, id: null, isReplacing: before.has(pathOf(file)) })));
    show();
    if (!files.length) return;
    const replacing = before.size
      ? ` In place of a file of the same name: ${[...before].slice(0, 5).join(", ")}${before.size > 5 ? " and others" : ""}. To have both, call them otherwise.`
      : "";
    state.say(`${counted(files.length, "file")} added. ${counted(held.files.length, "file")} chosen in all.${replacing}`);
  };

  return { add, show };
})();

// Where the files of a dropped folder are in it: those of a chosen one say so themselves.
const pathsInFolders = new WeakMap();

const pathOf = (file) => pathsInFolders.get(file) || file.webkitRelativePath || file.name;

// A place to drop files on, which a dropped folder is walked through for.
const droppable = (place, take) => {
  const over = (event, is) => {
    event.preventDefault();
    place.classList.toggle("over", is);
  };
  place.addEventListener("dragover", (event) => over(event, true));
  place.addEventListener("dragleave", (event) => over(event, false));
  place.addEventListener("drop", (event) => {
    over(event, false);
    event.stopPropagation();
    takeDropped(event.dataTransfer, take);
  });
};

const takeDropped = (dropped, take) => {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  const files = [...dropped.files];
  telling(async () => {
    if (!entries.some((one) => one && one.isDirectory)) return take(files);
    const { found, isWhole } = await filesBelow(entries);
    await take(found);
    if (!isWhole) tellCut();
  });
};

const MOST_FILES = 5000;

const tellCut = () =>
  tell(
    "Not the whole folder was taken",
    make("p", { text: `Of a folder that is dropped, the first ${MOST_FILES.toLocaleString("en-GB")} files are taken. Those after them are not among the chosen files.` }),
    make("p", {}, make("b", { text: "What to do: " }), "press F5 to begin anew, and drop the folders in it a part at a time, or only the files with cases."),
  );

const filesBelow = async (entries) => {
  const found = [];
  const waiting = entries.filter(Boolean);
  while (waiting.length && found.length < MOST_FILES) {
    const entry = waiting.shift();
    if (entry.isFile) found.push(await fileOf(entry));
    else waiting.push(...(await entriesIn(entry)));
  }
  return { found, isWhole: !waiting.length };
};

// Chromium refuses to a page that was opened from disk what is in a folder that is dropped on it.
const NO_FOLDER = {
  what: "This browser does not let the page read a folder that is dropped on it",
  advice: "press “Choose a folder”, and choose it there; or open the folder, and drop the files in it.",
};

const fileOf = async (entry) => {
  let file;
  try {
    file = await new Promise((done, failed) => entry.file(done, failed));
  } catch {
    throw new Mistake(NO_FOLDER);
  }
  pathsInFolders.set(file, entry.fullPath.replace(/^\/+/, ""));
  return file;
};

const entriesIn = async (folder) => {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    let some;
    try {
      some = await new Promise((done, failed) => reader.readEntries(done, failed));
    } catch {
      throw new Mistake(NO_FOLDER);
    }
    if (!some.length) return all;
    all.push(...some);
  }
};

// A day as it is written here, 31/12/2016, for what the engine takes: 2016-12-31.
const asIso = (text) => {
  const parts = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text);
  return parts ? `${parts[3]}-${parts[2].padStart(2, "0")}-${parts[1].padStart(2, "0")}` : text;
};

const settings = () => ({
  rules: by("rules").value || null,
  as_of: by("as-of").value,
  taken_on: by("taken-on").value,
  holidays: by("holidays").value.split(/[\s,;]+/).filter(Boolean).map(asIso),
});

const showRulebooks = ({ rulebooks, version }) => {
  const rules = by("rules");
  const describe = () => {
    const one = rulebooks.find(({ id }) => id === rules.value);
    by("rules-about").textContent = (one && one.description) || "";
  };
  rules.replaceChildren(...rulebooks.map(({ id, title }) => option(id, title)));
  rules.addEventListener("change", describe);
  by("made-by").textContent = `casescreen ${version}`;
  describe();
};

const useSample = async () => {
  if (!(await mayDiscard())) return;
  forgetRun({ andFiles: true });
  const { as_of, taken_on } = await engine.ask("use_sample", {}, "Laying out the made-up cases");
  held.sample = true;
  await readCases({ as_of, taken_on });
};

const useFiles = async () => {
  if (!held.files.length) {
    tell(
      "No file is chosen yet",
      make("p", { text: "Drop your files in the box, or press “Choose files”. To look around first, press “Try it with made-up cases”." }),
    );
    return;
  }
  if (!(await mayDiscard())) return;
  forgetRun({ andFiles: false });
  await readCases();
};

const startListening = () => {
  by("as-of").value = by("taken-on").value = todayHere();
  by("whole-folder").hidden = !("webkitdirectory" in document.createElement("input"));
  for (const id of ["files", "folder"]) {
    by(id).addEventListener("change", () => {
      chosen.add(taken(by(id)));
    });
  }
  droppable(by("drop"), chosen.add);
  // A file that misses the box must not be opened by the browser in place of this page.
  for (const event of ["dragover", "drop"]) {
    window.addEventListener(event, (dropped) => {
      dropped.preventDefault();
      if (event === "drop" && steps.shown() === "start") takeDropped(dropped.dataTransfer, chosen.add);
    });
  }
  by("sample").addEventListener("click", () => attempt(useSample));
  by("template").addEventListener("click", () => attempt(() => save("template", { rules: by("rules").value || null }, "Making the workbook")));
  by("cases").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(useFiles);
  });
};
