import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createZip } from "../../src/create-zip.ts";
import { startZipferry } from "../cli/zipferry.ts";
import { collect, noise } from "../support/bytes.ts";
import { stopPrograms } from "../support/program.ts";
import type { TestArchive } from "./archive.ts";
import { seededRandom } from "./proxy/random.ts";
import { withWorld } from "./with-world.ts";
import type { FaultWorld } from "./world.ts";

const MiB = 1024 * 1024;
const PART_SIZE = 5 * MiB;
const PART_COUNT = 12;
const CONCURRENCY = 2;
const KILLS = 10;
const SEED = Number(process.env["ZIPFERRY_SEED"] ?? 20_261_122);
/** Two parts at once take half a second. */
const SLOW = ["--bwlimit", "20M"];
/** From the look for earlier uploads on; some of the runs get two parts through, others none. */
const LONGEST_MS = 900;

let directory: string;
let archive: TestArchive;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zipferry-resume-"));
	await writeFile(join(directory, "noise.bin"), noise(PART_COUNT * PART_SIZE - MiB));
	let bytes: Buffer = Buffer.alloc(0);
	const { md5 } = await createZip(directory, {}, async (chunks) => {
		bytes = await collect(chunks);
	});
	archive = { directory, bytes, md5 };
});
afterAll(async () => {
	await stopPrograms();
	await rm(directory, { recursive: true, force: true });
});

function start(world: FaultWorld, more: readonly string[]) {
	const sizes = ["--part-size", `${PART_SIZE}B`, "--concurrency", `${CONCURRENCY}`];
	const args = ["upload", directory, world.target, "--resume", "--json", "--no-progress", ...sizes, ...more];
	return startZipferry(args, { env: world.env });
}

const partsSent = ({ proxy }: FaultWorld) =>
	proxy.passed.filter(({ operation }) => operation === "UploadPart").length;

describe("an upload with --resume", { timeout: 300_000 }, () => {
	it(`that SIGKILL ends at ${KILLS} random moments becomes the same object as in one go`, async () => {
		const random = seededRandom(SEED);
		await withWorld({}, async (world) => {
			for (let kill = 0; kill < KILLS; kill++) {
				const looked = world.proxy.reached("ListMultipartUploads");
				const program = start(world, SLOW);
				await Promise.race([looked, program.ended]);
				await delay(random() * LONGEST_MS);
				program.kill("SIGKILL");
				expect(await program.ended).toMatchObject({ signal: "SIGKILL" });
				expect(await world.storedObject(archive)).toBe("previous");
			}
			const { exitCode, stdout, stderr } = await start(world, []).ended;
			expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
			const result = JSON.parse(stdout);
			expect(result).toMatchObject({ md5: archive.md5, parts: PART_COUNT, bytes: archive.bytes.byteLength });
			expect(result.resumedParts).toBeGreaterThan(0);
			expect(result.resumedBytes).toBe(result.resumedParts * PART_SIZE);
			expect(await world.storedObject(archive)).toBe("new");
			expect(await world.unfinishedUploads()).toEqual([]);
			// What was under way when it was killed, and one that was about to be.
			expect(partsSent(world)).toBeLessThanOrEqual(PART_COUNT + KILLS * (CONCURRENCY + 1));
			const begun = world.proxy.passed.filter(({ operation }) => operation === "CreateMultipartUpload");
			// One that is killed before it knows the id leaves an empty one, which the next takes over.
			expect(begun.length).toBeLessThanOrEqual(2);
		});
	});
});
