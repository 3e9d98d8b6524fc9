// Makes pieces of a program small: each file that is named first, into the one that is named after it. What `wasm-opt -Oz` does,
// but for hundreds of files by one program: starting it takes longer than most of them.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

// The features of Rust's own wasm32 target: a piece has no list of what it uses. Two of them come with others, as for `wasm-opt`.
const WITH_OTHERS = ["BulkMemoryOpt", "CallIndirectOverlong"];
const USED = ["BulkMemory", "ExtendedConst", "Multivalue", "MutableGlobals", "NontrappingFPToInt", "ReferenceTypes", "SignExt"];
const FEATURES = [...USED, ...WITH_OTHERS].reduce((all, name) => all | binaryen.Features[name], 0);

binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setDebugInfo(false);

const files = process.argv.slice(2);
for (let place = 0; place < files.length; place += 2) {
  const module = binaryen.readBinary(readFileSync(files[place]));
  module.setFeatures(FEATURES);
  module.optimize();
  writeFileSync(files[place + 1], module.emitBinary());
  module.dispose();
}
