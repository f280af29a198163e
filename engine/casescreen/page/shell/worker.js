// The engine: Python in a Web Worker, made of nothing but the parts that the page hands over.
//
// The page sends {start: {parts, module, today}}, then requests {id, does, ...}. The worker answers {id, ok} or
// {id, error}, and sends {progress}, {compiled}, {ready} and {failed} of its own accord.

"use strict";

const PYTHON_HOME = "/lib/python3.14/site-packages/";
const LIBRARY = "python_stdlib.zip";
const MACHINE = "pyodide.asm.wasm";

let python; // pyodide, once it is there
let session; // casescreen.page.session.Session

const bytesOf = (text) => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
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
    return new Response(await table[name]);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const whole = await module;
    return { module: whole, instance: await WebAssembly.instantiate(whole, imports) };
  };
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

const start = async ({ parts, module, today }) => {
  const steps = 4;
  say("Unpacking", 0, steps);
  const machine = module ? Promise.resolve(module) : compiled(parts.machine);
  machine.then(
    (whole) => self.postMessage({ compiled: whole }),
    () => {},
  );
  const packages = arrived(parts.packages);
  giveParts({ [LIBRARY]: arrived(parts.library) }, machine);
  const [loader, glue] = await Promise.all([parts.loader, parts.glue].map(async (one) => imported(await arrived(one))));
  say("Starting the engine", 1, steps);
  python = await loader.loadPyodide({
    indexURL: "https://parts.invalid/",
    lockFileContents: JSON.parse(parts.index),
    createPyodideModule: glue.default,
    env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" },
    stdout: () => {},
    stderr: () => {},
  });
  say("Reading the rules", 2, steps);
  layOut(python.FS, await packages);
  python.globals.set("report_progress", say);
  python.globals.set("today", today);
  session = python.runPython("from casescreen.page.session import Session\nSession(today, report_progress)");
  say("Reading the rules", 3, steps);
  const about = JSON.parse(session.call("about", "{}"));
  say("Ready", steps, steps);
  self.postMessage({ ready: about });
};

const asDownload = (method, args) => {
  const made = session.download(method, args);
  try {
    const [name, type] = [made.get(0), made.get(1)];
    const content = made.get(2);
    const bytes = content.toJs();
    content.destroy();
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
    start(data.start).catch((fault) => self.postMessage({ failed: String(fault && fault.stack ? fault : fault) }));
    return;
  }
  try {
    const ok = requests[data.does](data);
    self.postMessage({ id: data.id, ok }, ok.bytes ? [ok.bytes.buffer] : []);
  } catch (fault) {
    self.postMessage({ id: data.id, error: String(fault) });
  }
};
