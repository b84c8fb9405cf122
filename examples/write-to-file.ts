/**
 * An archive in a file, or in any other destination of bytes. For those who come from Python's zipstream: `write`,
 * `writestr` and `write_iter` are `addPath`, `add` with text or bytes, and `add` with anything iterable.
 *
 *     npx tsx examples/write-to-file.ts photos.zip ./photos
 */
import { open } from "node:fs/promises";
import { ZipStream } from "zipferry";

const [target = "example.zip", directory = "examples"] = process.argv.slice(2);

async function* countdown(): AsyncGenerator<string, void, void> {
	for (let left = 3; left > 0; left--) yield `${left} …\n`;
}

const zip = new ZipStream({ comment: "made on the fly", omit: [target] });
zip.addPath(directory); // write: a file, or a directory with all that is in it
zip.add("hello.txt", "Hello!\n"); // writestr
zip.add("countdown.txt", countdown()); // write_iter: streams, generators, iterables
zip.add("countdown-later.txt", () => countdown()); // as above, started only when its turn comes

// Nothing has been read so far. Each turn of the loop makes the next chunk, at the speed of the loop.
const file = await open(target, "w");
try {
	for await (const chunk of zip) await file.writeFile(chunk);
} finally {
	await file.close();
}
console.log(`${target}: ${zip.summary?.entryCount} entries, ${zip.summary?.size} bytes`);
