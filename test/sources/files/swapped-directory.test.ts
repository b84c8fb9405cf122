import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, symlink } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ZipStream } from "../../../src/archive/zip-stream.ts";
import { LocalDevices } from "../../../src/sources/files/local-devices.ts";
import { archiveWhile } from "../../support/archive-while.ts";
import { collect } from "../../support/bytes.ts";
import { findEntries, nameOf, readAll } from "../../support/found-entries.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { NEVER } from "../../support/signals.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

const SECRET = "from outside";
const LARGE = 400_000;

afterEach(() => {
	vi.restoreAllMocks();
});

/** What has the same names as `tree/sub`, and more. */
async function write(): Promise<void> {
	await temp.write({ "tree/first": "1", "tree/last": "2" });
	for (const name of ["f", "large", "deeper/f"]) {
		await temp.write({ [`tree/sub/${name}`]: name === "large" ? Buffer.alloc(LARGE) : "inside" });
		await temp.write({ [`outside/${name}`]: name === "large" ? Buffer.alloc(LARGE, SECRET) : SECRET });
	}
	await temp.write({ "outside/secret": SECRET });
}

async function swap(): Promise<void> {
	await rename(temp.path("tree/sub"), temp.path("away"));
	await symlink(temp.path("outside"), temp.path("tree/sub"));
}

const REPLACED = {
	code: "SOURCE_CHANGED",
	message: expect.stringContaining("is no longer the same directory"),
};

// On a network file system nothing blocks, and calls overlap.
describe.each([
	["on a disk of this machine", true],
	["elsewhere", false],
])("a directory %s that is replaced by a link", (_where, local) => {
	const prepare = async () => {
		if (!local) vi.spyOn(LocalDevices.prototype, "isLocal").mockReturnValue(false);
		await write();
	};

	it("before it is looked at is archived as the link that it is", async () => {
		await prepare();
		const { entries } = await archiveWhile(temp.path("tree"), { found: { first: swap } });
		expect(entries.map(({ name }) => name)).toEqual(["first", "last", "sub"]);
		expect(entries[2]?.content.toString()).toBe(temp.path("outside"));
	});

	it("before it is read is read as it was, or refused", async () => {
		await prepare();
		const made = archiveWhile(temp.path("tree"), { found: { "sub/": swap } });
		if (!local) await expect(made).rejects.toMatchObject(REPLACED);
		else expect((await made).entries.map(({ name }) => name)).not.toContain("sub/secret");
	});

	it.each(["sub/deeper/", "sub/deeper/f", "sub/f"])("is read as it was, from %s on", async (name) => {
		await prepare();
		const { entries } = await archiveWhile(temp.path("tree"), { found: { [name]: swap } });
		expect(entries.map((entry) => entry.name)).toEqual([
			...["first", "last", "sub/", "sub/deeper/", "sub/deeper/f", "sub/f", "sub/large"],
		]);
		for (const { content } of entries) expect(content.includes(SECRET)).toBe(false);
	});

	it("is refused by an entry that is opened when all has been found", async () => {
		await prepare();
		const { entries } = await findEntries(temp.path("tree"));
		await swap();
		for (const entry of entries.filter(
			({ name, kind }) => kind === "file" && nameOf({ name }).startsWith("sub/"),
		)) {
			expect(entry.readAtOnce?.((size) => Buffer.alloc(size))).toBeUndefined();
			await expect(Promise.resolve(entry.open(NEVER))).rejects.toMatchObject(REPLACED);
		}
		const [first] = entries;
		expect(first === undefined ? "" : (await readAll(await first.open(NEVER))).toString()).toBe("1");
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("over and over gives nothing from outside, ever", async () => {
		await prepare();
		const swapper = spawn(process.execPath, ["-e", SWAPPER, temp.path()], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		try {
			await once(swapper.stdout, "data");
			let inside = 0;
			const begin = Date.now();
			// Longer where the machine is so busy that nothing was found in time.
			while (Date.now() - begin < (inside > 0 ? 1_500 : 60_000)) {
				const zip = new ZipStream({ skipErrors: true, method: "store" }).addPath(temp.path("tree"));
				const { entries } = inspectArchive(await collect(zip));
				for (const { name, content, kind } of entries) {
					expect(name).not.toContain("secret");
					if (kind !== "symlink") expect(content.includes(SECRET)).toBe(false);
					if (name.includes("sub/")) inside += 1;
				}
			}
			expect(inside).toBeGreaterThan(0);
		} finally {
			swapper.kill("SIGKILL");
			await once(swapper, "close");
		}
	});
});

/** Puts a link in the place of the directory and the directory back, as fast as it can, until it is stopped. */
const SWAPPER = `
const fs = require("node:fs");
const [root] = process.argv.slice(1);
process.stdout.write("x");
for (let round = 0; ; round++) {
	fs.renameSync(root + "/tree/sub", root + "/away");
	fs.symlinkSync(root + "/outside", root + "/tree/sub");
	for (let wait = 0; wait < round % 40; wait++) fs.existsSync(root);
	fs.unlinkSync(root + "/tree/sub");
	fs.renameSync(root + "/away", root + "/tree/sub");
	for (let wait = 0; wait < round % 70; wait++) fs.existsSync(root);
}
`;
