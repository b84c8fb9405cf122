import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shell } from "../cli/zipferry.ts";
import { stopPrograms } from "../support/program.ts";
import { TestArchives } from "./archive.ts";
import { observe } from "./observe.ts";
import { uploadArguments } from "./run-zipferry.ts";
import { failsWith, PUBLISHED } from "./scenario.ts";
import { ended } from "./upload-process.ts";
import { violations } from "./violations.ts";
import { withWorld } from "./with-world.ts";
import type { FaultWorld } from "./world.ts";

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(async () => {
	await stopPrograms();
	await archives?.remove();
});

/** The upload as a line of shell, with something before and behind it. */
function line(world: FaultWorld, before: string, behind: string): string {
	const words = ["zipferry", ...uploadArguments(world, archives.of("parts"))].map((word) => `'${word}'`);
	return `${before} ${words.join(" ").replace("'zipferry'", "zipferry")} ${behind}`;
}

async function observeLine(world: FaultWorld, before: string, behind: string, env = world.env) {
	return observe(world, archives.of("parts"), async () =>
		ended(await shell(line(world, before, behind), { env })),
	);
}

describe("an upload in a difficult environment", { timeout: 120_000 }, () => {
	it.concurrent("B2 fails before it reads anything when there are no credentials, and says where it has looked", async () => {
		await withWorld({}, async (world) => {
			const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = world.env;
			const seen = await observeLine(world, "", "", { ...env, HOME: archives.of("small").directory });
			const expected = failsWith(
				5,
				/^zipferry: no credentials found in the environment, the shared AWS files.*; set AWS_ACCESS_KEY_ID/,
			);
			expect(violations(seen, { expected }, world.known(archives.of("parts")))).toEqual([]);
			expect(seen.passed).toEqual([]);
		});
	});

	it.concurrent.each([
		["C7 goes on when nobody reads its stdout any more", "", "| true"],
		["C7 goes on when its stdout and stderr are closed", "", ">&- 2>&-"],
		["C8 goes on when the disk under its log is full", "", "> /dev/full 2> /dev/full"],
	])("%s", async (_title, before, behind) => {
		await withWorld({}, async (world) => {
			const seen = await observeLine(world, before, behind);
			expect(seen).toMatchObject({ object: "new", uploads: [] });
		});
	});

	it.concurrent("C13 makes the same archive without HOME, terminal, time zone and language", async () => {
		await withWorld({}, async (world) => {
			const seen = await observeLine(world, "LANG=C LC_ALL=C TZ=", "", world.env);
			expect(violations(seen, { expected: PUBLISHED }, world.known(archives.of("parts")))).toEqual([]);
		});
	});

	it.concurrent("B39 goes straight to the storage, whatever HTTPS_PROXY says", async () => {
		await withWorld({}, async (world) => {
			const before = "HTTPS_PROXY=http://127.0.0.1:1 HTTP_PROXY=http://127.0.0.1:1";
			const seen = await observeLine(world, before, "");
			expect(violations(seen, { expected: PUBLISHED }, world.known(archives.of("parts")))).toEqual([]);
		});
	});

	it.concurrent("C6 archives 20,000 files with a heap of 64 MB", { tags: "slow" }, async () => {
		const directory = `${archives.of("parts").directory}-many`;
		await mkdir(directory);
		for (let index = 0; index < 20_000; index++) await writeFile(`${directory}/${index}`, "");
		await withWorld({}, async (world) => {
			const archive = { ...archives.of("parts"), directory };
			const words = uploadArguments(world, archive).map((word) => `'${word}'`);
			const before = "NODE_OPTIONS=--max-old-space-size=64";
			const { exitCode, stdout } = await shell(`${before} zipferry ${words.join(" ")}`, { env: world.env });
			expect(exitCode).toBe(0);
			expect(JSON.parse(stdout)).toMatchObject({ entryCount: 20_000 });
			expect(await world.incompleteUploads()).toEqual([]);
		});
	});
});
