import { fileURLToPath } from "node:url";
import { firstLine, runProgram } from "../run-program.ts";
import { complaints, parseListing } from "./listing.ts";
import type { Facets, Reader } from "./reader.ts";

const SOURCE = fileURLToPath(new URL("ReadArchive.java", import.meta.url));
/** For a start as quick as it gets: it runs once for each archive. */
const OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"];

/** By the central directory. Modes and links are nothing `java.util.zip` knows of. */
export const javaFile: Reader = javaReader("Java ZipFile", "file", {
	mtimes: { file: "extended", directory: "extended", symlink: "extended" },
	comments: true,
});

/** From front to back, by the local headers. */
export const javaStream: Reader = javaReader("Java ZipInputStream", "stream", {
	mtimes: { file: "extended", directory: "extended", symlink: "extended" },
});

function javaReader(name: string, way: "file" | "stream", tells: Facets): Reader {
	let classes = "";
	return {
		name,
		tells,
		async version() {
			return (await firstLine("javac", ["-version"])) === undefined
				? undefined
				: firstLine("java", ["-version"]);
		},
		async prepare(directory) {
			classes = directory;
			const built = await runProgram("javac", ["-d", directory, SOURCE]);
			const [problem] = complaints(built);
			if (problem !== undefined) throw new Error(`javac: ${problem}`);
		},
		async check(archive, { timeZone, hashing, timeoutMs }) {
			const args = [...OPTIONS, "-cp", classes, "ReadArchive", archive, way, hashing ? "hash" : "read"];
			return parseListing(await runProgram("java", args, { env: { TZ: timeZone }, timeoutMs }));
		},
	};
}
