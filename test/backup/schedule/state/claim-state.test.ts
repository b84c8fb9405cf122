import { describe, expect, it } from "vitest";
import { LockedError } from "../../../../src/backup/lock/locked-error.ts";
import { claimState } from "../../../../src/backup/schedule/state/claim-state.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const directory = useTempDirectory();
const { signal } = new AbortController();

describe("the claim to a state file", () => {
	it("keeps others away until it is released, and from this file only", async () => {
		const path = directory.path("state.json");
		const claim = await claimState(path, signal);
		const error = await claimState(path, signal).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(LockedError);
		expect(error).toMatchObject({ code: "LOCKED", holder: { pid: process.pid } });
		expect(String(error)).toContain(`another process, ${process.pid}, runs this schedule since 20`);
		const other = await claimState(directory.path("other.json"), signal);
		await claim.release();
		await (await claimState(path, signal)).release();
		await other.release();
	});
});
