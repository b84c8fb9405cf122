import { truncate } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { abortOnSignals, Interrupted } from "../../src/cli/terminal/signals.ts";
import { type Outcome, Program, stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, MAIN, startZipferry } from "./zipferry.ts";

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(EXIT_CODES) as readonly (keyof typeof EXIT_CODES)[];
/** What loading takes at most, and some more. */
const FIRST_MS = 300;
const RUNS = 45;

const directory = useTempDirectory();
beforeEach(async () => {
	await directory.write({ endless: "", out: null });
	await truncate(directory.path("endless"), 1024 ** 4); // sparse
});
afterEach(stopPrograms);

const ARGS = ["create", "endless", "out/a.zip", "--no-progress"];

function expectStopped(outcome: Outcome, signal: keyof typeof EXIT_CODES): void {
	expect(outcome).toMatchObject({ exitCode: EXIT_CODES[signal], signal: null });
	expect(errorLine(outcome)).toMatch(
		new RegExp(`^stopped by ${signal}(; nothing was written to out/a.zip)?$`),
	);
}

describe("a signal while the program is being loaded", () => {
	it.each(SIGNALS)("ends it as a later one does: %s", async (signal) => {
		// Due in the first turn of the loop: the first file has run then, and the others are being read.
		await directory.write({ "early.cjs": `setImmediate(() => process.kill(process.pid, "${signal}"))` });
		const words = ["--require", directory.path("early.cjs"), MAIN, ...ARGS];
		const program = new Program(process.execPath, words, { env: {}, cwd: directory.path() });
		expectStopped(await program.ended, signal);
	});

	it(`is either before its first line or said, at any of the first ${FIRST_MS} ms`, {
		tags: "slow",
		timeout: 180_000,
	}, async () => {
		for (let run = 0; run < RUNS; run += 1) {
			const signal = SIGNALS[run % SIGNALS.length] ?? "SIGTERM";
			const program = startZipferry(ARGS, { env: {}, cwd: directory.path() });
			await delay(Math.random() * FIRST_MS);
			program.kill(signal);
			const outcome = await program.ended;
			if (outcome.signal === null) expectStopped(outcome, signal);
			else expect(outcome).toMatchObject({ signal, stdout: "", stderr: "" });
		}
	});
});

describe("abortOnSignals", () => {
	const listener = () => {};
	const SILENT = { onStop() {}, onForced() {} };
	const before = SIGNALS.map((signal) => process.listeners(signal));
	afterEach(() => {
		for (const [index, signal] of SIGNALS.entries())
			for (const added of process.listeners(signal))
				if (!before[index]?.includes(added)) process.off(signal, added);
	});

	it("takes over from who has listened so far, with what was caught", () => {
		for (const signal of SIGNALS) process.on(signal, listener);
		const { signal: stop } = abortOnSignals(SILENT, [], { caught: ["SIGINT"], listener });
		expect(stop.reason).toBeInstanceOf(Interrupted);
		expect(stop.reason).toMatchObject({ exitCode: 130 });
		for (const signal of SIGNALS) expect(process.listeners(signal)).not.toContain(listener);
	});

	it("ends at once where two were caught", () => {
		const forced: number[] = [];
		abortOnSignals({ ...SILENT, onForced: (exitCode) => forced.push(exitCode) }, [], {
			caught: ["SIGINT", "SIGTERM"],
			listener,
		});
		expect(forced).toEqual([143]);
	});

	it("ignores what is to be ignored, also early", () => {
		const { signal } = abortOnSignals(SILENT, ["SIGHUP"], { caught: ["SIGHUP"], listener });
		expect(signal.aborted).toBe(false);
	});

	it.each([[[]], [["SIGHUP"] as const]])("gives SIGHUP to who wants it, with %j ignored", (ignored) => {
		const forced: number[] = [];
		const stops = { ...SILENT, onForced: (exitCode: number) => forced.push(exitCode) };
		const { signal, onHangup } = abortOnSignals(stops, ignored, { caught: [], listener });
		let heard = 0;
		const release = onHangup(() => heard++);
		process.emit("SIGHUP", "SIGHUP");
		process.emit("SIGHUP", "SIGHUP");
		expect([heard, signal.aborted]).toEqual([2, false]);
		process.emit("SIGTERM", "SIGTERM");
		process.emit("SIGHUP", "SIGHUP");
		expect([heard, signal.reason.exitCode, forced]).toEqual([3, 143, []]);
		release();
		process.emit("SIGHUP", "SIGHUP");
		expect([heard, forced]).toEqual([3, ignored.length === 0 ? [129] : []]);
	});
});
