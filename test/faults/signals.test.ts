import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAIN } from "../cli/zipferry.ts";
import { Program, stopPrograms } from "../support/program.ts";
import { type ArchiveSize, TestArchives } from "./archive.ts";
import { observe } from "./observe.ts";
import { errorAnswer } from "./proxy/answer.ts";
import { answer, type Fault, hang } from "./proxy/fault.ts";
import type { Operation } from "./proxy/operation.ts";
import type { Rule } from "./proxy/plan.ts";
import { patientTimes, uploadArguments } from "./run-zipferry.ts";
import { type Expected, failsWith, PUBLISHED } from "./scenario.ts";
import { ended, startUpload } from "./upload-process.ts";
import { violations } from "./violations.ts";
import { FaultWorld } from "./world.ts";

const COMPLETE = "CompleteMultipartUpload";
const CREATE = "CreateMultipartUpload";
/** From the signal to the end of the process. */
const LONGEST_END_MS = 30_000;

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(async () => {
	await stopPrograms();
	await archives?.remove();
});

interface Stopped {
	readonly rules: readonly Rule[];
	readonly at: Operation;
	readonly partNumber?: number;
	readonly signal: NodeJS.Signals;
	readonly expected: Expected;
	readonly size?: ArchiveSize;
	/** Further arguments of the command line. */
	readonly args?: readonly string[];
	/** Milliseconds from the request to the signal. */
	readonly afterMs?: number;
}

/** Sends the signal when the request has come in, and looks at what is left. */
async function stop(stopped: Stopped): Promise<void> {
	const { rules, at, partNumber, signal, expected, size = "parts", args = [], afterMs = 0 } = stopped;
	const archive = archives.of(size);
	const world = await FaultWorld.open({ rules });
	try {
		let signalledAt = 0;
		const seen = await observe(world, archive, async () => {
			// Longer than the test: only the signal may end a wait.
			const program = startUpload(world, archive, [
				"--read-timeout",
				"300s",
				"--retry-time",
				"300s",
				...args,
			]);
			await Promise.race([world.proxy.reached(at, partNumber), program.ended]);
			await delay(afterMs);
			signalledAt = performance.now();
			program.kill(signal);
			return ended(await program.ended);
		});
		expect(violations(seen, { expected }, world.known(archive))).toEqual([]);
		expect(performance.now() - signalledAt).toBeLessThan(LONGEST_END_MS);
	} finally {
		await world.close();
	}
}

const at = (operation: Operation, fault: Fault, partNumber?: number): Rule => ({
	operation,
	fault,
	...(partNumber === undefined ? {} : { partNumber }),
});

const UNDONE = /^zipferry: stopped by SIG\w+; nothing was published and nothing of the upload is left\n$/;

