import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-codes.ts";
import { ResumableFailure } from "../../src/cli/run-failure.ts";
import { Interrupted } from "../../src/cli/terminal/signals.ts";
import { StorageError } from "../../src/errors.ts";

const KEPT = { type: "upload-kept", uploadId: "id", partCount: 2, size: 10 } as const;
const stop = new Interrupted("SIGINT");

describe("ResumableFailure", () => {
	it("says that nothing was published, if that is what a stop has come to", () => {
		const error = new ResumableFailure(stop, KEPT, { bucket: "b", key: "k" });
		expect(error.message).toMatch(
			/^stopped by SIGINT; nothing was published; the incomplete upload id keeps/,
		);
		expect(exitCodeOf(error)).toBe(130);
	});

	it("does not say so where it could not be found out", () => {
		const outcome = "it is unknown whether the object was published";
		const message = `${stop.message}; ${outcome}`;
		const cause = new StorageError("NETWORK", message, { bucket: "b", key: "k", outcome, cause: stop });
		const error = new ResumableFailure(cause, KEPT, { bucket: "b", key: "k" });
		expect(error.message).toMatch(/^stopped by SIGINT; it is unknown whether the object was published;/);
		expect(error.message).not.toContain("nothing was published");
		expect(exitCodeOf(error)).toBe(130);
	});
});
