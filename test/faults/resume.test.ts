import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { startZipferry } from "../cli/zipferry.ts";
import { noise } from "../support/bytes.ts";
import { type Program, stopPrograms } from "../support/program.ts";
import { seededRandom } from "./proxy/random.ts";
import { withWorld } from "./with-world.ts";
import type { FaultWorld } from "./world.ts";

const MiB = 1024 * 1024;
const PART_SIZE = 5 * MiB;
const PART_COUNT = 40;
const CONCURRENCY = 2;
const KILLS = 10;
/** What was under way when it was killed, and one that was about to be: sent again at most, after each kill. */
const PARTS_PER_KILL = CONCURRENCY + 1;
const SEED = Number(process.env["ZIPFERRY_TEST_SEED"] ?? 20_261_122);
/** Eight parts a second: a kill comes while they are sent, not when all are. */
const SLOW = ["--bwlimit", "40M"];
const POLL_MS = 5;

let directory: string;
/** Of the archive. */
let made: { readonly size: number; readonly md5: string };
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zipferry-resume-"));
	await writeFile(join(directory, "noise.bin"), noise(PART_COUNT * PART_SIZE - MiB));
	const { size, md5 = "" } = await createZip(directory, async (chunks) => {
		for await (const _ of chunks);
	});
	made = { size, md5 };
});
afterAll(async () => {
	await stopPrograms();
	await rm(directory, { recursive: true, force: true });
});

function start(world: FaultWorld, more: readonly string[]): Program {
	const sizes = ["--part-size", `${PART_SIZE}B`, "--concurrency", `${CONCURRENCY}`];
	const args = ["upload", directory, world.target, "--resume", "--json", "--no-progress", ...sizes, ...more];
	return startZipferry(args, { env: world.env });
}

/**
 * When to kill: bytes of parts that have come in by then, from all runs together. At first before any has,
 * and at last when so much has that sending it once more would be more than all kills may cost.
 */
function moments(): number[] {
	const random = seededRandom(SEED);
	const last = (PART_COUNT - 2) * PART_SIZE;
	const between = Array.from({ length: KILLS - 2 }, () => random() * last);
	return [0, ...between.sort((a, b) => a - b), last];
}

/** The bodies of parts that came in, also those that were cut off. */
function partsAmong(requests: readonly { readonly operation: string; readonly bytes: number }[]) {
	const bodies = requests.filter(({ operation, bytes }) => operation === "UploadPart" && bytes > 0);
	return { count: bodies.length, bytes: bodies.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** By the server's own record; of one that shows none, what the proxy has passed on to it. */
const partsReceived = ({ server, proxy }: FaultWorld) => partsAmong(server.requests ?? proxy.passed);

/** Kills an upload that looks for an earlier one, as soon as that many bytes of parts have come in. */
async function killAt(moment: number, world: FaultWorld): Promise<void> {
	const looked = world.proxy.reached("ListMultipartUploads");
	const program = start(world, SLOW);
	let over = false;
	const ended = program.ended.finally(() => {
		over = true;
	});
	await Promise.race([looked, ended]);
	// By the proxy's count: a server has a request on record when that has ended.
	while (!over && partsAmong(world.proxy.passed).bytes < moment) await delay(POLL_MS);
	program.kill("SIGKILL");
	expect(await ended).toMatchObject({ signal: "SIGKILL" });
}

describe("an upload with --resume", { timeout: 300_000, tags: "slow" }, () => {
	it(`that SIGKILL ends at ${KILLS} moments becomes the same object as in one go, and little is sent twice`, async () => {
		await withWorld({}, async (world) => {
			for (const moment of moments()) {
				await killAt(moment, world);
				expect(await world.storedObject(made)).toBe("previous");
			}
			const { exitCode, stdout, stderr } = await start(world, []).ended;
			expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
			const result = JSON.parse(stdout);
			expect(result).toMatchObject({ md5: made.md5, partCount: PART_COUNT, size: made.size });
			expect(result.resumedPartCount).toBeGreaterThan(0);
			expect(result.resumedSize).toBe(result.resumedPartCount * PART_SIZE);
			expect(await world.storedObject(made)).toBe("new");
			expect(await world.incompleteUploads()).toEqual([]);
			const received = partsReceived(world);
			const numbers = `the server received ${received.count} parts, ${received.bytes} bytes, for an object of ${PART_COUNT} parts, ${made.size} bytes`;
			expect(received.bytes, numbers).toBeGreaterThanOrEqual(made.size);
			expect(received.bytes, numbers).toBeLessThanOrEqual(made.size + KILLS * PARTS_PER_KILL * PART_SIZE);
			expect(received.count, numbers).toBeLessThanOrEqual(PART_COUNT + KILLS * PARTS_PER_KILL);
			const begun = world.proxy.passed.filter(({ operation }) => operation === "CreateMultipartUpload");
			// One that is killed before it knows the id leaves an empty one, which the next takes over.
			expect(begun.length).toBeLessThanOrEqual(2);
		});
	});
});
