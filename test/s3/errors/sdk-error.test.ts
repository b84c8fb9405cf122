import { describe, expect, it } from "vitest";
import { readSdkError } from "../../../src/s3/errors/sdk-error.ts";

/** How an error of the SDK looks that came with these headers. */
function refusal(headers: Record<string, string>): Error {
	const error = Object.assign(new Error("slow down"), {
		name: "SlowDown",
		$fault: "server",
		$metadata: { httpStatusCode: 503 },
		$response: { headers, statusCode: 503 },
	});
	return error;
}

describe("readSdkError", () => {
	it.each([
		["seconds", { "retry-after": "7" }, 7_000],
		[
			"a date, by the clock of the server",
			{ "retry-after": "Sun, 22 Nov 2026 04:00:30 GMT", date: "Sun, 22 Nov 2026 04:00:00 GMT" },
			30_000,
		],
		[
			"a date that is over",
			{ "retry-after": "Sun, 22 Nov 2026 03:00:00 GMT", date: "Sun, 22 Nov 2026 04:00:00 GMT" },
			0,
		],
		["nonsense", { "retry-after": "soon" }, undefined],
		["nothing", {}, undefined],
	])("reads Retry-After as %s", (_, headers, waitMs) => {
		expect(readSdkError(refusal(headers)).retryAfterMs).toBe(waitMs);
	});
});
