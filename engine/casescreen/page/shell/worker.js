// The engine: Python in a Web Worker, made of nothing but the parts that the page hands over.
//
// The page sends {start: {parts, module, today}}, then requests {id, does, ...}. The worker answers {id, ok} or
// {id, fault}, and sends {progress}, {compiled}, {ready}, {failed} and {refused} of its own accord.

"use strict";

const PYTHON_HOME = "/lib/python3.14/site-packages/";
const LIBRARY = "python_stdlib.zip";
const MACHINE = "pyodide.asm.wasm";

let python; // pyodide, once it is there
let session; // casescreen.page.session.Session
let download; // its download, which gives what is wrong in place of a file

// The browser tells nobody but this worker of what its policy refused here.
self.addEventListener("securitypolicyviolation", (event) =>
  self.postMessage({ refused: `${event.effectiveDirective} ${event.blockedURI}` }),
);

// Parts are written in letters, five for four bytes: those of Python's b85encode, with a comma where it has "<".
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";
const VALUES = new Uint8Array(128);
[...LETTERS].forEach((letter, value) => (VALUES[letter.charCodeAt(0)] = value));

const bytesOf = (text) => {
  const groups = Math.ceil(text.length / 5);
  const padded = text.padEnd(groups * 5, "~");
  const bytes = new DataView(new ArrayBuffer(groups * 4));
  for (let group = 0, at = 0; group < groups; group += 1) {
    let value = 0;
    for (const end = at + 5; at < end; at += 1) value = value * 85 + VALUES[padded.charCodeAt(at)];
    bytes.setUint32(group * 4, value);
  }
  return new Uint8Array(bytes.buffer, 0, groups * 4 - (padded.length - text.length));
};

const unpacked = (text) => new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));

const arrived = async (text) => new Uint8Array(await new Response(unpacked(text)).arrayBuffer());

const compiled = (text) =>
  WebAssembly.compileStreaming(new Response(unpacked(text), { headers: { "Content-Type": "application/wasm" } }));

const imported = async (source) => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
};

// The interpreter asks for its parts by address. None is fetched: each is in the table, and nothing else is there.
const giveParts = (table, module) => {
  self.fetch = async (address) => {
    const name = String(address).split("/").pop();
    if (name === MACHINE) return new Response(""); // compiled already
    if (!(name in table)) throw new TypeError(`There is no part ${name}.`);
    return new Response(table[name]);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module,
    instance: await WebAssembly.instantiate(module, imports),
  });
};

// A zip whose entries are stored, not packed: [name, bytes] of each file in it.
const filesIn = function* (zip) {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const words = new TextDecoder();
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const size = view.getUint32(at + 22, true);
    const name = at + 30;
    const from = name + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    yield [words.decode(zip.subarray(name, name + view.getUint16(at + 26, true))), zip.subarray(from, from + size)];
    at = from + size;
  }
};

const layOut = (FS, zip) => {
  const made = new Set();
  for (const [name, bytes] of filesIn(zip)) {
    const path = PYTHON_HOME + name;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) FS.mkdirTree(folder);
    made.add(folder);
    FS.writeFile(path, bytes, { canOwn: true });
  }
};

const say = (text, done, whole) => self.postMessage({ progress: { text, done, whole } });

// Pyodide runs in a worker that is a module; Chromium starts none from a file, so this one is not. Pyodide tells them
// apart by importing a data URL, which the policy would refuse, and report.
self.importScripts = () => {
  throw new TypeError("Nothing is imported by address.");
};

const FIRST = `
from casescreen.model.problem import CasescreenError
from casescreen.page import page_json
from casescreen.page.session import Session

session = Session(today, report_progress)

def download(method, arguments):
    try:
        return session.download(method, arguments)
    except CasescreenError as error:
        return page_json.mistake(error)
    except Exception as error:
        return page_json.fault(error)
`;

const unpack = async (name, work) => {
  try {
    return await work;
  } catch (fault) {
    throw Object.assign(new Error(`${name}: ${fault}`), { reason: isShortOfMemory(fault) ? "no-memory" : "damaged" });
  }
};

// The stack of the browser ended: Firefox and Chromium have words of their own for it, one of them by a RangeError.
const isOverflow = (fault) => /too much recursion|maximum call stack/i.test(String(fault));

const isShortOfMemory = (fault) =>
  !isOverflow(fault) && (fault instanceof RangeError || /memory|allocat/i.test(String(fault)));

const start = async ({ parts, module, today }) => {
  const steps = 4;
  say("Unpacking", 0, steps);
  const machine = unpack("machine", module || compiled(parts.machine));
  const packages = unpack("packages", arrived(parts.packages));
  const library = unpack("library", arrived(parts.library));
  const code = ["loader", "glue"].map((one) => unpack(one, arrived(parts[one])));
  const all = await Promise.all([machine, packages, library, ...code]);
  self.postMessage({ compiled: all[0] });
  giveParts({ [LIBRARY]: all[2] }, all[0]);
  const [loader, glue] = [await imported(all[3]), await imported(all[4])];
  say("Starting the engine", 1, steps);
  python = await loader.loadPyodide({
    indexURL: "https://parts.invalid/",
    lockFileContents: JSON.parse(parts.index),
    createPyodideModule: glue.default,
    env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" },
    stdout: () => {},
    stderr: () => {},
  });
  say("Starting the engine", 2, steps);
  layOut(python.FS, all[1]);
  python.globals.set("report_progress", say);
  python.globals.set("today", today);
  python.runPython(FIRST);
  session = python.globals.get("session");
  download = python.globals.get("download");
  say("Reading the rules", 3, steps);
  const about = JSON.parse(session.call("about", "{}"));
  say("Ready", steps, steps);
  self.postMessage({ ready: about });
};

const asDownload = (method, args) => {
  const made = download(method, args);
  try {
    if (made.type === "dict") return made.toJs({ dict_converter: Object.fromEntries });
    const [name, type, bytes] = made.toJs();
    return { name, type, bytes };
  } finally {
    made.destroy();
  }
};

const requests = {
  call: ({ method, args }) => JSON.parse(session.call(method, args)),
  addFile: ({ name, bytes }) => ({ id: session.add_file(name, python.toPy(bytes)), name }),
  download: ({ method, args }) => asDownload(method, args),
};

self.onmessage = async ({ data }) => {
  if (data.start) {
    const fail = (fault) =>
      self.postMessage({
        failed: {
          reason: fault.reason || (isShortOfMemory(fault) ? "no-memory" : "engine"),
          detail: String((fault && fault.stack) || fault),
        },
      });
    start(data.start).catch(fail);
    return;
  }
  try {
    const ok = requests[data.does](data);
    self.postMessage({ id: data.id, ok }, ok.bytes ? [ok.bytes.buffer] : []);
  } catch (fault) {
    self.postMessage({ id: data.id, fault: String(fault), isShortOfMemory: isShortOfMemory(fault), isOverflow: isOverflow(fault) });
  }
};
