import { execFile } from "node:child_process";
import { chmod, lutimes, mkdir, utimes } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type ArchiveEntry, openArchive } from "../../../src/index.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { WRITERS, type Writer } from "./writers.ts";

const directory = useTempDirectory();
const MTIME = Date.UTC(2025, 6, 8, 9, 10, 12);

const FILES: Readonly<Record<string, string>> = {
	"a.txt": "hello\n",
	"empty.txt": "",
	"d/deep/large.txt": "0123456789abcdef\n".repeat(20_000),
	"d/ü und 日本.txt": "a name that is not ASCII",
	"d/run.sh": "#!/bin/sh\n",
};

/** @returns whether the program is there. */
function run({ program, args }: Writer, archive: string, tree: string): Promise<boolean> {
	const env = { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8", GOFLAGS: "-mod=mod", GO111MODULE: "off" };
	return new Promise((resolve, reject) => {
		execFile(program, args(archive, tree), { cwd: tree, env }, (error, stdout, stderr) => {
			if (error === null) resolve(true);
			else if (error.code === "ENOENT" || error.code === 127) resolve(false);
			else reject(new Error(`${program}: ${error.message}\n${stdout}${stderr}`));
		});
	});
}

async function makeTree(): Promise<string> {
	const files = Object.entries(FILES).map(([name, content]) => [`tree/${name}`, content] as const);
	await directory.write({ ...Object.fromEntries(files), "tree/d/link": { link: "run.sh" } });
	await mkdir(directory.path("tree/d/none"));
	for (const name of Object.keys(FILES)) {
		await chmod(directory.path(`tree/${name}`), name.endsWith(".sh") ? 0o750 : 0o640);
		await utimes(directory.path(`tree/${name}`), MTIME / 1000, MTIME / 1000);
	}
	await lutimes(directory.path("tree/d/link"), MTIME / 1000, MTIME / 1000);
	return directory.path("tree");
}

/** The entries by their names without the `./` that some programs begin them with. */
async function entriesOf(path: string): Promise<Map<string, { entry: ArchiveEntry; content: string }>> {
	const archive = await openArchive(path);
	const found = new Map<string, { entry: ArchiveEntry; content: string }>();
	try {
		for await (const entry of archive) {
			const content = Buffer.from(await entry.open().bytes()).toString();
			found.set(entry.name.replace(/^\.\//, ""), { entry, content });
		}
	} finally {
		await archive.close();
	}
	return found;
}

async function check(writer: Writer): Promise<void> {
	const archive = directory.path("a.zip");
	if (!(await run(writer, archive, await makeTree()))) {
		console.warn(`foreign archives: ${writer.name} is not on this machine`);
		return;
	}
	const { modes, symlinks, emptyDirectories, times } = writer.keeps;
	const entries = await entriesOf(archive);
	for (const [name, content] of Object.entries(FILES)) {
		const found = entries.get(name);
		expect(found?.content, name).toBe(content);
		expect(found?.entry.kind, name).toBe("file");
		expect(found?.entry.mtime.getTime(), name).toBe(MTIME);
		if (times) expect(found?.entry.mtimeSource, name).toMatch(/unix|ntfs/);
		if (modes) expect(found?.entry.mode, name).toBe(name.endsWith(".sh") ? 0o750 : 0o640);
	}
	if (symlinks)
		expect(entries.get("d/link")).toMatchObject({ entry: { kind: "symlink" }, content: "run.sh" });
	if (emptyDirectories) expect(entries.get("d/none/")?.entry.kind).toBe("directory");
}

describe("archives of other programs", { timeout: 120_000 }, () => {
	for (const writer of WRITERS) {
		const title = `are read as their tree was: ${writer.name}`;
		if (writer.slow) it(title, { tags: "slow" }, () => check(writer));
		else it(title, () => check(writer));
	}
});
