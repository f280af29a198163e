// node precompile.mjs PYODIDE LIBRARY PACKAGES OUT: compile Python's library and what is installed beside it to byte
// code, by the interpreter that will run it. Reads two zips, and writes OUT/library.zip and OUT/packages.zip.
//
// What a first screening imports is compiled, and the rest stays as it is: text is smaller, and seldom wanted.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodide, library, packages, out] = process.argv.slice(2);

const PROGRAM = `
import ast, importlib.util, marshal, sys, zipfile
from importlib import import_module

FIRST = ("casescreen.page.session", "casescreen.cases.tables.readers", "casescreen.report.formats.html.page")
HEAD = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)  # made of a source that nobody looks at
EPOCH = (1980, 1, 1, 0, 0, 0)

def files_in(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

def imported():
    for name in FIRST:
        import_module(name)
    origins = [getattr(one.__spec__, "origin", None) or "" for one in list(sys.modules.values()) if one.__spec__]
    return {one.removeprefix(place) for one in origins for place in (LIBRARY, PACKAGES) if one.startswith(place)}

def without_docstrings(tree):
    for one in ast.walk(tree):
        if isinstance(one, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(one) is not None:
            one.body[:1] = [] if one.body[1:] else [ast.Pass()]
    return ast.fix_missing_locations(tree)

def compiled(files, which):
    for name, content in files.items():
        if name in which:
            # Our own assertions stay: they stand where a mistake of ours would make wrong findings.
            ours = name.startswith("casescreen/")
            source = without_docstrings(ast.parse(content)) if ours else content
            code = compile(source, name, "exec", dont_inherit=True, optimize=0 if ours else 2)
            yield name + "c", HEAD + marshal.dumps(code)
        else:
            yield name, content

def stored(files, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content)

LIBRARY, PACKAGES = "/lib/python314.zip/", sys.path[-1] + "/"
library, packages = files_in("/library.zip"), files_in("/packages.zip")
zipfile.ZipFile("/packages.zip").extractall(PACKAGES)
first = imported()
stored(compiled(library, first), "/library.out")
stored(compiled(packages, first), "/packages.out")
`;

const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: pyodide, env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" } });
python.FS.writeFile("/library.zip", readFileSync(library));
python.FS.writeFile("/packages.zip", readFileSync(packages));
try {
  python.runPython(PROGRAM);
} catch (fault) {
  console.error(fault.message);
  process.exit(1);
}
writeFileSync(`${out}/library.zip`, python.FS.readFile("/library.out"));
writeFileSync(`${out}/packages.zip`, python.FS.readFile("/packages.out"));
