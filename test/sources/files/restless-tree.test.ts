import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type ZipferryEvent, ZipStream } from "../../../src/index.ts";
import { noise } from "../../support/bytes.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();
const ROUNDS = 12;
const FILES = 40;

/** Appends to, cuts, overwrites, replaces, removes and makes files, as fast as it can, until it is stopped. */
const MUTATOR = `
const fs = require("node:fs");
const root = process.argv[1];
let seed = 20261122;
const random = (below) => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % below;
const bytes = (length) => Buffer.alloc(length, random(256));
const act = [
	(path) => fs.appendFileSync(path, bytes(random(300000))),
	(path) => fs.truncateSync(path, random(200000)),
	(path) => fs.writeFileSync(path, bytes(random(3000000))),
	(path) => { fs.writeFileSync(path + ".new", bytes(random(100000))); fs.renameSync(path + ".new", path); },
	(path) => fs.unlinkSync(path),
	(path) => { fs.rmSync(path, { force: true }); fs.symlinkSync("elsewhere", path); },
];
process.stdout.write("x");
for (;;) try { act[random(act.length)](root + "/file-" + random(${FILES})); } catch {}
`;

async function withMutator(run: () => Promise<void>): Promise<void> {
	const mutator = spawn(process.execPath, ["-e", MUTATOR, temp.path()], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	try {
		await once(mutator.stdout, "data");
		await run();
	} finally {
		mutator.kill("SIGKILL");
		await once(mutator, "close");
	}
}

/** @returns The archive, or the code of the error that is expected of such a tree. */
async function archiveTree(skipErrors: boolean): Promise<Buffer | string> {
	const events: ZipferryEvent[] = [];
	const zip = new ZipStream({ skipErrors, level: 1, onEvent: (event) => events.push(event) });
	const chunks: Uint8Array[] = [];
	try {
		for await (const chunk of zip.addPath(temp.path())) chunks.push(chunk);
	} catch (error) {
		return (error as { code: string }).code;
	}
	return Buffer.concat(chunks);
}

describe("a tree that never rests", () => {
	it.each([false, true])(
		"gives a sound archive or an error, never a broken archive (skipErrors: %s)",
		async (skipErrors) => {
			for (let index = 0; index < FILES; index++) {
				await temp.write({ [`file-${index}`]: noise(index * 40_000, index) });
			}
			let whole = 0;
			await withMutator(async () => {
				for (let round = 0; round < ROUNDS; round++) {
					const made = await archiveTree(skipErrors);
					if (typeof made === "string") expect(["SOURCE_CHANGED", "SOURCE_UNREADABLE"]).toContain(made);
					else {
						inspectArchive(made); // headers, descriptors, sizes and checksums, all of them
						whole += 1;
					}
				}
			});
			if (skipErrors) expect(whole).toBeGreaterThan(0);
		},
	);
});
