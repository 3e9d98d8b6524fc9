// Writes the module that a gathered piece begins with: `base.wasm` hands on what every piece is given (`shared`), so that all of
// them mean the same memory and table, and not each its own. How large both are at least is read off the piece that is named first.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const [piece, base] = process.argv.slice(2);
const module = binaryen.readBinary(readFileSync(piece));
const memory = module.getMemoryInfo().initial;
const table = binaryen.getTableInfo(module.getTableByIndex(0)).initial;
module.dispose();

const given = [
  ["memory", "memory", `(memory ${memory})`],
  ["table", "__indirect_function_table", `(table ${table} funcref)`],
  ["global", "__wasm_split_shared0", "(global (mut i32))"],
];
const imports = given.map(([, name, type]) => `(import "shared" "${name}" ${type})`);
const exports = given.map(([kind, name]) => `(export "${name}" (${kind} 0))`);
const text = binaryen.parseText(`(module ${imports.join(" ")} ${exports.join(" ")})`);
text.setFeatures(binaryen.Features.MutableGlobals | binaryen.Features.ReferenceTypes);
writeFileSync(base, text.emitBinary());
