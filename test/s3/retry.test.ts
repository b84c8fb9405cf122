import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NAME_REPETITIONS, type RetryPolicy, withRetries } from "../../src/s3/retry.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

const MINUTE = 60_000;

/** What the SDK throws for an answer with this status. */
function refusal(code: string, status = 503, headers: Readonly<Record<string, string>> = {}): Error {
	return Object.assign(new Error(code), {
		name: code,
		$fault: status < 500 ? "client" : "server",
		$metadata: { httpStatusCode: status },
		$response: { headers, statusCode: status },
	});
}

/** A failure of the network, as the system calls it. */
const broken = (code: string): Error => Object.assign(new Error(code), { code });

/** What asking comes to if these are the answers, the last one for ever: the outcome, the waits, when it ended. */
async function asked(answers: readonly unknown[], policy: Partial<RetryPolicy> = {}) {
	const startedAt = performance.now();
	const waits: number[] = [];
	let attempts = 0;
	const ask = async (): Promise<unknown> => {
		const answer = answers[Math.min(attempts++, answers.length - 1)];
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const onRetry = (_failure: unknown, waitMs: number) => waits.push(waitMs);
	let elapsedMs = Number.NaN;
	const ending = withRetries(ask, { budgetMs: 10 * MINUTE, onRetry, ...policy })
		.catch((error: unknown) => error)
		.finally(() => {
			elapsedMs = performance.now() - startedAt;
		});
	await vi.runAllTimersAsync();
	return { outcome: await ending, waits, attempts, elapsedMs };
}

/** The longest waits, or the shortest, that chance allows. */
function withLuck(value: 0 | 1): void {
	vi.spyOn(Math, "random").mockReturnValue(value);
}

describe("withRetries", () => {
	it("waits twice as long each time, up to 20 seconds, half of it by chance", async () => {
		const answers = [...Array.from({ length: 9 }, () => refusal("SlowDown")), "here"];
		withLuck(1);
		const longest = await asked(answers);
		expect(longest.outcome).toBe("here");
		expect(longest.waits).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000]);
		expect(longest.elapsedMs).toBe(65_400);
		withLuck(0);
		const shortest = await asked(answers);
		expect(shortest.waits).toEqual(longest.waits.map((waitMs) => waitMs / 2));
	});

	it("gives up when the next wait would end after the time, with the last failure as it came", async () => {
		withLuck(1);
		const last = refusal("InternalError", 500);
		const { outcome, waits, elapsedMs } = await asked([refusal("SlowDown"), last], { budgetMs: 12_000 });
		expect(outcome).toBe(last);
		expect(waits).toEqual([200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000]);
		expect(elapsedMs).toBe(11_000);
	});

	it("counts the time from the first failure, not from the beginning", async () => {
		withLuck(1);
		let first = true;
		const ask = async (): Promise<string> => {
			if (!first) return "here";
			first = false;
			await new Promise((resolve) => setTimeout(resolve, MINUTE));
			throw refusal("SlowDown");
		};
		const ending = withRetries(ask, { budgetMs: 1_000 });
		await vi.runAllTimersAsync();
		expect(await ending).toBe("here");
	});

	it("asks once if there is no time", async () => {
		expect((await asked([refusal("SlowDown")], { budgetMs: 0 })).attempts).toBe(1);
	});

	it("waits as long as the server asks for, and gives up at once if that is too long", async () => {
		const busy = refusal("SlowDown", 503, { "retry-after": "45" });
		expect(await asked([busy, "here"])).toMatchObject({ outcome: "here", waits: [45_000] });
		expect(await asked([busy, "here"], { budgetMs: 30_000 })).toMatchObject({ outcome: busy, attempts: 1 });
	});

	it.each([
		["a refusal", refusal("AccessDenied", 403), 1],
		["what the storage cannot do", refusal("NotImplemented", 501), 1],
		["a digest that does not fit", refusal("BadDigest", 400), 6],
		["what is no TLS", broken("EPROTO"), 4],
		["a clock that is wrong", refusal("RequestTimeTooSkewed", 403), 2],
	])("repeats %s as often as it is worth: %s, %i times", async (_what, error, attempts) => {
		expect(await asked([error])).toMatchObject({ outcome: error, attempts });
	});

	it("counts the repetitions of each failure on its own", async () => {
		const digest = Array.from({ length: 5 }, () => refusal("BadDigest", 400));
		const slow = Array.from({ length: 5 }, () => refusal("SlowDown"));
		expect(await asked([...slow, ...digest, "here"])).toMatchObject({ outcome: "here", attempts: 11 });
	});

	it("looks a name that may be mistyped up a few times, any other for as long as there is time", async () => {
		const unknown = broken("ENOTFOUND");
		const few = await asked([unknown], { nameRepetitions: NAME_REPETITIONS });
		expect(few).toMatchObject({ outcome: unknown, attempts: NAME_REPETITIONS + 1 });
		expect(few.elapsedMs).toBeLessThan(15_000);
		expect((await asked([unknown])).elapsedMs).toBeGreaterThan(9 * MINUTE);
	});

	it("does not repeat what is final for whoever asks", async () => {
		const isFinal = ({ code }: { code: string }) => code === "OperationAborted";
		expect((await asked([refusal("OperationAborted", 409)], { isFinal })).attempts).toBe(1);
		expect((await asked([refusal("SlowDown"), "here"], { isFinal })).outcome).toBe("here");
	});

	it("gets new credentials for those that have expired, once", async () => {
		const refreshCredentials = vi.fn(async () => {});
		const expired = refusal("ExpiredToken", 400);
		expect((await asked([expired, "here"], { refreshCredentials })).outcome).toBe("here");
		expect(refreshCredentials).toHaveBeenCalledTimes(1);
		expect(await asked([expired], { refreshCredentials })).toMatchObject({ outcome: expired, attempts: 2 });
		await asked([refusal("SlowDown"), "here"], { refreshCredentials });
		expect(refreshCredentials).toHaveBeenCalledTimes(2);
	});

	it.each([
		["while it waits", 100],
		["before it asks", 0],
	])("ends at once with the reason of a stop %s", async (_when, afterMs) => {
		const reason = new Error("enough");
		const stop = new AbortController();
		if (afterMs === 0) stop.abort(reason);
		else setTimeout(() => stop.abort(reason), afterMs);
		const busy = refusal("SlowDown", 503, { "retry-after": "45" });
		const ended = await asked([busy], { stop: stop.signal });
		expect(ended).toMatchObject({ outcome: reason, attempts: afterMs === 0 ? 0 : 1, elapsedMs: afterMs });
		expect(vi.getTimerCount()).toBe(0);
	});

	it("ends at once with the reason of a stop while new credentials do not come", async () => {
		const reason = new Error("enough");
		const stop = new AbortController();
		setTimeout(() => stop.abort(reason), 100);
		const refreshCredentials = () => new Promise<never>(() => {});
		const ended = await asked([refusal("ExpiredToken", 400)], { refreshCredentials, stop: stop.signal });
		expect(ended).toMatchObject({ outcome: reason, elapsedMs: 100 });
	});
});