describe("an upload that is stopped from outside", { timeout: 120_000 }, () => {
	it.concurrent.each<[string, NodeJS.Signals, number]>([
		["C1", "SIGINT", 130],
		["C3", "SIGTERM", 143],
		["C4", "SIGHUP", 129],
	])("%s ends by %s while parts are sent, with nothing left", async (_row, signal, exitCode) => {
		const rules = [at("UploadPart", hang("body"), 2)];
		await stop({ rules, at: "UploadPart", partNumber: 2, signal, expected: failsWith(exitCode, UNDONE) });
	});

	it.concurrent.each<[string, Fault]>([
		["never answered", hang("done")],
		["answered a moment later", { type: "late", delayMs: 700 }],
		["never carried out", hang("head")],
	])("C3 ends by SIGTERM during a Create that is %s, with nothing left", async (_title, fault) => {
		const rules = [at(CREATE, fault)];
		await stop({ rules, at: CREATE, signal: "SIGTERM", expected: failsWith(143, UNDONE) });
	});

	it.concurrent.each<[string, Fault, Expected]>([
		["done and never answered: it tells of success", hang("done"), PUBLISHED],
		["done a moment later: it tells of success", { type: "late", delayMs: 700 }, PUBLISHED],
		["never carried out: nothing is left", hang("head"), failsWith(143, UNDONE)],
	])("C3 meets SIGTERM during a Complete that is %s", async (_title, fault, expected) => {
		await stop({ rules: [at(COMPLETE, fault)], at: COMPLETE, signal: "SIGTERM", expected });
	});

	it.concurrent.each<[string, Fault, Expected]>([
		["done and never answered: it tells of success", hang("done"), PUBLISHED],
		["never carried out: nothing is left", hang("head"), failsWith(143, UNDONE)],
	])("C3 meets SIGTERM during a small upload that is %s", async (_title, fault, expected) => {
		const rules = [at("PutObject", fault)];
		await stop({ rules, at: "PutObject", signal: "SIGTERM", expected, size: "small" });
	});

	it.concurrent("C3 ends by SIGTERM during a wait that the server has asked for", async () => {
		const later = errorAnswer("SlowDown", { headers: { "retry-after": "30" } });
		const rules = [at("UploadPart", answer(later), 2)];
		const expected = failsWith(143, UNDONE);
		await stop({ rules, at: "UploadPart", partNumber: 2, signal: "SIGTERM", expected, afterMs: 500 });
	});

	it.concurrent("C1 ends by SIGINT while it looks for an object that it must not replace", async () => {
		const rules = [at("HeadObject", hang("head"))];
		const expected = failsWith(130, UNDONE);
		await stop({ rules, at: "HeadObject", signal: "SIGINT", expected, args: ["--no-clobber"] });
	});

	it.concurrent("C3 says what is known when SIGTERM comes and the proof is never answered", async () => {
		const rules = [at("HeadObject", hang("head"))];
		const says =
			/^zipferry: stopped by SIGTERM; the storage has confirmed the upload, so the object is probably there/;
		const expected = failsWith(143, says, { leaves: "unconfirmed-object" });
		await stop({ rules, at: "HeadObject", signal: "SIGTERM", expected });
	});

	it.concurrent("C3 says what is not known when SIGTERM comes and nothing is answered from Complete on", {
		tags: "slow",
	}, async () => {
		const rules = [COMPLETE, "HeadObject", "AbortMultipartUpload"] as const;
		const says =
			/^zipferry: stopped by SIGTERM; it is unknown whether the object was published.*the incomplete upload \S+ of s3:\S+ could not be removed/;
		const expected = failsWith(143, says, { leaves: "named-upload" });
		await stop({
			rules: rules.map((operation) => at(operation, hang("head"))),
			at: COMPLETE,
			signal: "SIGTERM",
			expected,
		});
	});

	it.concurrent("C1 ends by SIGINT while it waits for the Abort after a failure, which stays the headline", async () => {
		const rules = [
			at("UploadPart", answer(errorAnswer("AccessDenied")), 2),
			at("AbortMultipartUpload", hang("head")),
		];
		const expected = failsWith(5, /UploadPart of .* was refused: AccessDenied/, { leaves: "named-upload" });
		await stop({ rules, at: "AbortMultipartUpload", signal: "SIGINT", expected });
	});

	it.concurrent.each<[string, Fault]>([
		["refused", answer(errorAnswer("AccessDenied"))],
		["never answered", hang("head")],
	])("C3 names the upload when SIGTERM comes and Abort is %s", async (_title, fault) => {
		const rules = [at("UploadPart", hang("head"), 2), at("AbortMultipartUpload", fault)];
		const says = /^zipferry: stopped by SIGTERM; the incomplete upload \S+ of s3:\S+ could not be removed/;
		const expected = failsWith(143, says, { leaves: "named-upload" });
		await stop({ rules, at: "UploadPart", partNumber: 2, signal: "SIGTERM", expected });
	});

	it.concurrent("C2 ends at once by a second signal, and names the upload", async () => {
		const archive = archives.of("parts");
		const rules = [at("UploadPart", hang("head"), 2), at("AbortMultipartUpload", hang("head"))];
		const world = await FaultWorld.open({ rules });
		try {
			const seen = await observe(world, archive, async () => {
				const program = startUpload(world, archive);
				await world.proxy.reached("UploadPart", 2);
				const aborting = world.proxy.reached("AbortMultipartUpload");
				program.kill("SIGINT");
				await aborting;
				program.kill("SIGINT");
				return { ...ended(await program.ended), stdout: "{}\n" };
			});
			const expected = failsWith(130, /stopped at once; the incomplete upload \S+ of/, {
				leaves: "named-upload",
			});
			expect(violations(seen, { expected }, world.known(archive))).toEqual([]);
		} finally {
			await world.close();
		}
	});

	it.concurrent("C5 leaves the key as it was when it is killed, and the next run tells of the upload", async () => {
		const archive = archives.of("parts");
		const world = await FaultWorld.open({ rules: [{ ...at("UploadPart", hang("head"), 2), occurrence: 1 }] });
		try {
			const seen = await observe(world, archive, async () => {
				const program = startUpload(world, archive);
				await world.proxy.reached("UploadPart", 2);
				program.kill("SIGKILL");
				return ended(await program.ended);
			});
			expect(seen).toMatchObject({
				object: "previous",
				uploads: [expect.any(String)],
				stdout: "",
				stderr: "",
			});
			const next = await startUpload(world, archive).ended;
			expect(next.exitCode).toBe(0);
			expect(next.stderr).toMatch(/^warning: an incomplete upload of this key was started/);
			expect(await world.storedObject(archive)).toBe("new");
			expect(await world.incompleteUploads()).toEqual(seen.uploads);
		} finally {
			await world.close();
		}
	});

	it.concurrent("C4 goes on when the terminal ends and nohup has started it", async () => {
		const archive = archives.of("parts");
		const rules = [at("UploadPart", { type: "late", delayMs: 1_000 }, 2)];
		const world = await FaultWorld.open({ rules });
		try {
			const seen = await observe(world, archive, async () => {
				const words = [process.execPath, MAIN, ...uploadArguments(world, archive, patientTimes())];
				const program = new Program("bash", ["-c", 'nohup "$0" "$@"', ...words], { env: world.env });
				await Promise.race([world.proxy.reached("UploadPart", 2), program.ended]);
				program.kill("SIGHUP");
				return ended(await program.ended);
			});
			expect(violations(seen, { expected: PUBLISHED }, world.known(archive))).toEqual([]);
		} finally {
			await world.close();
		}
	});

	it.concurrent("C14 goes on after it was suspended for longer than its time-outs", async () => {
		const archive = archives.of("parts");
		const world = await FaultWorld.open();
		try {
			const seen = await observe(world, archive, async () => {
				const program = startUpload(world, archive);
				await world.proxy.reached("UploadPart");
				program.kill("SIGSTOP");
				await delay(2_500);
				program.kill("SIGCONT");
				return ended(await program.ended);
			});
			expect(violations(seen, { expected: PUBLISHED }, world.known(archive))).toEqual([]);
		} finally {
			await world.close();
		}
	});
});
