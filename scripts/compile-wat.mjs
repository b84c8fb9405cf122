/**
 * Compiles `src/bytes/hash/md5-pair.wat` into a module that holds the bytes as base64: the sources, the library and the
 * bundled command import it like any other, and nobody looks for a file at run time.
 *
 *     node scripts/compile-wat.mjs            writes the module
 *     node scripts/compile-wat.mjs --check    fails if the module is not what the text compiles to
 */
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const SOURCE = "src/bytes/hash/md5-pair.wat";
const OUTPUT = "src/bytes/hash/md5-pair.wasm.js";

const program = (await wabt()).parseWat(SOURCE, readFileSync(SOURCE, "utf8"));
program.validate();
const lines = Buffer.from(program.toBinary({}).buffer)
	.toString("base64")
	.replace(/.{1,100}/g, "$&\n");
const module = `// Made from md5-pair.wat by \`npm run wat\`: change that file, not this one.
/** @type {string} */
export const MD5_PAIR_BASE64 = \`
${lines}\`;
`;

if (process.argv[2] !== "--check") writeFileSync(OUTPUT, module);
else if (readFileSync(OUTPUT, "utf8") !== module) {
	console.error(`${OUTPUT} is not what ${SOURCE} compiles to: run npm run wat`);
	process.exitCode = 1;
}
