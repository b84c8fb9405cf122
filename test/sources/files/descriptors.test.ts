import { describe, expect, it } from "vitest";
import { withDescriptor } from "../../../src/sources/files/descriptors.ts";

function outOfDescriptors(): Error {
	return Object.assign(new Error("too many open files"), { code: "EMFILE" });
}

describe("withDescriptor", () => {
	it("makes a call again that found no descriptor", async () => {
		let calls = 0;
		const call = async () => {
			if (++calls === 1) throw outOfDescriptors();
			return "opened";
		};
		expect(await withDescriptor(call)).toBe("opened");
		expect(calls).toBe(2);
	});

	it("waits no longer than its signal says, and lets the next one pass", async () => {
		const reason = new Error("enough");
		const controller = new AbortController();
		const call = () => Promise.reject(outOfDescriptors());
		const waiting = withDescriptor(call, { signal: controller.signal });
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
		expect(await withDescriptor(async () => "opened")).toBe("opened");
	});
});
