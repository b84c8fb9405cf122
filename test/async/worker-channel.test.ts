import { afterEach, describe, expect, it } from "vitest";
import { threadScript, WorkerChannel } from "../../src/async/worker-channel.ts";

interface Question {
	readonly text?: string;
	readonly memory?: Uint8Array<ArrayBuffer>;
	readonly fail?: string;
}

const ANSWER_REQUESTS = new URL("../../src/async/answer-requests.js", import.meta.url);

/** Answers text with its length, memory with itself, filled; fails if it is told to. */
const SCRIPT = `
import { answerRequests } from ${JSON.stringify(ANSWER_REQUESTS.href)};
answerRequests(
	({ text, memory, fail }) => {
		if (fail !== undefined) throw new Error(fail);
		return memory === undefined ? text.length : memory.fill(7);
	},
	(answer) => (typeof answer === "number" ? [] : [answer.buffer]),
);
`;

describe("WorkerChannel", () => {
	let channel: WorkerChannel<Question, number | Uint8Array>;
	const open = () => {
		channel = new WorkerChannel(new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`));
	};
	afterEach(() => channel.close());

	it("answers each request", async () => {
		open();
		const texts = Array.from({ length: 100 }, (_, index) => "x".repeat(index));
		const answers = await Promise.all(texts.map((text) => channel.ask({ text })));
		expect(answers).toEqual(texts.map((text) => text.length));
	});

	it("hands memory over, and gets it back", async () => {
		open();
		const memory = new Uint8Array(3);
		const answer = channel.ask({ memory }, [memory.buffer]);
		expect(memory.byteLength).toBe(0);
		expect(await answer).toEqual(Uint8Array.of(7, 7, 7));
	});

	it("fails all that waits, and all that comes, when its thread has failed", async () => {
		open();
		const asked = [channel.ask({ fail: "broken" }), channel.ask({ text: "x" })];
		for (const answer of asked) await expect(answer).rejects.toThrow("broken");
		await expect(channel.ask({ text: "y" })).rejects.toThrow("broken");
	});

	it("fails what is asked of a thread that cannot be started, as where Node forbids threads", async () => {
		channel = new WorkerChannel(new URL("https://localhost/script.js"));
		await expect(channel.ask({ text: "x" })).rejects.toThrow("scheme");
	});

	it.each([
		["beside a module", "file:///srv/bundle.mjs"],
		["of a module that does not know where it is, as in a bundle of CommonJS", undefined],
	])("says what to do where there is no script %s", async (_where, moduleUrl) => {
		channel = new WorkerChannel(threadScript("./some-worker.js", moduleUrl));
		await expect(channel.ask({ text: "x" })).rejects.toThrow(
			"some-worker.js is missing, which zipferry runs in threads; leave zipferry out of bundles, as an external package",
		);
	});
});
